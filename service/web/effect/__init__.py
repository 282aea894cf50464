"""Deadlines, effect and the employees' survey: cases and rounds, never people."""
