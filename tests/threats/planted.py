"""A house in which everything that anybody can type says the same words, and the addresses of its pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine

from service import log
from service.database import reading, writing
from service.identity import Actor, actor_of
from service.log import Event
from service.tables.governance import Admission
from service.tables.intake import Case
from service.tables.organisation import Municipality, Unit
from service.workflow import governance, intake, log_control, staff, trial
from service.workflow.assessment import consultation, drafts
from service.workflow.case_file import find_case
from service.workflow.citizen_page import reports
from service.workflow.citizen_page.speaker import Speaker
from service.workflow.intake.referral import Citizen
from service.workflow.letter.draft import Parts
from tests.answered import a_decision, an_exploration, answer
from tests.builders import a_case, a_judgement, a_referral
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.journeys.at_the_demo import suggestion_of
from tests.journeys.test_every_page import A_CITIZEN, drawn_case, names_opened
from tests.letters import sign
from tests.look_ups import a_month_of_look_ups, a_sample, at, look, number_of
from tests.mine import RESTRICTION, a_power
from tests.payloads import PAYLOAD
from tests.register import write
from tests.rights import a_request
from tests.shelves import FixedShelf
from tests.trials import a_plan

OWN = "Hun vil selv kunne gå til købmanden."
"""What stands nowhere else: a reason that only repeats what was shown is refused."""
REFERRAL = a_referral()
SPOKEN = {
    "sentence", "headline", "nearness_sentence", "own_sentence", "label", "value", "level_label",
    "outcome_label", "here", "there", "caveats", "missing", "unseen", "not_used", "not_in_calculation",
    "flag_sentences", "abstained_sentences", "several_sentence", "frequency_sentences",
}  # fmt: skip
"""The names under which a payload holds words that people read."""


@dataclass(frozen=True)
class Planted:
    """The addresses of all pages, by who opens them, and the ids of two whose very names are the words."""

    paths: dict[str, list[str]]
    people: dict[str, str]


def plant(engine: Engine, cast: Cast, said: Sequence[str]) -> Planted:
    """Say the words everywhere; each of `said` is short enough for every field, and most fields get all."""
    whole, parts = " ".join(said), cycle(said)
    mallory = _mallory(engine, cast, whole)
    control = _control(engine, cast, mallory, next(parts))
    _admission(engine, cast, whole)
    shelf = FixedShelf(spoken(PAYLOAD, whole))
    new, judged, answered, decided, returned, waiting = (
        _case(engine, number, whole).id for number in range(6)
    )
    for number, case_id in enumerate((judged, answered, decided, returned, waiting)):
        own = a_judgement(engine, _found(engine, case_id), cast.alma, key=f"judgement {number}")
        if case_id != judged:
            answer(engine, own.id, cast.alma, shelf)
    tried = an_exploration(engine, _found(engine, answered), cast.alma, {"faldrisiko": "nej"}, shelf).id
    planned = _trial(engine, cast, mallory, whole, next(parts))
    for case_id, choice in ((decided, "avanceret"), (returned, "retur"), (waiting, "retur")):
        a_decision(engine, _found(engine, case_id), cast.alma, choice=choice, text=f"{OWN} {next(parts)}")
    with writing(engine) as session:
        intake.answer_return(session, returned, {}, note=whole, now=NOW, by=mallory)
        intake.mark_wrong(session, new, "restriktion", note=whole, now=NOW, by=mallory)
        intake.take(session, new, now=NOW, by=mallory)
        for case_id in (new, answered):
            asked = consultation.ask(session, case_id, text=whole, now=NOW, by=mallory)
        consultation.answer(session, asked.id, text=whole, now=NOW, by=cast.alma)
        drafts.save(session, answered, "decision", {"text": [whole]}, now=NOW, by=cast.alma)
        sign(session, decided, cast.alma, Parts("Du bor alene her.", "Du vil gå.", "Du er faldet.", "§ 140."))
        governance.stop(session, mallory.unit_id, reason=whole, now=NOW, by=mallory)
    report = reports.report_wrong
    with writing(engine) as session:
        report(
            session, answered, "smerte_beskrevet", note=next(parts)[:900], speaker=Speaker(), by=None, now=NOW
        )
    asked_for = a_request(engine, _found(engine, decided), cast.alma, "access", words=next(parts)[:900]).id
    a_power(engine, _found(engine, decided), cast.alma, name=next(parts)[:200], document=next(parts)[:200])
    people = {"mallory": mallory.person_id, "eve": _eve(engine, whole)}
    paths = _paths(engine, whole, new, judged, answered, decided, returned, waiting)
    entry = write(engine, cast.dan, "dilemma", resultat=said[0]).id
    rights = f"/sag/{decided}/rettigheder"
    paths["alma"] += [rights, f"{rights}/{asked_for}"]
    paths["alma"] += [f"/sag/{answered}/undersoeg", f"/sag/{answered}/undersoeg/{tried}"]
    paths["dagny"] += ["/forsoeg", f"/forsoeg/{planned}"]
    paths["vera"] += [names_opened(engine, cast, decided), "/databeskyttelse/brud"]
    paths["bent"] = [f"/skoensproeve/{drawn_case(engine, cast)}"]
    registers = [f"/registre?alle={quote(said[0], safe='')}", f"/registre/{entry}"]
    registers += ["/klar-til-drift", "/overvaagning", "/dokumenter", "/dokumenter/risici"]
    return Planted({**paths, "dan": registers, "dorte": [*paths["dorte"], *control]}, people)


def _paths(engine: Engine, whole: str, *cases: str) -> dict[str, list[str]]:
    new, judged, answered, decided, returned, waiting = cases
    shown, words = suggestion_of(engine, answered), quote(whole[:1500], safe="")
    return {
        "": [
            f"/log-ind?videre=/{words}", f"/{words}", "/om-systemet", "/tilgaengelighed", "/borger",
            "/om-systemet/dine-oplysninger", "/om-systemet/algoritme", "/ordliste",
        ],
        A_CITIZEN: [
            "/borger/oplysninger", "/borger/rettigheder", "/borger/tillid", "/borger/brev",
            f"/borger/forkert?oplysning={RESTRICTION}",
        ],
        "alma": [
            "/indbakke?vis=team", f"/indbakke?vis={words}&side={words}", "/sag/ny", f"/sag/{new}",
            f"/sag/{new}/sparring", f"/sag/{new}/fejl-i-oplysning?oplysning={words}",
            f"/sag/{judged}/grundlag", f"/sag/{answered}/grundlag", f"/sag/{answered}/ret",
            f"/sag/{answered}/som-vist/{shown}", f"/sag/{decided}/planlaegning", f"/sag/{decided}/kvittering",
            f"/sag/{decided}/brev", f"/sag/{decided}/brev/vis", f"/sag/{decided}/ret",
            f"/sag/{waiting}/svar", f"/sag/{returned}", "/enhed", "/om-modellen", "/datakatalog",
            f"/sag/{answered}/meldinger", f"/sag/{decided}/borger", f"/sag/{decided}/borger/laes-op",
            f"/sag/{decided}/borger/udskrift", f"/sag/{decided}/borger/forkert?oplysning={RESTRICTION}",
            "/rettigheder", "/adgangsregler", "/skoensproeve", "/spoergeskema", "/oevelsesrum",
            "/oevelsesrum/knae", "/proeve", f"/om-modellen/kilder/{words}", f"/om-modellen/tabeller/{words}",
            f"/oevelsesrum/{words}",
            f"/mit-spejl?kvartal={words}", f"/sag/{words}", f"/sag/ny?omraade={words}",
        ],
        "mallory": [f"/sag/{new}", "/enhed", "/indbakke"],
        "eve": ["/enhed", "/statistik"],
        "dagny": ["/ledelse"],
        "poul": ["/politisk"],
        "vera": ["/databeskyttelse"],
        "tove": [
            "/tider", f"/tider?periode={words}", "/effekt", f"/effekt?uger={words}",
            "/frafald", f"/frafald?periode={words}",
            "/kapacitet", "/skoensproever",
            "/statistik", f"/statistik?periode={words}&sagstype={words}",
        ],
        "dorte": [f"/sag/{new}", f"/sag/{decided}/ret", "/drift", "/tilsyn", f"/tilsyn/sag/{decided}"],
    }  # fmt: skip


def spoken(payload: Any, words: str, is_read: bool = False) -> Any:
    """The payload of a model with the words in every text that people read."""
    if isinstance(payload, dict):
        return {name: spoken(part, words, name in SPOKEN) for name, part in payload.items()}
    if isinstance(payload, list):
        return [spoken(part, words, is_read) for part in payload]
    return words if is_read and isinstance(payload, str) else payload


def _trial(engine: Engine, cast: Cast, mallory: Actor, words: str, part: str) -> str:
    """A trial that was planned and stopped in those words; its name holds only letters and digits."""
    plan = a_plan(cast, units=(mallory.unit_id,), approver=part, null_option=words)
    with writing(engine) as session:
        row = trial.register(session, plan, now=NOW, by=cast.dan)
    with writing(engine) as session:
        trial.stop(session, row.name, reason=words, now=NOW, by=cast.dan)
    return row.name


def _mallory(engine: Engine, cast: Cast, words: str) -> Actor:
    """A colleague with the words for a name."""
    with writing(engine) as session:
        person = staff.add_person(session, "mallory", words, now=LONG_AGO)
        unit_id = cast.alma.unit_id
        staff.grant(session, person.id, unit_id, "visitator", valid_from=TODAY, now=NOW, by=None)
    with reading(engine) as session:
        return actor_of(session, person.id, TODAY)


def _eve(engine: Engine, words: str) -> str:
    """A leader whose unit and municipality have the words for a name."""
    with writing(engine) as session:
        municipality = Municipality(code="0997", name=words)
        session.add(municipality)
        session.flush()
        unit = Unit(municipality_id=municipality.id, name=words)
        session.add(unit)
        session.commit()
        person = staff.add_person(session, "eve", words, now=LONG_AGO)
        staff.grant(session, person.id, unit.id, "teamleder", valid_from=TODAY, now=NOW, by=None)
    with writing(engine) as session:
        governance.change_phase(
            session, municipality.id, "pilot", legal_basis=words, approved_by=words, valid_from=TODAY,
            now=NOW, by=None,
        )  # fmt: skip
    return person.id


def _control(engine: Engine, cast: Cast, mallory: Actor, words: str) -> list[str]:
    """The pages of the log control of a month in which Mallory looked, with the words for a note."""
    looked_at = a_month_of_look_ups(engine, cast, 2)
    seen = look(engine, mallory, looked_at[0], at(20))
    sample = a_sample(engine, cast.dorte)
    number = number_of(sample, seen)
    with writing(engine) as session:
        log_control.review(
            session,
            sample.id,
            number,
            finding="to_examine",
            note=words,
            replaces=None,
            now=NOW,
            by=cast.dorte,
        )
    page = f"/logkontrol/{sample.id}"
    return ["/logkontrol", "/logkontrol/overblik?aar=2026", page, f"{page}/{number}"]


def _admission(engine: Engine, cast: Cast, words: str) -> None:
    row = Admission(
        at=LONG_AGO, area="genoptraening", version="2026-01-01", manifest_hash="ab" * 32, kind="promotion",
        approver=words, note=words,
    )  # fmt: skip
    with writing(engine) as session:
        log.append(session, Event.MODEL_PROMOTED, at=LONG_AGO, by=cast.dan, row=row)
        session.commit()


def _case(engine: Engine, number: int, words: str) -> Case:
    return a_case(
        engine,
        request_id=f"request-{number}",
        citizen=Citizen("7102479995", words, words, words),
        sections=dict.fromkeys(REFERRAL.sections, words),
        operational=dict.fromkeys(REFERRAL.operational, words),
    )


def _found(engine: Engine, case_id: str) -> Case:
    with reading(engine) as session:
        return find_case(session, case_id)
