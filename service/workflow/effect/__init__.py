"""How cases went and how long they took: deadlines, effect before and after, and the employees' survey.

Cases and rounds, never people. What is told of cases goes through the suppression of the statistics.
"""
