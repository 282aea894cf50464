"""What weighs more and less in a new version than in the one before it, in plain Danish.

It is told from the two versions alone: each fact's share of all pull among the cases the version itself lays
under its explanations. It says what moved, and not why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.artifact import Artifact
from models.instants import day_text
from training.provenance import SOURCE_WORDS
from training.pulls import shares_of_pull

NOT_WHY = "Tallene siger, hvad der hang sammen med niveauet i tidligere sager. De siger ikke hvorfor."
MOVED = 0.02
"""A share of all pull must move by two percentage points to be told of."""


class CannotTell(ValueError):
    """Two versions that speak of different things."""


@dataclass(frozen=True)
class Moved:
    """A fact's share of all pull before and now."""

    name: str
    label: str
    before: float
    now: float
    used_before: bool = True
    used_now: bool = True

    @property
    def by(self) -> float:
        """How far it moved; positive is more."""
        return self.now - self.before

    @property
    def shares(self) -> str:
        """Before and now, in whole percent."""
        if not self.used_now:
            return f"Bruges ikke mere. Før {_percent(self.before)}."
        if not self.used_before:
            return f"{_percent(self.now)} af alt, hvad der trækker. Blev ikke brugt før."
        return f"{_percent(self.now)} af alt, hvad der trækker. Før {_percent(self.before)}."

    @property
    def sentence(self) -> str:
        """The same with the fact's name."""
        return f"{self.label}: {self.shares}"


@dataclass(frozen=True)
class ReleaseNote:
    """What is new; `more` and `less` begin with what moved most, the rest are sentences."""

    old: str
    new: str
    data: tuple[str, ...]
    more: tuple[Moved, ...]
    less: tuple[Moved, ...]
    alike: int
    measured: str
    explained: str

    def to_json(self) -> dict[str, Any]:
        """The note as plain JSON."""
        return {
            "old": self.old, "new": self.new, "data": list(self.data), "measured": self.measured,
            "explained": self.explained,
            **{name: [{"name": each.name, "before": round(each.before, 4), "now": round(each.now, 4),
                       "sentence": each.sentence} for each in found]
               for name, found in (("more", self.more), ("less", self.less))},
            "alike": self.alike,
        }  # fmt: skip

    def text(self) -> str:
        """The note as a page of Markdown."""
        parts = [f"# Nyt i {self.new}", f"I forhold til {self.old}.", "", *self.data, ""]
        parts += _list("Vægter nu mere", self.more) + _list("Vægter nu mindre", self.less)
        parts += [
            f"{self.alike} oplysninger vægter omtrent det samme.",
            "",
            "## Er den bedre?",
            self.measured,
            self.explained,
            "",
        ]
        parts += [NOT_WHY]
        return "\n".join(parts) + "\n"


def release_note(old: Artifact, new: Artifact) -> ReleaseNote:
    """What is new in a version. Raises CannotTell for versions of different areas."""
    if old.area.name != new.area.name:
        raise CannotTell(f"{old.manifest.version} and {new.manifest.version} are of different areas")
    before, now = (shares_of_pull(each, each.background) for each in (old, new))
    used = {each.name: each.label for version in (old, new) for each in version.codebook.questions}
    moved = [
        Moved(name, used[name], before.get(name, 0.0), now.get(name, 0.0), name in before, name in now)
        for name in used
    ]
    moved.sort(key=lambda each: (-abs(each.by), each.name))
    more = tuple(each for each in moved if each.by >= MOVED)
    less = tuple(each for each in moved if each.by <= -MOVED)
    alike = len(moved) - len(more) - len(less)
    names = old.manifest.version, new.manifest.version
    told = _measured(old, new.evaluation), _explained(old, new.evaluation)
    return ReleaseNote(*names, _data(old, new), more, less, alike, *told)


def _data(old: Artifact, new: Artifact) -> tuple[str, ...]:
    (first, last), before = new.manifest.data_window, old.manifest.counts["labelled"]
    now, days = new.manifest.counts["labelled"], f"fra {day_text(first)} til {day_text(last)}"
    told = [f"Den bygger på {now} sager {days}. Den forrige byggede på {before}."]
    weighed = {each["source"]: each for each in new.evaluation["label_weights"]["sources"]}
    parts = [f"{SOURCE_WORDS[source].lower()} ({_cases(each['learned_from'])})"
             for source, each in weighed.items() if each["learned_from"]]  # fmt: skip
    told += _facts_used(old, new)
    told.append(f"Niveauerne kommer fra: {'; '.join(parts)}.")
    if changed := new.manifest.config["labels"]["changed_on"]:
        told.append(f"Praksis er en anden fra {changed}. Sager fra før den dag indgår ikke.")
    return tuple(told)


def _facts_used(old: Artifact, new: Artifact) -> list[str]:
    """How many facts the new version uses, where it does not use those of the old."""
    before, now, may = old.codebook.names, new.codebook.names, len(new.area.learned)
    if before == now:
        return []
    return [
        f"Den bruger {len(now)} af de {may} oplysninger, den må lære af. Den forrige brugte {len(before)}."
    ]


def _measured(old: Artifact, evaluation: Mapping[str, Any]) -> str:
    against = evaluation.get("against")
    if not against or against["manifest_hash"] != old.manifest_hash:
        return "Den er ikke målt mod den forrige. Træn den med --against for at få det at vide."
    worse = against["worse_than_active"]
    n = f"Målt på de samme {against['n']} senere sager"
    if abs(worse["value"]) <= worse["standard_error"]:
        return f"{n} er der ingen klar forskel på de to."
    word = "dårligere" if worse["value"] > 0 else "bedre"
    return f"{n} er den nye {word} end den forrige."


def _explained(old: Artifact, evaluation: Mapping[str, Any]) -> str:
    """How alike the two answer and explain the same cases, beside the old one fitted again."""
    report = evaluation.get("rule_change")
    if not report or report["manifest_hash"] != old.manifest_hash:
        return "Hvor ens de to forklarer de samme sager, er ikke målt."
    level, strongest, order = (report["alike"][part] for part in ("level", "strongest", "order"))
    low, high = level["interval"]
    told = (
        f"På {report['cases']} af dem giver de to samme niveau i {_percent(level['share'])} "
        f"(95 %-interval {_percent(low)} til {_percent(high)})."
    )
    if strongest is None:
        return told
    return (
        f"{told} Den oplysning, der trækker mest, er den samme i {_percent(strongest['value'])}; når den "
        f"forrige tilpasses igen, er det {_percent(strongest['fitted_again'])}. Rækkefølgen af de fem "
        f"stærkeste er ens med Kendalls tau {_tau(order['value'])}, mod {_tau(order['fitted_again'])}."
    )


def _tau(value: float) -> str:
    return f"{value:.2f}".replace(".", ",").replace("-", "−")


def _list(title: str, moved: tuple[Moved, ...]) -> list[str]:
    return [f"## {title}", *([f"- {each.sentence}" for each in moved] or ["Ingen."]), ""]


def _cases(count: int) -> str:
    return "1 sag" if count == 1 else f"{count} sager"


def _percent(share: float) -> str:
    return f"{round(100 * share)} %"
