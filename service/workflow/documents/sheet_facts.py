"""The questions that a datasheet asks, each with words, with where it is told, or with who answers it."""

from collections.abc import Iterator, Mapping, Sequence

from service.workflow.documents.facts import Cell, Fact
from service.workflow.documents.written_facts import by, written

QUESTIONS, HEAD = "questions", ("Spørgsmål", "Svar")
LABEL = "Spørgsmål og svar"


def sheet_facts(known: Sequence[Fact]) -> Iterator[Fact]:
    """One fact for each part of the datasheet; KeyError for an answer of a fact that nobody gathered."""
    labels = {fact.key: fact.label for fact in known}
    for part, asked in written(QUESTIONS).items():
        if isinstance(asked, dict):
            rows: tuple[tuple[Cell, ...], ...] = tuple(
                (question, _answer(each, labels)) for question, each in asked.items() if "hvem" not in each
            )
            missing = tuple(
                f"{question} Det besvares af {each['hvem']}."
                for question, each in asked.items()
                if "hvem" in each
            )
            yield Fact(f"sheet.{part}", LABEL, by(QUESTIONS), head=HEAD, rows=rows, missing=missing)


def _answer(each: Mapping[str, object], labels: Mapping[str, str]) -> str:
    """The words, and under which headings of the document more is told."""
    keys = each.get("fakta", ())
    told = [f"»{labels[key]}«" for key in keys] if isinstance(keys, list) else []
    where = f"Se {' og '.join(told)}." if told else ""
    return " ".join(filter(None, (str(each.get("svar", "")), where)))
