"""Plausible levels and shares on a time split of a large invented municipality: as often right as they say.

A model learns from the first four fifths; reach and curves are fitted on the first half of what came later,
and everything is counted on the second half.
"""

import tempfile
from datetime import date
from pathlib import Path

from models import areas
from models.uncertainty import raw_shares
from tests.soak.figures import Figure, share_of
from training.candidates import fit_candidate
from training.codebook import RARE, fit_codebook
from training.dataset import read_cases
from training.labelled import Labelled, labelled
from training.measures import calibration, calibration_error
from training.select import split_in_time
from training.synthesize import Order, synthesize
from training.uncertainty import Held, cost_of, coverage, fit_uncertainty, held_out, margin_of, margins

CASES = 60_000
KINDS = ("logistic", "additive")
BAND, FIT = 0.01, 0.02
AS_OF, SEED = date(2026, 6, 30), 77


def measure(share: float) -> list[Figure]:
    """Coverage within a percentage point, shares within two, and what silence about close calls costs."""
    known = _invented(share_of(CASES, share, 4000))
    split = split_in_time(known)
    book = fit_codebook(split.learned, RARE)
    learned, later = (
        book.encode_many(part.values(), part.received_on()) for part in (split.learned, split.tested)
    )
    figures = []
    for kind in KINDS:
        tables = fit_candidate(kind, book, learned, split.learned.level, SEED).tables
        held = held_out(tables.scores(later), split.tested.level)
        figures += _figures(kind, held, f"{len(split.learned)} learned, {len(held.checked_level)} checked")
    return figures


def _invented(cases: int) -> Labelled:
    area = areas.get("genoptraening")
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        synthesize(Order(area, cases, SEED, AS_OF, referrals=10, reports=5), files)
        return labelled(area, read_cases(area, (files / "history.csv",)).cases)[0]


def _figures(kind: str, held: Held, size: str) -> list[Figure]:
    known, _ = fit_uncertainty(held)
    found = coverage(known, held.checked_scores, held.checked_level)
    levels = ", ".join(f"{each['covered']:.3f}" for each in found["levels"])
    shares = known.shares(held.checked_scores)
    before, after = (
        calibration_error(calibration(each, held.checked_level))
        for each in (raw_shares(held.checked_scores), shares)
    )
    margin, _ = margin_of(known, held)
    cost = cost_of(margins(shares) < margin, shares, held.checked_level)
    withheld, shown = (cost[part]["agreement"] or 0.0 for part in ("withheld", "shown"))
    return [
        Figure(f"the human's level among the plausible, {kind}", "–", size,
               f"{found['covered']:.3f}, per level {levels}; several plausible in "
               f"{found['several_plausible']:.2f}",
               f"{found['nominal']} ± {BAND}", abs(found["covered"] - found["nominal"]) <= BAND),
        Figure(f"share beside what was so, {kind} ({known.method})", "–", size,
               f"{after:.4f} apart in the mean ({before:.4f} before)", f"under {FIT}", after < FIT),
        Figure(f"levels closer than {margin} withheld, {kind}", "–", size,
               f"{cost['share_withheld']:.3f} of the cases; called as the human did {withheld:.3f} of those, "
               f"{shown:.3f} of the rest", "fewer called right than of the rest", withheld < shown),
    ]  # fmt: skip
