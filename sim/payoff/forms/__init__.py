"""The shapes that an interest can have; each file here is one, found by its name."""
