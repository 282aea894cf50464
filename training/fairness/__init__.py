"""Do suggestion, own judgement, decision and outcome fall alike on groups of citizens with the same need?

One family of tests is laid down beforehand: under-suggestion by each protected attribute (`primary`). All
else is looked at and called exploratory. A group of under 20 is never called fine, an attribute that is
missing is never called fine, and where nothing was found it is said how large a difference would have been.
"""
