"""One module a body of data; each has TITLE and checks(data); experiments/validation.py finds them by this folder."""
