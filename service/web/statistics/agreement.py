"""How far two blind judgements of the same case agree, in words and never by person."""

from dataclasses import dataclass

from flask_babel import gettext

from service.web.statistics.words import share_words
from service.workflow.double_review import Agreement
from service.workflow.double_review.alpha import Alpha
from service.workflow.double_review.results import LEAST_PAIRS

GOOD, TENTATIVE = 0.8, 0.667
"""A rough reading of alpha after Krippendorff."""


@dataclass(frozen=True)
class AgreementView:
    """How two blind judgements agree, in words; `lines` are name, figure and what it is of."""

    n: int
    reading: str
    lines: tuple[tuple[str, str], ...]


def agreement_view(found: Agreement) -> AgreementView:
    """Agreement in words, or why it is not told."""
    if found.levels is None and found.same is None:
        words = gettext(
            "%(n)s sager er vurderet to gange i de seneste fire kvartaler. Enigheden vises fra %(least)s"
            " sager og tre medarbejdere, for den skal ikke sige noget om den enkelte.",
            n=found.n,
            least=LEAST_PAIRS,
        )
        return AgreementView(found.n, words, ())
    lines = [
        (gettext("Krippendorffs alfa, niveauer i rækkefølge"), _alpha_words(found.levels)),
        (gettext("Krippendorffs alfa, alle svar"), _alpha_words(found.answers)),
    ]
    if found.same is not None:
        lines.append((gettext("Samme svar som den første blinde vurdering"), share_words(found.same)))
    if found.as_most is not None:
        lines.append((gettext("Samme niveau som flest lignende sager"), share_words(found.as_most)))
    return AgreementView(found.n, _reading(found.levels), tuple(lines))


def _alpha_words(found: Alpha | None) -> str:
    if found is None:
        return gettext("Kan ikke beregnes: alle svarede det samme")
    if found.low is None or found.high is None:
        return gettext("%(value)s, uden interval: for lidt variation", value=_number(found.value))
    return gettext(
        "%(value)s (%(low)s til %(high)s), %(n)s sager",
        value=_number(found.value), low=_number(found.low), high=_number(found.high), n=found.n,
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:.2f}".replace(".", ",").replace("-", "\N{MINUS SIGN}")


def _reading(found: Alpha | None) -> str:
    """What an alpha says, in one sentence, where its interval lets it say anything."""
    if found is None:
        return gettext("Der er for lidt variation til at sige, hvor ens sagerne vurderes.")
    if found.low is None or found.high is None or found.low < TENTATIVE <= found.high:
        return gettext(
            "Tallet er for usikkert til at sige, om kolleger vurderer ens. Det kræver flere sager."
        )
    if found.value >= GOOD:
        return gettext("Kolleger vurderer for det meste sagerne ens.")
    if found.value >= TENTATIVE:
        return gettext("Kolleger vurderer ofte sagerne ens. Tallet er foreløbigt.")
    return gettext(
        "Kolleger vurderer tit den samme sag forskelligt. Tal om vejledningen, ikke om personerne."
    )
