"""The statistics in Danish words: shares, reasons for withholding, and the names of cells."""

from collections.abc import Mapping

from flask_babel import gettext

from models.declaration import Area
from service.web.danish import NO_BREAK
from service.workflow.statistics.alarms import CHANGED_TOWARD, DE_FACTO_AUTOMATIC, Alarm
from service.workflow.statistics.practice import Difference
from service.workflow.statistics.shares import Share


def share_words(share: Share) -> str:
    """A percentage with its interval, a count where there are too few cases for it, or that it is hidden."""
    if share.percent is None or share.interval is None:
        return count_words(share)
    low, high = share.interval
    return f"{share.percent}{NO_BREAK}% ({low}–{high}{NO_BREAK}%)"


def count_words(share: Share) -> str:
    """So many of so many: "14 af 58"."""
    if share.of is None:
        return gettext("Skjult")
    if share.of == 0:
        return gettext("Ingen sager")
    return gettext("%(hits)s af %(of)s", hits=share.hits, of=share.of)


def number_words(count: int | None) -> str:
    """A count, or that it is hidden."""
    return gettext("Skjult") if count is None else str(count)


def difference_words(difference: Difference) -> str:
    """The difference to the period before, with its interval, in percentage points."""
    return points_words(difference.points, difference.low, difference.high)


def points_words(points: int, low: int, high: int) -> str:
    """A difference in percentage points with its interval."""
    return gettext(
        "%(points)s procentpoint (%(low)s til %(high)s)",
        points=_signed(points),
        low=_signed(low),
        high=_signed(high),
    )


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else str(points).replace("-", "\N{MINUS SIGN}")


def alarm_words(alarm: Alarm) -> str:
    """What was seen, in one sentence."""
    return {
        DE_FACTO_AUTOMATIC: gettext(
            "%(hits)s af %(of)s beslutninger var som flest lignende sager, og over halvdelen blev gemt inden "
            "10 sekunder efter, at grundlaget blev vist.",
            hits=alarm.hits,
            of=alarm.of,
        ),
        CHANGED_TOWARD: gettext(
            "I %(hits)s af %(of)s sager, hvor egen vurdering først var en anden, blev den ændret til flest "
            "lignende sagers.",
            hits=alarm.hits,
            of=alarm.of,
        ),
    }[alarm.code]


def repeated_sentences(repeated: Mapping[str, int | None], units: Mapping[str, str]) -> tuple[str, ...]:
    """How often reasons repeat each other, unit by unit."""
    told = (
        (units[unit], gettext("skjult, færre end 10 begrundelser eller for få medarbejdere"))
        if share is None
        else (units[unit], gettext("omkring %(share)s %% ligner en anden næsten ord for ord", share=share))
        for unit, share in sorted(repeated.items(), key=lambda each: units[each[0]])
    )
    return tuple(f"{name}: {words}." for name, words in told)


def type_label(area: Area, code: str) -> str:
    """The name of a case type, or of those that are not known."""
    label = area.by_name[area.case_type].code_label(code)
    return label[:1].upper() + label[1:]


def reason_label(area: Area, code: str) -> str:
    """The name of a reason."""
    return next(reason.label for reason in area.reasons if reason.code == code)


def choice_label(area: Area, code: str) -> str:
    """A level, or another answer, in the words it was chosen by."""
    if code in area.level_codes:
        return area.level_label(code)
    other = {"kan_ikke_afgoeres": gettext("Kan ikke afgøres"), "retur": gettext("Andet / send retur")}
    return other[code]


def withheld_label(reason: str) -> str:
    """Why cases were decided without evidence; a reason without words raises KeyError."""
    return {
        "declined": gettext("Visitator valgte det fra"),
        "stopped": gettext("Slået fra i enheden"),
        "no_model": gettext("Ingen model i brug"),
        "abstained": gettext("Beregningen sagde ikke noget"),
        "control_arm": gettext("Stikprøve uden grundlag"),
        "objection": gettext("Borgeren gjorde indsigelse"),
        "restriction": gettext("Borgerens oplysninger var begrænset"),
        "without_system": gettext("Borgeren bad om det"),
        "no_legal_basis": gettext("Intet retsgrundlag registreret"),
        "not_a_level_case": gettext("Kommunen vælger ikke niveau"),
        "shadow": gettext("Modellen var under afprøvning"),
        "older_practice": gettext("Praksis er ændret, siden modellen blev lavet"),
        "bias_found": gettext("Modellen har ikke bestået prøven for skævhed"),
        "additivity_failed": gettext("Beregningen bestod ikke sin kontrol"),
        "marked_wrong": gettext("En oplysning var meldt forkert"),
        "reported_wrong": gettext("Borgeren havde meldt en oplysning forkert"),
        "model_damaged": gettext("Modellen kunne ikke åbnes sikkert"),
    }[reason]
