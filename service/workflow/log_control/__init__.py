"""Routine control of the access log: look-ups are drawn by rule and at random, and a person looks at each.

It is drawn whether or not anybody is suspected of anything. What is drawn is an entry, so nobody can draw
until a nicer sample comes; who looked and what was found are entries too.
"""

from service.workflow.log_control.draw import choose, draw
from service.workflow.log_control.look_ups import LookUp
from service.workflow.log_control.overview import Overview, Tally, overview, states_of, tally_of
from service.workflow.log_control.reviews import OwnLookUp, review, reviews_of

__all__ = [
    "LookUp", "Overview", "OwnLookUp", "Tally", "choose", "draw", "overview", "review", "reviews_of",
    "states_of", "tally_of",
]  # fmt: skip
