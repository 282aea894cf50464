"""The generated part of models/README.md: two tables of the questions of an area, and its legal bases.

`python -m models.catalogue` prints the tables; with --write it puts them into the README.
"""

import re
import sys
from pathlib import Path

from models import areas
from models.declaration import Area, Kind, Question

README = Path(__file__).parent / "README.md"
KINDS = {
    Kind.CHOICE: "choice", Kind.SCALE: "scale", Kind.COUNT: "whole number", Kind.SHARE: "share",
    Kind.SET: "set", Kind.DATE: "date", Kind.TERM: "outside code",
}  # fmt: skip
HEAD = (
    "| Question | Dansk | Kind | Answers | Source | Known at | Weight | Learned |",
    "|---|---|---|---|---|---|---|---|",
)


TERMS_HEAD = (
    "| Question | Gavn for borgeren | Duty | Law | Used for | Sensitivity | Kept (line) | Quality owner |",
    "|---|---|---|---|---|---|---|---|",
)
LAWS_HEAD = ("| Law | Name | Says |", "|---|---|---|")


def table(area: Area) -> str:
    """The questions of an area, the terms each is held on, and the laws, as Markdown tables."""
    asked = [*HEAD, *(_line(question) for question in area.questions)]
    terms = [*TERMS_HEAD, *(_terms(area, question) for question in (*area.questions, *area.kept_apart))]
    laws = [*LAWS_HEAD, *(f"| `{law.code}` | {law.name} | {law.says} |" for law in area.laws)]
    return "\n".join([*asked, "", *terms, "", *laws])


def _terms(area: Area, question: Question) -> str:
    terms = question.terms
    cells = (
        f"`{question.name}`",
        question.benefit,
        terms.duty.value,
        f"`{terms.law}`",
        ", ".join(sorted(use.value for use in terms.uses)),
        terms.sensitivity.value,
        terms.kept,
        area.owner_of(question),
    )
    return f"| {' | '.join(cells)} |"


def _line(question: Question) -> str:
    cells = (
        f"`{question.name}`",
        question.label,
        KINDS[question.kind],
        _answers(question),
        question.source.value,
        question.known_at.value,
        f"{question.weight:g}",
        "yes" if question.learned else "no",
    )
    return f"| {' | '.join(cells)} |"


def _answers(question: Question) -> str:
    if question.codes:
        return ", ".join(f"`{code}`" for code in question.code_values)
    if question.pattern:
        return f"`{question.pattern}`"
    if question.kind is Kind.SHARE:
        return "0 to 1"
    unit = " days from receipt" if question.kind is Kind.DATE else f" {question.unit}".rstrip()
    return f"{question.low} to {question.high}{unit}"


def refreshed(text: str) -> str:
    """A text with the tables between its markers (<!-- questions: AREA --> and <!-- end -->) written anew."""

    def written(match: re.Match[str]) -> str:
        return f"{match[1]}\n{table(areas.get(match[2]))}\n<!-- end -->"

    return re.sub(r"(<!-- questions: (\w+) -->)\n.*?<!-- end -->", written, text, flags=re.DOTALL)


def main(arguments: list[str]) -> None:
    """Print the README with fresh tables, or write it."""
    fresh = refreshed(README.read_text(encoding="utf-8"))
    if arguments == ["--write"]:
        README.write_text(fresh, encoding="utf-8")
    else:
        print(fresh)


if __name__ == "__main__":
    main(sys.argv[1:])
