"""The yearly report: what the log and the registers say about a year, and nothing they do not say.

`sources` gathers, `sections` puts it in order and in words, `document` makes the one JSON document that
every other form is rendered from. What is missing is said to be missing.
"""
