"""The chapter of a report on which facts are used, what each adds, and how few would do."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from models.artifact import Artifact
from training.proportion import ALL

Table = Callable[[Sequence[str], Sequence[Sequence[str]]], str]
HEAD = "<h2>Hvad hver oplysning giver</h2>"


def proportion_chapter(artifact: Artifact, table: Table) -> str:
    """Every fact with what is lost without it, how few facts would do, and how the version does with them."""
    told, book = artifact.evaluation.get("proportion"), artifact.codebook
    if told is None:
        return (
            HEAD + "<p>Det er ikke målt: der er for få sager til at se det. "
            f"Modellen bruger alle {len(book.names)} oplysninger, den må lære af.</p>"
        )
    label = {question.name: question.label for question in artifact.area.learned}
    asked = artifact.manifest.config.get("facts", ALL)
    may_go = sum(each["may_go"] for each in told["facts"])
    return (
        HEAD
        + _used(artifact, told, label, whole=asked == ALL)
        + _beside(told.get("beside_all"))
        + "<h3>De oplysninger, modellen bruger</h3>"
        "<p>En logistisk model er tilpasset uden én oplysning ad gangen, "
        f"af op til {told['learned_from']} sager, og målt på {told['measured_on']} sager efter dem. "
        "Alle ligger før de senere sager, som modellen selv er målt på. "
        "Tallet er, hvor meget større log-tabet bliver uden oplysningen, når de andre i tabellen er "
        f"med. For {may_go} af {len(told['facts'])} kan det ikke ses, at de giver noget ud over de andre. "
        "De bør kun bruges, hvis nogen har besluttet det af en faglig grund.</p>"
        + _facts(told["facts"], label, table)
        + _left_out(told, label, table)
        + "<h3>Hvor få der er nok</h3>"
        "<p>De oplysninger, der giver mest, brugt alene, og hvor langt modellen så er efter den med alle. "
        f"Inden for én standardfejl af alle er {len(told['smallest'])}: "
        f"{_named(told['smallest'], label)}.</p>"
        + table(
            ("Oplysninger", "Efter alle"),
            [(str(each["facts"]), _with_error(**each["behind_all"])) for each in told["sets"]],
        )
    )


def _used(artifact: Artifact, told: Mapping[str, Any], label: Mapping[str, str], *, whole: bool) -> str:
    book = artifact.codebook
    if whole:
        return f"<p>Modellen bruger alle {len(book.names)} oplysninger. Det blev der bedt om.</p>"
    always, kept = told.get("always", ()), told.get("kept", ())
    count = f"{len(book.names)} af {len(artifact.area.learned)}"
    fewest = "de færreste, der ikke kan ses at gøre det dårligere end alle."
    sentences = [f"Modellen bruger {count} oplysninger: {fewest}",
                 "De er valgt uden at se på de senere sager."]  # fmt: skip
    if always:
        sentences.append(f"Altid med, fordi sager sammenlignes ved dem: {_named(always, label)}.")
    if kept:
        sentences.append(f"Med, fordi nogen har bedt om det: {_named(kept, label)}.")
    return f"<p>{' '.join(sentences)}</p>"


def _beside(found: Mapping[str, Any] | None) -> str:
    """How the version does beside one with all facts, on the later cases."""
    if found is None:
        return ""
    behind = found["behind"]
    clear = abs(behind["value"]) > behind["standard_error"]
    worse = "dårligere" if behind["value"] > 0 else "bedre"
    word = f"lidt {worse} end" if clear else "ikke klart anderledes end"
    if abs(behind["value"]) > 2 * behind["standard_error"]:
        word = f"{worse} end"
    return (
        f"<p>På {found['measured_on']} senere sager er den {word} den samme slags model med alle "
        f"{found['all']} oplysninger. Forskellen i log-tab er {_with_error(**behind)}; "
        "plus er dårligere.</p>"
    )


def _left_out(told: Mapping[str, Any], label: Mapping[str, str], table: Table) -> str:
    if not told.get("left_out"):
        return ""
    return (
        "<h3>De oplysninger, modellen ikke bruger</h3>"
        "<p>Tallet er, hvor meget større log-tabet bliver uden oplysningen, når alle de andre er med.</p>"
        + _facts(told["left_out"], label, table)
    )


def _facts(facts: Sequence[Mapping[str, Any]], label: Mapping[str, str], table: Table) -> str:
    rows = [
        (
            label[each["name"]],
            _nats(each["adds"]["value"]),
            " til ".join(map(_nats, each["interval"])),
            "kan ikke ses" if each["may_go"] else "",
        )
        for each in facts
    ]
    return table(("Oplysning", "Uden den", "95 %-interval", "Bidrag"), rows)


def _named(names: Sequence[str], label: Mapping[str, str]) -> str:
    return ", ".join(escape(label[name]) for name in names)


def _with_error(value: float, standard_error: float) -> str:
    return f"{_nats(value)} ± {standard_error:.4f}".replace(".", ",")


def _nats(value: float) -> str:
    return f"{value:+.4f}".replace(".", ",").replace("-", "−")
