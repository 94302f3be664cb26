"""A small valid scenario with a bit of everything, to break in tests."""

VALID = """\
title: A test
period: month
horizon: 12
actors:
  A:
    discount: 0.9
    resolve: 0.1
    types:
      aims:
        settle: {probability: 0.7}
        win:    {probability: 0.3, scale: {war: -0.5}, assumption: one gains by fighting}
  B: {discount: {uniform: {low: 0.9, high: 0.95}}}
  C: {discount: 0.9}
issues:
  peace: {levels: {none: 0, part: 0.5, full: 1}, start: none}
  owned: {levels: {no: 0, yes: 1}, start: no}
  grid: {levels: {from: 0, to: 1, steps: 50000}, start: 0}
stocks:
  front:
    start: 0.4
    range: [0, 1]
    change:
      - {by: -0.1, when: {peace: {below: full}}, claims: [P1]}
interests:
  A:
    - {term: war, form: linear, of: peace, weight: 1, claims: [P1, P2]}
    - {term: face, form: linear, of: owned, weight: -0.1, assumption: pride}
  B:
    - term: land
      form: product
      of: [peace, front]
      weight: {triangular: {low: -1, mode: -0.5, high: 0}}
      claims: [P3]
tables:
  talks:
    parties: [A, B]
    protocol: {alternating_offers: {first: A}}
    agenda: [peace, owned]
    require: {peace: [part, full]}
    breakdown: {hazard: 0.02, sets: {peace: none}, assumption: talks can fail}
outcomes:
  peace: {peace: full}
  first: {ever: {front: {below: 0.1}}, before: {peace: full}}
report: [peace, front, A]
"""
