"""Invented citizens with everything that can be held about one, and every trace to look for afterwards."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, select

from service.database import reading, writing
from service.identity import Actor, find_citizen, lookup_of
from service.log.vault import vault_of
from service.tables.intake import Case
from service.tables.organisation import Municipality
from service.workflow import decision, delivery, intake, suggestion
from service.workflow.assessment import consultation, drafts
from service.workflow.delivery.reported import Report, Reported
from service.workflow.intake.referral import Citizen
from service.workflow.letter.draft import Parts
from tests.builders import a_judgement, a_referral
from tests.cast import NOW
from tests.cast import PEPPER as LONG_PEPPER
from tests.letters import sign
from tests.shelves import FixedShelf

PEPPER = LONG_PEPPER[:32]
"""As a file of secrets holds it."""
STEP = timedelta(minutes=7)


@dataclass(frozen=True)
class Planted:
    """A citizen with one case and one delivery report, and what may be found of her."""

    number: int
    citizen: Citizen
    citizen_id: str
    case: Case
    report_id: str
    key: bytes
    wrapped: bytes

    def words(self) -> Iterator[str]:
        """What only she has: identity, words of the plan, free text, and what reports say."""
        cpr = self.citizen.cpr
        yield from (cpr, f"{cpr[:6]}-{cpr[6:]}", self.citizen.address, self.citizen.phone)
        yield from self.citizen.name.split()[:1]
        for kind in ("plan", "fritekst", "kladde", "sparring", "vist", "brev"):
            yield word_of(kind, self.number)

    def ids(self, pepper: bytes = PEPPER) -> Iterator[str]:
        """What points at her by itself."""
        yield from (self.citizen_id, request_of(self.number), f"rapport-{self.number:05}")
        yield from (f"kontakt-{self.number:05}", f"noegle-{self.number:05}")
        yield lookup_of(self.case.municipality_id, self.citizen.cpr, pepper)

    def keys(self) -> Iterator[bytes]:
        """The key of what is sealed, as it is and as it was wrapped."""
        yield from (self.key, self.key.hex().encode(), self.wrapped, self.wrapped.hex().encode())

    def traces(self) -> set[bytes]:
        """All of it, as bytes."""
        texts = {text.encode() for text in (*self.words(), *self.ids())}
        return texts | set(self.keys())


def word_of(kind: str, number: int) -> str:
    """A word that stands in one citizen's text alone."""
    return f"{kind}ord{number:05}x"


def request_of(number: int) -> str:
    """The sender's id of a request."""
    return f"anmodning-{number:05}"


def a_citizen(number: int) -> Citizen:
    """A citizen with a replacement number (day + 60)."""
    born = date(1930, 1, 1) + timedelta(days=number * 11)
    cpr = f"{born.day + 60:02}{born.month:02}{born.year % 100:02}{2000 + number % 1000:04}"
    return Citizen(cpr, f"Navna{number:05} Prøvesen", f"Vej{number:05} 7, 9999 Fjordby", f"99 {number:05}")


def receive(engine: Engine, number: int, *, person: int | None = None, now: datetime = NOW) -> Case:
    """A plan for a citizen, the number's own unless another is said."""
    said = a_referral()
    day = now.date()
    referral = replace(
        said, request_id=request_of(number), citizen=a_citizen(number if person is None else person),
        sections={"helbred": f"Faldet hjemme: {word_of('plan', number)}."},
        received_on=day, discharged_on=day, contact_from=day - timedelta(days=9), contact_to=day,
        facts={name: replace(fact, known_at=now - timedelta(days=1)) for name, fact in said.facts.items()},
    )  # fmt: skip
    with writing(engine) as session:
        return intake.receive(session, referral, pepper=PEPPER, now=now, by=None)


def decide(engine: Engine, case: Case, number: int, by: Actor, *, now: datetime = NOW) -> None:
    """Judgement, answer, advice, decision and plan of a received case: after it the case has ended."""
    key = f"noegle-{number:05}"
    own = a_judgement(engine, case, by, now=now, key=f"{key}-j")
    suggestion.answer(
        engine, own.id, shelf=FixedShelf(), render=lambda payload, mode: f"<p>{word_of('vist', number)}</p>",  # type: ignore[arg-type]
        template_version="t/1", now=now + STEP, by=by,
    )  # fmt: skip
    with writing(engine) as session:
        text = f"Hvad mener du? {word_of('sparring', number)}"
        consultation.ask(session, case.id, text=text, now=now + STEP, by=by)
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="avanceret", reason_code="funktion_nu", key=f"{key}-b", by=by,
            text=f"Efter samtale: {word_of('fritekst', number)}.", now=now + STEP,
        )  # fmt: skip
    first = now.date() + timedelta(days=3)
    in_time = first <= case.due_on
    with writing(engine) as session:
        decision.plan(
            session, case.id, forms=("individuel",), team="ortopaedisk", place="center", by=by,
            start_status="inden_frist" if in_time else "frit_valg", first_date=first if in_time else None,
            now=now + 2 * STEP,
        )  # fmt: skip


def report(engine: Engine, number: int, *, person: int | None = None, now: datetime = NOW) -> str:
    """A delivery report about a request; gives its id."""
    request_id, day = request_of(number), now.date()
    told = Reported(
        "service_request", request_id, request_id, "active", False, day, None,
        {"level": None, "discharged_on": day.isoformat(), "reason": None},
    )  # fmt: skip
    contact = Reported("encounter", f"kontakt-{number:05}", request_id, "finished", False, day, day, {})
    whole = Report(
        f"rapport-{number:05}", f"{number:064x}", now, a_citizen(number if person is None else person).cpr,
        (told, contact),
    )  # fmt: skip
    with writing(engine) as session:
        taken = delivery.take_over(session, whole, "0999", pepper=PEPPER, now=now, by=None)
    assert taken is not None
    return taken.id


def plant(engine: Engine, by: Actor, number: int, *, now: datetime = NOW) -> Planted:
    """A citizen whose one case is decided, planned and told of, with a draft left and a delivery report."""
    case = receive(engine, number, now=now)
    decide(engine, case, number, by, now=now)
    with writing(engine) as session:
        parts = Parts(
            f"Du bor alene: {word_of('brev', number)}.", "Du vil gå selv.", "Du er faldet.", "§ 140."
        )
        sign(session, case.id, by, parts, now=now + 3 * STEP)
    with writing(engine) as session:
        content = {"note": word_of("kladde", number)}
        drafts.save(session, case.id, "planning", content, now=now + 3 * STEP, by=by)
    report_id = report(engine, number, now=now + 3 * STEP)
    return planted(engine, case, number, report_id)


def planted(engine: Engine, case: Case, number: int, report_id: str = "") -> Planted:
    """What may be found of the citizen of a case."""
    citizen, vault = a_citizen(number), vault_of(engine)
    with reading(engine) as session:
        citizen_id = id_of(session, citizen.cpr)
    assert citizen_id is not None
    wrapped = vault.keystore.find(citizen_id)
    assert wrapped is not None
    return Planted(number, citizen, citizen_id, case, report_id, vault.key_of(citizen_id), wrapped)


def id_of(session: Session, cpr: str) -> str | None:
    """The citizen id behind a CPR number in Fjordby, if there is one."""
    fjordby = session.exec(select(Municipality.id).where(Municipality.code == "0999")).one()
    return find_citizen(session, fjordby, cpr, PEPPER)


def early(year: int) -> datetime:
    """An instant at the beginning of a year."""
    return datetime(year, 1, 5, 9, 0, tzinfo=UTC)
