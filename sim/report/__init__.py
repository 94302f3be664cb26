"""What a person looks at: figures, one a file in `figures/`, and the style they share."""
