"""What is drawn: numbers for the attributes of SVG, without a word and without style."""
