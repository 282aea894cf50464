"""Deadlines and effect in Danish words: medians, reasons for ending, arms."""

from flask_babel import gettext, ngettext

from models.declaration import Area
from service.web.danish import listed
from service.workflow.effect.effect import Effect
from service.workflow.effect.followed import CONTROL
from service.workflow.effect.groups import NO_OFFER
from service.workflow.effect.medians import Median
from service.workflow.statistics.periods import Period


def days_words(found: Median) -> str:
    """A median in days with its interval, where there are cases enough for one."""
    if found.middle is None:
        return gettext("Skjult") if found.of is None else "–"
    words = ngettext(
        "%(days)s dag", "%(days)s dage", 1 if found.middle == 1 else 2, days=number(found.middle)
    )
    return f"{words}{_ends(found)}"


def minutes_words(found: Median) -> str:
    """A median in whole minutes with its interval."""
    if found.middle is None:
        return gettext("Skjult") if found.of is None else "–"
    return gettext("%(minutes)s min.", minutes=number(found.middle)) + _ends(found)


def saved_words(found: Effect) -> str:
    """How much time the evidence may save in a case, or why that cannot be said."""
    if not found.arms:
        return gettext("Sparet tid kan ikke estimeres: der er ingen kontrolarm.")
    if found.saved is None:
        return gettext("Sparet tid kan ikke estimeres: en af grupperne har under 20 sager eller er skjult.")
    middle, low, high = (
        number(each).replace("-", "\N{MINUS SIGN}")
        for each in (found.saved.middle, found.saved.low, found.saved.high)
    )
    return gettext(
        "Anslået sparet tid pr. sag med grundlag, ud fra loggen: %(middle)s min. (%(low)s til %(high)s).",
        middle=middle, low=low, high=high,
    )  # fmt: skip


def count_of(found: Median) -> str:
    """How many cases a median is of."""
    return gettext("Skjult") if found.of is None else str(found.of)


def number(value: float) -> str:
    """A time as people say it: whole, or with a half."""
    halves = round(value * 2) / 2
    return str(int(halves)) if halves == int(halves) else str(halves).replace(".", ",")


def _ends(found: Median) -> str:
    if found.low is None or found.high is None:
        return ""
    return f" ({number(found.low)}–{number(found.high)})"


def offer_label(area: Area, code: str) -> str:
    """The name of an offer."""
    if code == NO_OFFER:
        return gettext("Ikke oplyst")
    return next(team.label for team in area.teams if team.code == code)


def agreed_label(area: Area, code: str) -> str:
    """How a start was agreed."""
    return next((each.label for each in area.start_statuses if each.code == code), gettext("Ikke oplyst"))


def arm_label(arm: str) -> str:
    """An arm in words."""
    return gettext("Kontrolarm: uden grundlag") if arm == CONTROL else gettext("Med grundlag")


def decided_label(group: str) -> str:
    """How the cases of a group were decided; a group without words raises KeyError."""
    return {
        "evidence": gettext("Forsøg: med grundlag"),
        "control": gettext("Forsøg: kontrolarm"),
        "shown": gettext("Uden for forsøg, med grundlag"),
        "not_shown": gettext("Uden for forsøg, uden grundlag"),
    }[group]


def axis_label(axis: str) -> str:
    """What citizens are divided by; an axis without words raises KeyError."""
    return {
        "alder": gettext("Alder"),
        "koen": gettext("Køn"),
        "tolk": gettext("Brug for tolk"),
        "sted": gettext("Postnummer"),
    }[axis]


def group_label(axis: str, code: str) -> str:
    """A group of citizens; a postal code stands for itself."""
    known = {
        "under_40": gettext("Under 40 år"),
        "40_66": gettext("40–66 år"),
        "67_79": gettext("67–79 år"),
        "80_op": gettext("80 år og over"),
        "kvinde": gettext("Kvinder"),
        "mand": gettext("Mænd"),
        "ja": gettext("Har brug for tolk"),
        "nej": gettext("Har ikke brug for tolk"),
        "ukendt": gettext("Ikke oplyst"),
    }
    return code if axis == "sted" and code not in known else known[code]


def reason_label(reason: str) -> str:
    """Why courses are broken off, as far as it is told by group; a reason without words raises KeyError."""
    return {
        "transportudgift": gettext("Fravalg: udgift til transport"),
        "transport": gettext("Fravalg: transport kan ikke ordnes"),
        "andet_fravalg": gettext("Andet fravalg"),
        "andet": gettext("Ophør af andre grunde"),
    }[reason]


def again_label(step: str) -> str:
    """That a step was taken again; a step without words raises KeyError."""
    return {
        "judged": gettext("Vurderet igen"),
        "decided": gettext("Besluttet igen"),
        "planned": gettext("Planlagt igen"),
    }[step]


def stop_label(code: str) -> str:
    """KL's reasons for ending a course; a code without words raises KeyError."""
    return {
        "fravalg": gettext("Aktivt fravalg"),
        "fravalg_anden_sygdom": gettext("Fravalg: anden sygdom"),
        "fravalg_transportudgift": gettext("Fravalg: udgift til transport"),
        "fravalg_transport": gettext("Fravalg: transport kan ikke ordnes"),
        "fravalg_anden_traening": gettext("Fravalg: anden træning"),
        "haendelse": gettext("En hændelse førte til ophør"),
        "udeblevet": gettext("Borgeren udeblev"),
        "intet_behov_borger": gettext("Intet behov, efter borgerens vurdering"),
        "intet_behov_fagperson": gettext("Intet behov, efter fagpersons vurdering"),
        "ikke_startet": gettext("Begyndte aldrig"),
        "uden_kode": gettext("Uden oplyst grund"),
    }[code]


def periods_words(quarters: tuple[Period, ...]) -> str:
    """Quarters in a row of words."""
    return listed([each.label for each in quarters]) if quarters else gettext("ingen kvartaler")
