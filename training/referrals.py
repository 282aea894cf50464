"""Plans that arrive: in the referral format, with what only the inventor knows kept beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from models.declaration import UNKNOWN, Question, Source
from models.instants import instant_text
from training.calendar_days import sent_at
from training.chance import stream
from training.citizens import Citizen, invented
from training.plan_text import Told, goal_of, sections_of
from training.scene import Scene

FORMAT = "skoen-referral/1"
NOT_SAID = 0.4
NEEDS_TRANSPORT = 0.3


@dataclass(frozen=True)
class InventedReferral:
    """One plan as it arrives, and its truth: what a caseworker would read, the need, what comes of it."""

    row: int
    file_name: str
    content: dict[str, Any]
    simulation: dict[str, Any]
    citizen: Citizen


def invent_referrals(scene: Scene) -> tuple[InventedReferral, ...]:
    """The plans of the last quarter, in order of arrival."""
    other = scene.assumed["calendar"]["other_plan_type"]
    others = scene.assumed["calendar"]["other_plan_type_in_inbox"] if len(scene.people) >= 100 else 0
    last = len(scene.people)
    return tuple(
        _referral(scene, row, other if row >= last - others else None) for row in range(scene.past, last)
    )


def citizen_of(scene: Scene, row: int) -> Citizen:
    """The invented citizen of one case, the same every time."""
    towns = scene.assumed["municipalities"]["towns"]
    sex = scene.people.protected[row].get("koen")
    rng = stream(scene.seed, f"citizen {row}")
    return invented(
        scene.assumed.words,
        towns[int(scene.people.municipality[row])],
        int(scene.people.age[row]),
        sex or ("kvinde" if rng.random() < 0.5 else "mand"),
        scene.people.arrivals[row].received_on,
        rng,
    )


def _referral(scene: Scene, row: int, other_type: str | None) -> InventedReferral:
    area, arrival = scene.assumed.area, scene.people.arrivals[row]
    rng = stream(scene.seed, f"referral {row}")
    place = int(scene.people.municipality[row])
    units = scene.assumed["municipalities"]["units"][place]
    unit = units[int(rng.random() * len(units))]
    citizen = citizen_of(scene, row)
    said = _operational(scene, row, rng)
    stated = scene.people.stated[row]
    prefilled = _prefilled(scene, stated, rng)
    told = Told(
        scene.people.group[row], citizen, arrival, stated, said["transport"], said["tolk"], said["maal"]
    )
    first = area.plan_types[0].code if area.plan_types else ""
    content = {
        "format": FORMAT,
        "area": area.name,
        "request_id": scene.request_ids[row],
        "municipality": scene.assumed["municipalities"]["codes"][place],
        "unit": unit,
        "received_on": arrival.received_on.isoformat(),
        "discharged_on": arrival.discharged_on.isoformat(),
        "start_after": _iso(arrival.start_after),
        "contact": {"from": _iso(arrival.contact_from), "to": _iso(arrival.contact_to)},
        "plan_type": other_type or first,
        "level": None,
        "citizen": {
            "cpr": citizen.cpr, "name": citizen.name, "address": citizen.address, "phone": citizen.phone,
        },
        "facts": {question.name: _coded(scene, row, question, stated) for question in prefilled},
        "sections": sections_of(scene.assumed, told, rng),
        "operational": said,
    }  # fmt: skip
    return InventedReferral(
        row=row,
        file_name=f"{arrival.received_on.isoformat()}-{row - scene.past + 1:04d}.json",
        content=content,
        simulation=_simulation(scene, row, prefilled),
        citizen=citizen,
    )


def _prefilled(scene: Scene, stated: Mapping[str, Any], rng: np.random.Generator) -> list[Question]:
    """The facts that arrive with the plan: coded always, known to the municipality, or coded often."""
    rule = scene.assumed["prefilled"]
    coded = rule["usually"] if rng.random() < rule["share"] else rule["seldom"]
    return [
        question
        for question in scene.assumed.area.questions
        if not question.computed
        and stated.get(question.name) not in (None, UNKNOWN)
        and (not question.read_from_text or question.name in coded)
    ]


def _coded(scene: Scene, row: int, question: Question, stated: Mapping[str, Any]) -> dict[str, Any]:
    arrival = scene.people.arrivals[row]
    source = Source.PLAN_CODED if question.read_from_text else question.source
    known_at = sent_at(arrival.received_on, arrival.discharged_on)
    return {
        "value": _plain(stated[question.name]),
        "source": source.value,
        "known_at": instant_text(known_at),
    }


def _operational(scene: Scene, row: int, rng: np.random.Generator) -> dict[str, str]:
    """What is needed to get started; often the plan does not say."""
    transport = "ukendt" if rng.random() < NOT_SAID else "ja" if rng.random() < NEEDS_TRANSPORT else "nej"
    needs = scene.people.protected[row].get("tolkebehov", "nej")
    interpreter = needs if needs == "ja" or rng.random() >= NOT_SAID else "ukendt"
    goal = goal_of(scene.assumed.words, scene.people.group[row], rng)
    return {"transport": transport, "tolk": interpreter, "maal": goal, "samtykke": "ja"}


def _simulation(scene: Scene, row: int, prefilled: list[Question]) -> dict[str, Any]:
    area, stated = scene.assumed.area, scene.people.stated[row]
    known = {question.name for question in prefilled}
    reads = {
        question.name: _plain(stated[question.name])
        for question in area.questions
        if not question.computed and question.name not in known and stated.get(question.name) is not None
    }
    fitting = int(scene.need.fitting_level()[row])
    by_level = {code: _offered(scene, row, level) for level, code in enumerate(area.level_codes)}
    return {
        "reads": reads,
        "need": round(float(scene.need.log_odds[row]), 4),
        "group": scene.people.group[row],
        "disagreement": row * 7919 % 1_000_003,
        "fitting_level": area.level_codes[fitting],
        **by_level[area.level_codes[fitting]],
        "by_level": by_level,
        "inbox": row >= scene.inbox_from,
        "level_elsewhere": None,
    }


def _offered(scene: Scene, row: int, level: int) -> dict[str, Any]:
    given = scene.given(row, level)
    return {
        "forms": list(given.forms),
        "team": given.team,
        "place": given.place,
        "outcome": asdict(given.outcome),
        "first_date_offset": given.offset,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
