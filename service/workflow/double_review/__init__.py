"""*Skønsprøve*: each quarter some cases are drawn by lot, and a colleague judges them again, blind.

She sees the facts that the first judgement read, and neither it nor the evidence nor the decision until she
has judged. How far the two agree says how much room the guideline leaves; it says nothing of any person.
"""

from service.workflow.double_review.blind import BlindCase, SeenBefore, judge, open_blind, queue
from service.workflow.double_review.lots import choose, draw, newest_quarter
from service.workflow.double_review.results import Agreement, Progress, agreement, pairs, progress, told_pairs

__all__ = [
    "Agreement", "BlindCase", "Progress", "SeenBefore", "agreement", "choose", "draw", "judge",
    "newest_quarter", "open_blind", "pairs", "progress", "queue", "told_pairs",
]  # fmt: skip
