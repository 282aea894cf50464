"""What is wrong with something that came in, said in one line: file, place, field, reason, what was found."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from service.cpr import masked

LONGEST_SHOWN = 60
NOTHING = "ingenting"
CPR_REASON = "er ikke ti tegn, der begynder med en mulig dato"


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a file, a row or a resource out.

    `where` is the place inside the file ("række 12", "ServiceRequest/152a…", "filen"). `reason` is Danish.
    """

    where: str
    field: str
    reason: str
    found: str
    file: str = ""

    def line(self) -> str:
        """The problem as the one line that a person reads."""
        return f"{self.file}: {self.where}: {self.field}: {self.reason} (fandt {self.found})"

    def cells(self) -> dict[str, str]:
        """The problem as one row of the rejects file."""
        cells = asdict(self)
        return {"file": cells.pop("file"), **cells}

    def at(self, file: str) -> "Problem":
        """The same problem, in a named file."""
        return replace(self, file=file)


class Refused(ValueError):
    """Something that came in is not taken in; every problem that was found is listed."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.where}: {problem.field}" for problem in self.problems))


def refuse(where: str, field: str, reason: str, found: object) -> Refused:
    """A refusal with one problem."""
    return Refused([Problem(where, field, reason, shown(found))])


def shown(value: object) -> str:
    """A value on one short line; anything that looks like a CPR number is masked."""
    if value is None or value == "":
        return NOTHING
    text = value if isinstance(value, str) else repr(value)
    text = masked(" ".join(text.split()))
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
