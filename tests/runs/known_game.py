"""A game whose answer is known by construction: B signs where its cost, uniform on [0, 1], is below the help."""

from __future__ import annotations

GAME = """\
title: Built to be known
assumption: a test
period: round
horizon: 1
normalise: false
actors: {A: {discount: 0.5, resolve: 0}, B: {discount: 0.5, resolve: 0}}
issues: {deal: {levels: {no: 0, yes: 1}, start: no}}
interests:
  A: [{term: wants, form: linear, of: deal, weight: 1}]
  B:
    - {term: cost, form: linear, of: deal, weight: {uniform: {low: -1, high: 0}}}
    - {term: help, form: linear, of: deal, weight: 0.25}
tables: {talks: {parties: [A, B], protocol: {ultimatum: {by: A}}, agenda: [deal], deadline: 1}}
outcomes: {agreed: {deal: yes}}
"""
