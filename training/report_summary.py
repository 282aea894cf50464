"""The top of a report: what one must know of a version before anything else, and where the rest stands."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from models.artifact import Artifact
from models.given_away import MOST_TOLD
from models.promotion import FAILED, PASSED, TOO_LITTLE, verdict
from training.danish_numbers import percent
from training.measures import Z95

STATUS = {
    PASSED: "Prøven for skævhed er bestået.",
    TOO_LITTLE: "Utilstrækkeligt belyst: med borgere vises kun overblikket, aldrig en overskrift.",
    FAILED: "Nej. Prøven for skævhed er ikke bestået.",
}
_HEADING = re.compile(r"<h2>(.*?)</h2>")


def summary(artifact: Artifact, audit: Mapping[str, Any] | None) -> str:
    """Five lines: may it be used, how often is it right, is it better, how sure is it, whom it tells of."""
    told = artifact.evaluation
    lines = [
        ("Må den bruges?", _may_be_used(audit, told)),
        ("Samme niveau som mennesket", _right(told["chosen"])),
        ("Mod den, der var i brug", _beside(told["against"])),
        ("Hvor sikker den er", _sure(told)),
        ("Røber den nogen?", _known(told.get("privacy"))),
    ]
    rows = "".join(f'<tr><th scope="row">{name}</th><td>{words}</td></tr>' for name, words in lines)
    return f'<h2>Kort fortalt</h2><table class="short"><tbody>{rows}</tbody></table>'


def with_contents(top: str, chapters: Sequence[str]) -> str:
    """The page: its top, a list of the chapters to go to, and the chapters."""
    names: list[str] = []

    def named(found: re.Match[str]) -> str:
        names.append(found[1])
        return f'<h2 id="afsnit-{len(names)}">{found[1]}</h2>'

    body = _HEADING.sub(named, "".join(chapters))
    links = "".join(
        f'<li><a href="#afsnit-{place}">{name}</a></li>' for place, name in enumerate(names, start=1)
    )
    return f'{top}<nav aria-label="Indhold"><ol>{links}</ol></nav>{body}'


def _may_be_used(audit: Mapping[str, Any] | None, told: Mapping[str, Any]) -> str:
    if audit is None:
        return "Nej. Den er ikke prøvet for skævhed endnu: skoen model audit."
    said = verdict(audit, told)
    why = "".join(f"<li>{escape(str(each))}</li>" for each in (*said.findings, *said.doubts))
    return STATUS[said.status] + (
        f"<ul>{why}</ul>" if why else " Resten afgør registrene og den, der godkender."
    )


def _right(chosen: Mapping[str, Any]) -> str:
    accuracy = chosen["accuracy"]
    half = Z95 * accuracy["standard_error"]
    low, high = max(accuracy["value"] - half, 0.0), min(accuracy["value"] + half, 1.0)
    return (
        f"{percent(accuracy['value'])} af {chosen['n']} senere sager "
        f"(95 %-interval {percent(low)}–{percent(high)}). "
        "At de er forskellige, siger ikke, hvem der havde ret."
    )


def _beside(against: Mapping[str, Any] | None) -> str:
    if not against:
        return "Ikke målt. Træn med --against, hvis en anden er i brug."
    worse = against["worse_than_active"]
    if abs(worse["value"]) <= Z95 * worse["standard_error"]:
        return f"Ikke klart forskellige på de samme {against['n']} sager."
    better = "bedre" if worse["value"] < 0 else "dårligere"
    return f"Klart {better} på de samme {against['n']} sager."


def _sure(told: Mapping[str, Any]) -> str:
    silent = told["abstention"]
    words = f"Den tier i {percent(silent['share_withheld'])} af {silent['n']} sager."
    doubt = told.get("uncertainty")
    if doubt is None:
        return f"{words} Der er ingen model, kun lignende sager."
    several = doubt["coverage"]["several_plausible"]
    return f"{words} I {percent(several)} af {doubt['n_checked']} sager kan flere niveauer passe."


def _known(privacy: Mapping[str, Any] | None) -> str:
    if privacy is None:
        return "Det er ikke målt, om modellen røber dem."
    member = privacy["membership"]
    low, high = member["interval"]
    return (
        f"Et angreb gætter rigtigt i {percent(member['auc'])} af parrene "
        f"(95 %-interval {percent(low)}–{percent(high)}); 50 % er et gæt, grænsen {percent(MOST_TOLD)}."
    )
