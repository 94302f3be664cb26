"""A seat at the table: people take actors in one world, the model plays the rest, by the very same engine.

A game is a pure function of the scenario, its draws and the decisions so far (`sim.seat.game.Game`): whoever shows it
asks for its state, which is a question to a seat or the end, and adds a decision. Undo drops the last one.
"""
