"""A made-up municipality at work: people to sign in as, and a quarter of casework.

It is played through the same workflow that people use.

Synthetic cases only. Nothing outside this package knows of it.
"""
