"""A thousand at once: every one of them gets the evidence or a plain page, and a decision can be made after.

Half send the same judgement at the same moment, as a thousand double clicks would; half read the evidence of
a case that is judged already. One judgement and one answer must come of the first, and the pages of the
second must be the same for all.
"""

import hashlib
import re
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from threading import Barrier

from sqlalchemy import func, select

from models import areas, artifact
from service.clock import utc_now
from service.database import reading
from service.tables.assessment import Assessment
from service.tables.suggestion import Suggestion
from tests.builders import READ, an_admission
from tests.soak.caseworker import Answer, Browser, Caseworker
from tests.soak.figures import Figure, share_of
from tests.soak.findings import examine
from tests.soak.gunicorn_hooks import OWN, SHELF
from tests.soak.installation import Installation, install
from tests.soak.serving import serving
from training.dataset import read_cases
from training.synthesize import Order, synthesize
from training.train import Settings, train

CROWD = 1000
EARLIER_CASES = 1500
PATIENCE = 120.0
"""Seconds that each of them waits for an answer."""
FRAGMENT = re.compile(r'<div class="basis">.*?</section>\s*</div>', re.DOTALL)


@dataclass(frozen=True)
class Crowded:
    """What came of it: answers by status, how many were neither the page nor plain, and what was stored."""

    statuses: Counter[int]
    unclear: int
    fragments: int
    judgements: int
    answers: int
    shown: int
    decided: bool
    clean: bool

    @property
    def met(self) -> bool:
        """Whether all were answered clearly, one judgement and one answer were stored, and work goes on."""
        once = self.judgements == self.answers == self.shown == 1
        return self.unclear == 0 and self.fragments == 1 and once and self.decided and self.clean


def crowd(at: Installation, size: int) -> Crowded:
    """Send so many requests at one moment to a service with two workers."""
    read, judged = (at.receive("alma", key) for key in ("read", "judged"))
    with serving(at, **{SHELF: OWN}) as served:
        alma = Caseworker("alma", served.port, Random(140))
        alma.sign_in()
        alma.judge(read)
        form = alma.insist("GET", f"/sag/{judged}", None, 200).hidden
        said = {f"oplysning.{name}": value for name, value in READ.items()}
        form |= {**said, "valg": "basal", "sikkerhed": "sikker"}
        answers = _at_once(size, alma.browser, read, judged, form)
        alma.decide(judged)
        alma.decide(read)
    pages = [answer for answer in answers if answer.status == 200]
    known = sum(answer.status in (200, 303) or answer.is_plain for answer in answers)
    with reading(at.engine) as session:
        of_case = (select(func.count()).where(table.case_id == judged) for table in (Assessment, Suggestion))
        judgements, stored = (session.execute(each).scalar_one() for each in of_case)
        shown = select(func.count()).where(Suggestion.case_id == judged, Suggestion.outcome == "shown")
        evidence = session.execute(shown).scalar_one()
    return Crowded(
        statuses=Counter(answer.status for answer in answers),
        unclear=len(answers) - known,
        fragments=len({_fragment(page) for page in pages}),
        judgements=judgements,
        answers=stored,
        shown=evidence,
        decided=len(alma.book.acknowledged) == 2,
        clean=examine(at.engine, [alma.book]).clean,
    )


def _at_once(size: int, alma: Browser, read: str, judged: str, form: dict[str, str]) -> list[Answer]:
    """Everybody waits for the last one to be ready; each has a connection of her own, and patience."""
    ready = Barrier(size)

    def one(number: int) -> Answer:
        mine = Browser(alma.port, timeout=PATIENCE)
        mine.cookie, mine.token = alma.cookie, alma.token
        ready.wait()
        if number % 2:
            return mine.get(f"/sag/{read}/grundlag")
        return mine.post(f"/sag/{judged}/vurdering", form)

    with ThreadPoolExecutor(size) as everybody:
        return list(everybody.map(one, range(size)))


def _fragment(page: Answer) -> str:
    """A fingerprint of the evidence on a page; tokens and keys, which differ, lie outside it."""
    found = FRAGMENT.search(page.page)
    return hashlib.sha256(found[0].encode()).hexdigest() if found else "none"


def with_a_model(folder: Path) -> Installation:
    """An installation with a model that was trained on an invented municipality."""
    at = install(folder)
    area, files = areas.get("genoptraening"), folder / "files"
    synthesize(Order(area, EARLIER_CASES, 11, date(2026, 6, 1), referrals=5, reports=5), files)
    made = train(read_cases(area, (files / "history.csv",)), Settings(seed=11)).artifact
    named = replace(made, manifest=replace(made.manifest, version="v1"))
    digest = artifact.save(named, at.settings.models / "v1")
    an_admission(at.engine, at.cast.dan, "v1", digest, utc_now())
    return at


def measure(share: float) -> list[Figure]:
    """The figure, on SQLite: one file, and two workers that wait for each other."""
    size = share_of(CROWD, share, 50)
    with tempfile.TemporaryDirectory() as folder:
        at = with_a_model(Path(folder))
        came = crowd(at, size)
        at.close()
    told = ", ".join(
        f"{count} times {status or 'no answer'}" for status, count in sorted(came.statuses.items())
    )
    return [
        Figure(
            f"{size} requests at one moment, half of them the same judgement",
            "SQLite",
            told,
            f"{came.unclear} without a clear answer; {came.judgements} judgement, {came.answers} answer, "
            f"{came.fragments} evidence; decided after: {'yes' if came.decided else 'no'}",
            "all answered clearly, one of each, and a decision after",
            came.met,
        )
    ]
