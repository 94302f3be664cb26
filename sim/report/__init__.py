"""What a person looks at: what is found put into words, figures and pages, a file a kind of result; the figures of a
run are in `figures/`, templates in `page/`, and `style` and `layout` are what all share."""
