"""A file of the model is cut short while a worker searches it: nothing is shown, and the work goes on.

The kernel ends whoever reads what is no longer there (SIGBUS), and no program can answer then. The judgement
was stored before anything was searched, so the next process takes the question again, refuses the file and
says so; and a decision can be made.
"""

import os
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from models.artifact import MAPPED
from models.evidence import Suggester
from service.config import Settings
from service.workflow.model_in_use.shelf import ModelShelf
from tests.soak.caseworker import Caseworker
from tests.soak.crowd import with_a_model
from tests.soak.figures import Figure, share_of
from tests.soak.findings import examine
from tests.soak.gunicorn_hooks import SHELF
from tests.soak.installation import Installation
from tests.soak.serving import serving

TIMES = 50
REFUSED = "Beregningsmodellen kunne ikke åbnes sikkert."
ENDED = "SIGBUS"


class CuttingShelf(ModelShelf):
    """A shelf that cuts the packed codes to nothing once they are checked, before they are searched."""

    def __init__(self) -> None:
        super().__init__(Settings.from_environment().models)

    def suggester(self, version: str, manifest_hash: str) -> Suggester:
        """What was checked, over a file that is no longer there."""
        found = super().suggester(version, manifest_hash)
        os.truncate(self.path(version) / MAPPED["codes"], 0)
        return found


@dataclass(frozen=True)
class Cut:
    """What came of one cut: whether a worker was ended, what her page said, and whether all went on."""

    ended: bool
    told: bool
    decided: bool
    clean: bool

    @property
    def met(self) -> bool:
        """Whether it was as promised."""
        return self.ended and self.told and self.decided and self.clean


def cut_short(at: Installation, key: str) -> Cut:
    """Judge a case while the file is cut, look at what is told, and decide."""
    codes = next(at.settings.models.glob(f"*/{MAPPED['codes']}"))
    whole = codes.read_bytes()
    case = at.receive("alma", key)
    try:
        with serving(at, 1, **{SHELF: "tests.soak.cut_short:CuttingShelf"}) as served:
            alma = Caseworker("alma", served.port, Random(140))
            alma.sign_in()
            alma.judge(case)  # sent again when it got no answer, as she would
            page = alma.insist("GET", f"/sag/{case}/grundlag", None, 200).page
            alma.decide(case)
            output = served.output.read_text()
    finally:
        codes.write_bytes(whole)
    return Cut(
        ended=alma.book.statuses[0] > 0 and ENDED in output,
        told=REFUSED in page and 'id="lignende-sager"' not in page,
        decided=len(alma.book.acknowledged) == 1,
        clean=examine(at.engine, [alma.book]).clean,
    )


def measure(share: float) -> list[Figure]:
    """The figure, on SQLite."""
    times = share_of(TIMES, share, 3)
    with tempfile.TemporaryDirectory() as folder:
        at = with_a_model(Path(folder))
        came = [cut_short(at, f"cut-{number}") for number in range(times)]
        at.close()
    counted = Counter(name for each in came for name, held in vars(each).items() if held)
    return [
        Figure(
            "a file of the model cut to nothing in the middle of a search",
            "SQLite",
            f"{times} times, {counted['ended']} workers ended by the kernel",
            f"told plainly {counted['told']} times, decided after {counted['decided']} times",
            "nothing shown, told plainly, and a decision after, every time",
            all(each.met for each in came),
        )
    ]
