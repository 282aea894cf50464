"""The tiles on top of the team's practice: one number each, with what it is of and what it was before."""

from dataclasses import dataclass

from flask_babel import gettext

from service.web.danish import NO_BREAK
from service.web.statistics.words import count_words, difference_words, number_words, share_words
from service.workflow.statistics.practice import Practice, override_difference
from service.workflow.statistics.shares import Share


@dataclass(frozen=True)
class Tile:
    """One number with what it is of, and the same for the period before."""

    label: str
    value: str
    details: tuple[str, ...]
    before: str


def tiles_of(now: Practice, before: Practice) -> tuple[Tile, ...]:
    """The tiles of a period beside the one before."""
    difference = override_difference(now, before)
    compared = _counted(now.override, gettext("sager"))
    if difference is not None:
        compared += (gettext("Forskel fra før: %(words)s", words=difference_words(difference)),)
    return (
        Tile(
            gettext("Afgjorte sager"),
            number_words(now.decided),
            (
                gettext("Med grundlag: %(count)s", count=number_words(now.with_evidence)),
                gettext("Uden grundlag: %(count)s", count=_without(now)),
            ),
            _then(before, number_words(before.decided)),
        ),
        Tile(
            gettext("Anderledes end flest lignende sager"),
            share_words(now.override),
            compared,
            _then(before, share_words(before.override)),
        ),
        Tile(
            gettext("Ændret mod lignende sager"),
            count_words(now.reliance.toward),
            (gettext("af dem, hvor egen vurdering først var en anden"), *_interval(now.reliance.toward)),
            _then(before, count_words(before.reliance.toward)),
        ),
        Tile(
            gettext("Ændret væk fra lignende sager"),
            count_words(now.reliance.away),
            (gettext("af dem, hvor egen vurdering først var den samme"), *_interval(now.reliance.away)),
            _then(before, count_words(before.reliance.away)),
        ),
        Tile(
            gettext("Opstart tilbudt inden fristen"),
            share_words(now.in_time),
            _counted(now.in_time, gettext("planlagte sager")),
            _then(before, share_words(before.in_time)),
        ),
        Tile(
            gettext("Tid til beslutning"),
            _minutes(now.minutes),
            (gettext("Median fra åbnet vurdering til gemt beslutning"),),
            _then(before, _minutes(before.minutes)),
        ),
        Tile(
            gettext("Udfyldt på forhånd"),
            _whole_percent(now.prefilled),
            (gettext("af oplysningerne i hver sag, da planen kom"),),
            _then(before, _whole_percent(before.prefilled)),
        ),
    )


def _without(now: Practice) -> str:
    share = now.not_shown
    return number_words(share.hits) if share.percent is None else f"{share.hits}, {share_words(share)}"


def _counted(share: Share, of: str) -> tuple[str, ...]:
    """The counts behind a percentage; where the count itself stands on the tile, nothing more."""
    return () if share.percent is None else (f"{count_words(share)} {of}",)


def _interval(share: Share) -> tuple[str, ...]:
    return (share_words(share),) if share.percent is not None else ()


def _minutes(minutes: int | None) -> str:
    return gettext("Skjult") if minutes is None else gettext("%(minutes)s min.", minutes=minutes)


def _whole_percent(share: int | None) -> str:
    return gettext("Skjult") if share is None else f"{share}{NO_BREAK}%"


def _then(before: Practice, words: str) -> str:
    """What the number was in the period before, if anything was decided then."""
    return gettext("Ingen sager") if before.empty else words
