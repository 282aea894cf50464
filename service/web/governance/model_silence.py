"""When a version shows nothing, what that spares, and how often it cannot rule out more than one level."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from models.manifest import Thresholds
from service.web.formatting import half_up


def when_silent(limits: Thresholds) -> tuple[str, ...]:
    """When nothing is shown, one sentence for each reason."""
    return (
        gettext("Færre end %(count)s tidligere sager ligner nok.", count=limits.min_similar),
        gettext(
            "Mere end %(share)s af de oplysninger, der spørges om, mangler.",
            share=half_up(limits.max_missing_share),
        ),
        gettext("Sagen ligger uden for det, modellen bygger på."),
        gettext("Niveauerne ligger så tæt i beregningen, at den ikke kan skelne mellem dem."),
        gettext("Praksis er ændret, siden sagerne bag modellen blev besluttet."),
        gettext("Modellen kan ikke åbnes sikkert."),
    )


def how_unsure(told: Mapping[str, Any]) -> tuple[str, ...]:
    """How often nothing is shown and what that spares, and how often more than one level may fit."""
    silent, doubt = told["abstention"], told["uncertainty"]
    words = [
        gettext(
            "I de sidste %(count)s sager blev der ikke vist grundlag i %(share)s.",
            count=silent["n"],
            share=half_up(silent["share_withheld"]),
        )
    ]
    right = [silent[part]["agreement"] for part in ("shown", "withheld")]
    if None not in right:
        words.append(
            gettext(
                "Dér valgte beregningen menneskets niveau i %(withheld)s. I de andre var det %(shown)s.",
                withheld=half_up(right[1]),
                shown=half_up(right[0]),
            )
        )
    if doubt:
        cover = doubt["coverage"]
        words.append(
            gettext(
                "I %(several)s af sagerne siger beregningen, at flere niveauer er mulige. "
                "Menneskets niveau var blandt de mulige i %(covered)s.",
                several=half_up(cover["several_plausible"]),
                covered=half_up(cover["covered"]),
            )
        )
    return tuple(words)
