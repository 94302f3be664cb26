"""A scenario with every key of the language that a table, an event or a stock may have, to load and to break."""

EVERY = """\
title: Everything at once
period: month
horizon: 24
actors:
  US: {discount: 0.97}
  RUS:
    discount: {uniform: {low: 0.97, high: 0.99}}
    types:
      aims:
        settle: {probability: 0.7}
        win:    {probability: 0.3, scale: {war: -0.6}, assumption: gains by fighting}
      cost: {points: 3, scale: {war: {uniform: {low: 0, high: 1}}}, assumption: privately known}
  DPRK: {discount: 0.98}
  CHN: {discount: 0.98, tolerance: 0.1}
  ROK: {discount: 0.98}
  A: {discount: 0.9, resolve: 0}
  D:
    discount: 0.9
    resolve: 0
    types:
      will:
        weak:   {probability: 0.6}
        strong: {probability: 0.4, scale: {prize: 2}, assumption: a textbook's types}
issues:
  ceasefire: {levels: {none: 0, energy_only: 0.3, general: 1}, start: none}
  troops: {levels: {at_the_front: 0, in_reserve: 0.5, home: 1}, start: at_the_front}
  admitted: {levels: {no: 0, yes: 1}, start: no, irreversible: true}
  munitions: {levels: {none: 0, some: 0.5, many: 1}, start: none}
  technology: {levels: {none: 0, some: 0.5, much: 1}, start: none}
  aid: {levels: {none: 0, some: 0.5, much: 1}, start: none}
  arms_control: {levels: {none: 0, freeze: 1}, start: none}
  seat: {levels: {from: 0, to: 1, steps: 5}, start: 0}
  border: {levels: {closed: 0, open: 1}, start: closed, irreversible: true}
  prize: {levels: {from: 0, to: 1, steps: 11}, start: 0}
stocks:
  front:
    start: 0.4
    change:
      - {by: {normal: {mean: -0.02, sd: 0.03}}, when: {ceasefire: none}, assumption: it moves}
      - {by_type: {actor: RUS, type: aims, by: {settle: 0, win: {normal: {mean: -0.05, sd: 0.02}}}}, claims: [P1]}
interests:
  US: [{term: peace, form: linear, of: ceasefire, weight: 1, claims: [P23]}]
  RUS: [{term: war, form: linear, of: ceasefire, weight: 1, claims: [P1]}]
  DPRK: [{term: aid, form: linear, of: aid, weight: 1, claims: [P10]}]
  A: [{term: prize, form: linear, of: prize, weight: -1, assumption: a textbook's game}]
  D: [{term: prize, form: linear, of: prize, weight: 1, assumption: a textbook's game}]
tables:
  talks:
    parties: [US, RUS]
    protocol: {alternating_offers: {first: US}}
    agenda: [ceasefire, troops, admitted]
    forbid: [{when: {troops: {at_least: in_reserve}, admitted: no}, claims: [P3]}]
    renege: {RUS: {sets: {ceasefire: none}, penalty: 0.1, assumption: the price of breaking one's word}}
    breakdown: {hazard: {along: front, at_low: 0.05, at_high: 0.01}, sets: {ceasefire: none}, assumption: it can fail}
    reopens: true
    foresees: [us_dprk, arms]
  arms:
    parties: [RUS, DPRK]
    protocol: {salami: {demands: DPRK, step: 1}}
    agenda: [munitions, technology, aid]
    lapses: {munitions: 3, aid: 3}
    consent: {CHN: {on: [technology], claims: [D12]}, US: {on: [aid], assumption: it is asked}}
    secret: {revealed: {hazard: 0.15}, claims: [D13]}
  us_dprk:
    parties: [US, DPRK]
    protocol: {ultimatum: {by: US}}
    agenda: [arms_control]
    opens: {when: {ceasefire: general}, claims: [P5]}
    renege: {DPRK: {sets: {arms_control: none}, assumption: it may}}
    guarantor: {by: RUS, penalty: 0.2, claims: [P7]}
    mediator: {by: RUS, accuracy: 0.8, claims: [P5]}
    strategies: {DPRK: {concession: {beta: 0.5}}, US: lookahead}
  council:
    parties: [US, RUS, ROK]
    protocol: {random: {US: 0.5, RUS: 0.3, ROK: 0.2}}
    assent: {quota: 3, weights: {US: 2}, veto: [RUS]}
    agenda: [seat]
  gate:
    parties: [DPRK, ROK]
    protocol: simultaneous
    assent: all
    agenda: [border]
    mediator: {by: US, accuracy: 0.9, about: {actor: DPRK}, assumption: it watches}
    strategies: {ROK: {stubborn: {demand: 0.5}}, DPRK: {scripted: {puts: [{border: open}], accepts: {border: open}}}}
  screening:
    parties: [A, D]
    protocol: {ultimatum: {by: A}}
    agenda: [prize]
    deadline: 2
    breakdown: {hazard: 0.1, assumption: a textbook's game}
    beliefs: grid
events:
  warning:
    hazard: {along: front, at_low: 0.3, at_high: 0}
    when: {technology: {at_least: some}}
    sets: {arms_control: none}
    claims: [A6]
  parade: {at: 3, signals: {actor: RUS, type: aims, likelihood: {settle: 0.2, win: 0.8}}, claims: [K5]}
  audit: {at: 4, signals: {actor: RUS, type: cost, likelihood: {1: 0.2, 2: 0.3, 3: 0.4}}, assumption: books are seen}
  summit:
    at: 5
    signals: {actor: DPRK, resolve: {below_median: 0.3, above_median: 0.6}, table: us_dprk}
    claims: [K5]
  rumour: {hazard: 0.2, signals: {actor: A, resolve: {below_median: 0.3, above_median: 0.6}}, assumption: one table}
outcomes:
  ceasefire: {ceasefire: general}
report: [front, US]
"""
