"""Pages that people use: the class demo."""
