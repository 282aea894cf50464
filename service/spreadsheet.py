"""What a spreadsheet program would run when it opens a table, made into text."""

import re

FORMULA = re.compile(
    "[\\s\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}\N{SOFT HYPHEN}]*"
    "[-=+@\N{MINUS SIGN}"
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}]"
    "|[\t\r\n]"
)
"""How a formula may begin: behind blanks, which some programs drop, and in the wide letters that some take
for the narrow ones. A tab or a line break at the front could open a cell or a line of its own."""


def harmless(cell: str) -> str:
    """The cell, with an apostrophe before anything that some program would take for a formula."""
    return f"'{cell}" if FORMULA.match(cell) else cell
