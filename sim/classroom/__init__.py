"""A game on pages: one server on this machine, a browser or several, each with its seats; the model plays the others.

`room` says who holds which seat and what each may do, apart from any server; `pages` shows it, `guard` decides who is
answered at all, `hall` keeps the room and its record, `server` is the rest.
"""
