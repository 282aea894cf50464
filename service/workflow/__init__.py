"""Case-work: what may follow what, and what is written when it does. Knows no Flask, owns the transaction.

The path of a case is the order of the rooms:

    intake -> assessment -> suggestion -> decision -> statistics

A room imports only rooms before it. Beside the rooms lie `case_file` and `caseload` (what exists about
a case, and whose turn it is), `drafts`, `consultation`, `delivery`, `governance`, `receipt` and `export`.
"""

ROOMS = ("intake", "assessment", "suggestion", "decision", "statistics")
"""The rooms, in the order in which a case meets them."""
