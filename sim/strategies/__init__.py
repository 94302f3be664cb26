"""How an actor decides at a table. Each file here is one strategy, found by its name."""
