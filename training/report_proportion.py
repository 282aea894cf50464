"""The chapter of a report on what each fact adds, so that none is used that cannot be seen to."""

from collections.abc import Callable, Sequence
from html import escape

from models.artifact import Artifact

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]


def proportion_chapter(artifact: Artifact, table: Table) -> str:
    """Every fact with what is lost without it, and how few facts would do."""
    told, area = artifact.evaluation.get("proportion"), artifact.area
    if told is None:
        return "<h2>Hvad hver oplysning giver</h2><p>Det er ikke målt: der er for få sager til at se det.</p>"
    label = {question.name: question.label for question in area.learned}
    rows = [
        (
            label[each["name"]],
            _nats(each["adds"]["value"]),
            " til ".join(map(_nats, each["interval"])),
            "kan ikke ses" if each["may_go"] else "",
        )
        for each in told["facts"]
    ]
    sets = [(str(each["facts"]), _with_error(**each["behind_all"])) for each in told["sets"]]
    may_go = sum(each["may_go"] for each in told["facts"])
    fewest = ", ".join(escape(label[name]) for name in told["smallest"])
    return (
        "<h2>Hvad hver oplysning giver</h2>"
        "<p>Modellen er tilpasset igen uden én oplysning ad gangen, af "
        f"{told['learned_from']} sager, og målt på {told['measured_on']} senere. "
        "Tallet er, hvor meget større log-tabet bliver uden oplysningen. "
        f"For {may_go} af {len(rows)} kan det ikke ses, at de giver noget ud over de andre. "
        "De bør kun bruges, hvis nogen har besluttet det af en faglig grund.</p>"
        + table(("Oplysning", "Uden den", "95 %-interval", "Bidrag"), rows)
        + "<h3>Hvor få der er nok</h3>"
        "<p>De oplysninger, der giver mest, brugt alene, og hvor langt modellen så er efter den med alle. "
        f"Inden for én standardfejl af alle er de {len(told['smallest'])}: {fewest}.</p>"
        + table(("Oplysninger", "Efter alle"), sets)
    )


def _with_error(value: float, standard_error: float) -> str:
    return f"{_nats(value)} ± {standard_error:.4f}".replace(".", ",")


def _nats(value: float) -> str:
    return f"{value:+.4f}".replace(".", ",").replace("-", "−")
