"""Dates, times and numbers as people write them, as filters for the templates."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, gettext, ngettext
from jinja2 import StrictUndefined

from service.clock import local
from service.web.current import today
from service.workflow.statistics.shares import whole_percent


def install(app: Flask) -> None:
    """Give templates the filters; a name that is not given raises instead of showing nothing."""
    app.jinja_env.undefined = StrictUndefined
    for filter_ in (short_date, weekday_date, long_date, clock_time, number, percent, days_away):
        app.add_template_filter(filter_)
    for filter_ in (short_date_danish, time_with_seconds):
        app.add_template_filter(filter_)
    app.add_template_filter(deadline_words)
    app.add_template_filter(role_word)
    app.add_template_filter(initials)
    app.add_template_global(today)


def short_date(day: date) -> str:
    """23. nov. 2026."""
    return format_date(day, "d. MMM y", locale=get_locale())


def weekday_date(day: date) -> str:
    """man. 23. nov."""
    return format_date(day, "EEE d. MMM", locale=get_locale())


def long_date(day: date) -> str:
    """mandag den 23. november 2026."""
    return format_date(day, "full", locale=get_locale())


def clock_time(at: datetime) -> str:
    """kl. 9.05, in Danish time; an instant of another day brings its date."""
    there = local(at)
    time = gettext("kl. %(hour)s.%(minute)s", hour=there.hour, minute=f"{there.minute:02d}")
    return time if there.date() == today() else f"{short_date(there.date())} {time}"


def short_date_danish(at: datetime) -> str:
    """The Danish date of an instant: 23. nov. 2026."""
    return short_date(local(at).date())


def time_with_seconds(at: datetime) -> str:
    """kl. 9.05.10, in Danish time: the order within a minute is to be seen."""
    there = local(at)
    return gettext("kl. %(hour)s.%(rest)s", hour=there.hour, rest=f"{there:%M.%S}")


def number(value: int | float | Decimal) -> str:
    """12.345,6."""
    return format_decimal(value, locale=get_locale())


def percent(share: float | Decimal) -> str:
    """14 %, whole, with a space that does not break."""
    return f"{round(share * 100)}\u00a0%"


def half_up(share: float) -> str:
    """14 %, half rounded up as in the statistics, with a space that does not break."""
    return f"{whole_percent(share)}\u00a0%"


def days_away(day: date) -> str:
    """i dag, i morgen, om 3 dage, i går, for 3 dage siden."""
    distance = (day - today()).days
    near = {0: gettext("i dag"), 1: gettext("i morgen"), -1: gettext("i går")}
    if distance in near:
        return near[distance]
    if distance > 0:
        return ngettext("om %(num)s dag", "om %(num)s dage", distance)
    return ngettext("for %(num)s dag siden", "for %(num)s dage siden", -distance)


def deadline_words(due: date) -> str:
    """A legal deadline in words: I dag, I morgen, Om 3 dage, or that free choice must be offered."""
    if due < today():
        return gettext("Overskredet – tilbyd frit valg")
    words = days_away(due)
    return words[0].upper() + words[1:]


def role_word(role: str) -> str:
    """A role in the words people use."""
    return {
        "visitator": gettext("sagsbehandler"),
        "teamleder": gettext("teamleder"),
        "datamedarbejder": gettext("datamedarbejder"),
        "tilsyn": gettext("tilsyn"),
        "administrator": gettext("administrator"),
        "direktoer": gettext("direktør"),
        "dpo": gettext("databeskyttelsesrådgiver"),
        "politiker": gettext("politiker"),
        "leverandoer": gettext("leverandør"),
        "forsker": gettext("forsker"),
    }[role]


def initials(name: str) -> str:
    """A citizen's name as a list shows it, where no opening of the case is logged: A.P."""
    return "".join(f"{part[0].upper()}." for part in name.replace("-", " ").split())
