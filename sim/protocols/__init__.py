"""A table's rules: who proposes at each meeting. Each file here is one protocol, found by its name."""
