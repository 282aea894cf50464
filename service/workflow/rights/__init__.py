"""The citizen's rights as cases of their own: asked for, put off with reasons, answered, taken back.

A right takes effect with its request, and everywhere (`service.workflow.in_force`). What was asked is never
changed; where a request stands follows from its steps.
"""

from datetime import date, datetime

from sqlmodel import Session

from service import log, policy
from service.clock import local_date
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.intake import Case
from service.tables.rights import CHANNELS, SPEAKERS, RightRequest, RightStep
from service.workflow.case_file import find_case
from service.workflow.in_force import KEEPS_FROM_OTHERS, reference_key, requests_of
from service.workflow.intake import mark_wrong_row
from service.workflow.retention.schedule import months_after
from service.workflow.rights.kinds import GROUNDS, KINDS, due_on, extended_to, grounds_for
from service.workflow.rights.standing import Standing, of_case, standing_of

MOST_CHARACTERS = 4000
OLDEST_MONTHS = 12
ANSWERS = ("granted", "partly", "refused")
OWN = "own"
"""The channel of a citizen who is on her own page; every other has an employee who listened."""


def ask(
    session: Session, case_id: str, kind: str, *, channel: str, words: str, received_on: date, now: datetime,
    by: Actor | None, speaker: str = "citizen", on_behalf: str = "", fact: str | None = None,
) -> RightRequest:  # fmt: skip
    """Record that a citizen uses a right, and commit; from then on it is in force.

    `by` is the employee who listened, None for the citizen's own page. `on_behalf` says who spoke for her and
    by what right. `fact` names the fact that is wrong, for a rectification: it is marked in the same step.
    The same right again, while it stands, is the request that is there. Raises Refused for what is missing.
    """
    case = _case(session, case_id, by)
    _refuse_incomplete(kind, channel, speaker, on_behalf, words, by)
    _refuse_day(received_on, local_date(now))
    said = {"words": words.strip(), "on_behalf": on_behalf.strip(), "fact": fact}
    repeated = _the_same(session, case_id, kind, received_on, said)
    if repeated is not None:
        return repeated
    if fact and kind == "rectification":
        mark_wrong_row(session, case, fact, note=said["words"] or "", now=now, by=by)
    row = RightRequest(
        at=now, case_id=case_id, kind=kind, channel=channel, speaker=speaker, received_on=received_on,
        due_on=due_on(received_on, KINDS[kind]), recorded_by=by.person_id if by else None,
        reference_keys=_keys(session, case) if kind in KEEPS_FROM_OTHERS else [],
    )  # fmt: skip
    log.append(
        session, Event.RIGHT_ASKED, at=now, by=by, row=row, citizen_id=case.citizen_id, case_id=case_id,
        personal=said, kind=kind, channel=channel, speaker=speaker,
    )  # fmt: skip
    session.commit()
    return row


def extend(session: Session, request_id: str, *, words: str, now: datetime, by: Actor | None) -> RightStep:
    """Put the answer off by two months, once, with reasons told within the first month (GDPR art. 12(3))."""
    standing = find(session, request_id, by)
    _refuse_ended(standing)
    if KINDS[standing.request.kind].is_choice:
        raise Refused("Det har borgeren selv bestemt. Det skal bekræftes og kan ikke vente.")
    if standing.is_extended:
        raise Conflict("Fristen er allerede forlænget. Det kan kun ske én gang.")
    if local_date(now) > standing.request.due_on:
        raise Conflict("Fristen er overskredet. Den kan ikke forlænges bagefter.")
    _refuse_text(words, "words", "Skriv til borgeren, hvorfor svaret må vente.")
    until = extended_to(standing.request.received_on)
    return _store(session, standing, "extended", Event.RIGHT_EXTENDED, now, by, words.strip(), due_on=until)


def answer(
    session: Session, request_id: str, *, outcome: str, words: str, ground: str | None, now: datetime,
    by: Actor | None,
) -> RightStep:  # fmt: skip
    """Answer a request: granted, partly or refused. A refusal names its ground and says how to complain.

    Raises Refused for an answer that lacks its ground or its words, or that refuses what the citizen alone
    decides, and Conflict when the request is answered already.
    """
    standing = find(session, request_id, by)
    kind = KINDS[standing.request.kind]
    if outcome not in ANSWERS:
        raise Refused("Vælg, hvad svaret er.", field="outcome")
    if kind.is_choice and outcome != "granted":
        raise Refused("Det bestemmer borgeren selv. Det kan ikke afslås.", field="outcome")
    if outcome == "granted":
        ground = None
    elif ground not in {each.code for each in grounds_for(kind.code)}:
        raise Refused("Vælg, hvilken regel afslaget bygger på.", field="ground")
    _refuse_text(words, "words", "Skriv svaret til borgeren.")
    repeated = standing.answer
    if repeated is not None and _says_the_same(session, repeated, outcome, words):
        return repeated
    _refuse_ended(standing)
    told = words.strip()
    if ground is not None:
        told = f"{told}\n\n{GROUNDS[ground].words} Reglen er {GROUNDS[ground].provision}.\n\n{kind.complaint}"
    return _store(
        session, standing, outcome, Event.RIGHT_ANSWERED, now, by, told, ground=ground, said=words.strip()
    )


def withdraw(
    session: Session, request_id: str, *, words: str = "", now: datetime, by: Actor | None
) -> RightStep:
    """The citizen takes back what waits or is in force: what it held back may be used again."""
    standing = find(session, request_id, by)
    if not standing.may_be_withdrawn:
        raise Conflict("Anmodningen er besvaret eller gælder ikke længere.")
    _refuse_text(words, "words", "")
    return _store(session, standing, "withdrawn", Event.RIGHT_WITHDRAWN, now, by, words.strip())


def lift(session: Session, request_id: str, *, words: str, now: datetime, by: Actor | None) -> RightStep:
    """End a restriction that was granted, after the citizen was told so (GDPR art. 18(3))."""
    standing = find(session, request_id, by)
    if standing.request.kind != "restriction" or standing.answer is None or standing.has_ended:
        raise Conflict("Kun en begrænsning, der gælder, kan ophæves.")
    _refuse_text(words, "words", "Skriv, hvad borgeren har fået at vide, før begrænsningen ophæves.")
    return _store(session, standing, "lifted", Event.RIGHT_ANSWERED, now, by, words.strip())


def find(session: Session, request_id: str, by: Actor | None) -> Standing:
    """A request with its steps, for whoever may handle rights in its case; NotFound for anybody else's."""
    row = session.get(RightRequest, request_id)
    if row is None:
        raise NotFound
    _case(session, row.case_id, by)
    return standing_of(session, row)


def _case(session: Session, case_id: str, by: Actor | None) -> Case:
    case = find_case(session, case_id)
    if by is not None:
        policy.authorize(by, Action.HANDLE_RIGHTS, case)
    return case


def _refuse_incomplete(
    kind: str, channel: str, speaker: str, on_behalf: str, words: str, by: Actor | None
) -> None:
    if kind not in KINDS:
        raise Refused("Vælg, hvad borgeren beder om.", field="kind")
    if channel not in CHANNELS or (channel == OWN) != (by is None):
        raise Refused("Vælg, hvordan borgeren har bedt om det.", field="channel")
    if speaker not in SPEAKERS:
        raise Refused("Vælg, hvem der har bedt om det.", field="speaker")
    if speaker == "representative" and not on_behalf.strip():
        raise Refused("Skriv, hvem der taler for borgeren, og med hvilken ret.", field="on_behalf")
    needed = "Skriv, hvad der er forkert, og hvad der er rigtigt." if kind == "rectification" else ""
    _refuse_text(words, "words", needed)
    _refuse_text(on_behalf, "on_behalf", "")


def _refuse_text(words: str, field: str, needed: str) -> None:
    if needed and not words.strip():
        raise Refused(needed, field=field)
    if len(words) > MOST_CHARACTERS:
        raise Refused(f"Der må højst stå {MOST_CHARACTERS} tegn.", field=field)


def _refuse_day(received_on: date, today: date) -> None:
    if received_on > today:
        raise Refused("Datoen ligger ude i fremtiden.", field="received_on")
    if received_on < months_after(today, -OLDEST_MONTHS):
        raise Refused("Datoen ligger mere end et år tilbage. Se den efter.", field="received_on")


def _refuse_ended(standing: Standing) -> None:
    if standing.answer is not None or standing.has_ended:
        raise Conflict("Anmodningen er allerede besvaret eller taget tilbage. Se den igen.")


def _the_same(
    session: Session, case_id: str, kind: str, received_on: date, said: dict[str, str | None]
) -> RightRequest | None:
    """A request that stands and is this one: a right in force is asked for once, another by its words."""
    for standing in of_case(session, case_id):
        if standing.request.kind != kind or standing.has_ended:
            continue
        if standing.is_in_force:
            return standing.request
        if standing.answer is None and standing.request.received_on == received_on:
            part = log.open_part(session, standing.request)
            if all(part.get(name) == value for name, value in said.items()):
                return standing.request
    return None


def _says_the_same(session: Session, step: RightStep, outcome: str, words: str) -> bool:
    return step.kind == outcome and log.open_part(session, step).get("said") == words.strip()


def _keys(session: Session, case: Case) -> list[str]:
    requests = requests_of(session, [case.citizen_id])[case.citizen_id]
    return sorted(reference_key(session, *each) for each in requests)


def _store(
    session: Session, standing: Standing, kind: str, event: Event, now: datetime, by: Actor | None,
    words: str, *, ground: str | None = None, due_on: date | None = None, said: str | None = None,
) -> RightStep:  # fmt: skip
    request = standing.request
    case = find_case(session, request.case_id)
    row = RightStep(
        at=now, case_id=case.id, request_id=request.id, number=len(standing.steps) + 1, kind=kind,
        ground=ground, due_on=due_on, taken_by=by.person_id if by else None,
    )  # fmt: skip
    log.append(
        session, event, at=now, by=by, row=row, citizen_id=case.citizen_id, case_id=case.id,
        personal={"words": words, "said": said}, request=request.id, outcome=kind, ground=ground,
    )  # fmt: skip
    session.commit()
    return row
