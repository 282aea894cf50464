"""Case-work: what may follow what, and what is written when it does. Knows no Flask, owns the transaction.

The path of a case is the order of the rooms:

    intake -> assessment -> suggestion -> decision -> statistics

A room imports only rooms before it. What one may do in a room stands in its `__init__`; its other modules are
what that rests on. Beside the rooms lie `case_file` and `caseload` (what exists about a case, and whose turn
it is), and what a case meets on the way: `delivery`, `letter`, `model_in_use`, `governance`, `registers`,
`oversight`, `log_control`, `erasure`, `retention`, `export`.
"""

ROOMS = ("intake", "assessment", "suggestion", "decision", "statistics")
"""The rooms, in the order in which a case meets them."""
