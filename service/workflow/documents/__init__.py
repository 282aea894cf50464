"""The documents that a public authority owes about the system: generated, never typed.

`gather` reads what is known in one go, as facts (`facts`). Each document is a declaration (`declared/`) that
names facts and holds none, so that a number is the same wherever it stands. What is not known reads MANGLER.
"""
