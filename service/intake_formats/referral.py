"""Our own format for a plan that arrives: `skoen-referral/1`, one JSON object per file (see README.md)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from models import areas
from models.cells import ID_PATTERN
from models.declaration import Area, Question, Source
from models.facts import Fact, FactsRefused, FactValue, complete, parse_answer
from models.instants import COPENHAGEN, local_date
from service.cpr import CprRefused, holds_cpr, parse
from service.intake_formats.fields import Fields
from service.intake_formats.problem import CPR_REASON, Problem, Refused, refuse, shown
from service.workflow.intake.referral import Citizen, Referral

FORMAT = "skoen-referral/1"
DEFAULT_AREA = "genoptraening"
WHERE = "henvisning"
FIELDS = (
    "format", "request_id", "municipality", "unit", "area", "received_on", "discharged_on", "start_after",
    "contact", "plan_type", "level", "citizen", "facts", "sections", "operational",
)  # fmt: skip
OPERATIONAL = ("transport", "tolk", "maal", "samtykke")
YES_NO_UNKNOWN = ("ja", "nej", "ukendt")
LONGEST_SECTION = 20_000
DISCHARGE_BOUNDS = (-366, 60)
"""Days from receipt to discharge: a plan may be written before the discharge."""
EARLIEST_START = "opstart_tidligst"
SOURCES = tuple(source.value for source in Source if source is not Source.COMPUTED)
MUNICIPALITY_CODE = re.compile(r"\d{4}", re.ASCII)
REASONS = {
    "not_a_code": "er en ukendt kode",
    "not_a_number": "er ikke et tal",
    "out_of_bounds": "ligger uden for grænserne",
    "not_a_date": "er ikke en mulig dato",
    "computed": "beregnes og kan ikke sendes",
    "unknown_question": "findes ikke blandt oplysningerne",
}


def is_referral(data: object) -> bool:
    """Whether parsed JSON claims to be a referral of ours, of any version."""
    return isinstance(data, dict) and str(data.get("format", "")).startswith("skoen-referral/")


def read_referral(data: Mapping[str, Any], *, now: datetime) -> Referral:
    """The referral in parsed JSON; raises Refused with every problem found."""
    top = Fields(WHERE, data)
    top.only(FIELDS)
    top.code("format", (FORMAT,))
    area = _area(top)
    dates = _dates(top, local_date(now))
    referral = Referral(
        request_id=_request_id(top),
        municipality_code=_municipality(top),
        unit_name=top.text("unit", required=False) or None,
        area=area.name,
        plan_type=top.code("plan_type", [code.code for code in area.plan_types]),
        citizen=_citizen(top.inner("citizen")),
        facts=_facts(top.inner("facts", required=False), area, now),
        sections=_sections(top.inner("sections", required=False), area),
        operational=_operational(top.inner("operational", required=False)),
        origin="referral",
        **dates,
    )
    if data.get("level") is not None:
        top.note(
            "level", "er sat i forvejen; et niveau sat andetsteds meldes i en leveringsrapport", data["level"]
        )
    if top.problems:
        raise Refused(top.problems)
    return completed(referral, now)


def completed(referral: Referral, now: datetime) -> Referral:
    """The referral with its earliest start as a fact, when all its facts fit together; raises Refused."""
    referral = _with_earliest_start(referral)
    try:
        complete(areas.get(referral.area), referral.facts, referral.arrival, now)
    except FactsRefused as refused:
        raise Refused(
            Problem(WHERE, f"facts.{each.question}.value", REASONS[each.code], shown(each.found))
            for each in refused.refusals
        ) from None
    return referral


def _with_earliest_start(referral: Referral) -> Referral:
    """A later start stands in the plan's dates and is a fact too, for an area that asks for it."""
    area, name = areas.get(referral.area), EARLIEST_START
    if referral.start_after is None or name not in area.by_name:
        return referral
    stated = referral.facts.get(name)
    if stated is not None and stated.value != referral.start_after:
        raise refuse(
            WHERE,
            f"facts.{name}",
            f"er ikke den samme dato som start_after {referral.start_after}",
            stated.value,
        )
    fact = stated or Fact(referral.start_after, Source.PLAN_CODED, midnight(referral.received_on))
    return replace(referral, facts={**referral.facts, name: fact})


def midnight(day: date) -> datetime:
    """The first instant of a Danish day, for facts of which only the day is known."""
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)


def _area(top: Fields) -> Area:
    name = top.code("area", areas.names(), required=False)
    return areas.get(name or DEFAULT_AREA)


def _request_id(top: Fields) -> str:
    request_id = top.text("request_id")
    if request_id and not ID_PATTERN.fullmatch(request_id):
        top.note("request_id", "er ikke et id (bogstaver, cifre og ._:-, højst 80 tegn)", request_id)
    if holds_cpr(request_id):
        top.note("request_id", "ligner et CPR-nummer", request_id)
    return request_id


def _municipality(top: Fields) -> str:
    code = top.text("municipality")
    if code and not MUNICIPALITY_CODE.fullmatch(code):
        top.note("municipality", "er ikke en kommunekode på fire cifre", code)
    return code


def _dates(top: Fields, today: date) -> dict[str, Any]:
    """The five dates of an arrival; those that contradict each other are noted."""
    received, discharged = top.date("received_on"), top.date("discharged_on")
    contact = top.inner("contact", required=False)
    contact.only(("from", "to"))
    began, ended = contact.date("from", required=False), contact.date("to", required=False)
    if received and received > today:
        top.note("received_on", "ligger i fremtiden", received.isoformat())
    low, high = DISCHARGE_BOUNDS
    if received and discharged and not low <= (discharged - received).days <= high:
        top.note(
            "discharged_on",
            f"ligger ikke mellem {low} og {high} dage fra received_on",
            discharged.isoformat(),
        )
    if began and ended and ended < began:
        contact.note("to", "ligger før contact.from", ended.isoformat())
    return {
        "received_on": received,
        "discharged_on": discharged,
        "start_after": top.date("start_after", required=False),
        "contact_from": began,
        "contact_to": ended,
    }


def _citizen(fields: Fields) -> Citizen:
    fields.only(("cpr", "name", "address", "phone"))
    number = fields.text("cpr")
    try:
        number = parse(number) if number else ""
    except CprRefused:
        # What was found is a citizen's number, so only its length is told.
        fields.note("cpr", CPR_REASON, f"{len(number)} tegn")
    return Citizen(
        cpr=number,
        name=fields.text("name"),
        address=fields.text("address", required=False),
        phone=fields.text("phone", required=False),
    )


def _facts(fields: Fields, area: Area, now: datetime) -> dict[str, Fact]:
    facts = {}
    for name in fields.data:
        question = area.by_name.get(name)
        if question is None:
            fields.note(name, REASONS["unknown_question"], name)
            continue
        entry = fields.inner(name)
        fact = _fact(entry, question, now) if entry.data else None
        if fact is not None:
            facts[name] = fact
    return facts


def _fact(entry: Fields, question: Question, now: datetime) -> Fact | None:
    """One fact; None when it has no answer or something is wrong with it."""
    entry.only(("value", "source", "known_at"))
    value = _value(entry, question)
    source, known_at = entry.code("source", SOURCES), entry.instant("known_at")
    if known_at is not None and known_at > now:
        entry.note("known_at", "ligger i fremtiden; ingen beslutning kan bygge på den", known_at.isoformat())
    if value is None or not source or known_at is None:
        return None
    return Fact(value, Source(source), known_at)


def _value(entry: Fields, question: Question) -> FactValue | None:
    try:
        return parse_answer(question, entry.data.get("value"))
    except FactsRefused as refused:
        for refusal in refused.refusals:
            entry.note("value", REASONS[refusal.code], refusal.found)
        return None


def _sections(fields: Fields, area: Area) -> dict[str, str]:
    codes = [code.code for code in area.plan_sections]
    fields.only(codes)
    texts = {code: fields.text(code, required=False, longest=LONGEST_SECTION) for code in codes}
    return {code: text for code, text in texts.items() if text}


def _operational(fields: Fields) -> dict[str, str]:
    fields.only(OPERATIONAL)
    found = {
        name: fields.text(name, required=False, longest=LONGEST_SECTION)
        if name == "maal"
        else fields.code(name, YES_NO_UNKNOWN, required=False)
        for name in OPERATIONAL
    }
    return {name: value for name, value in found.items() if value}
