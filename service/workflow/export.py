"""Decided cases on their way to the workshop: facts, judgement, evidence, decision, outcome; no identity."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from tempfile import TemporaryFile

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models import areas
from models.export_head import PHASES, Ground
from models.facts import Fact
from models.labels import source_of
from models.left_out import REASONS, LeftOut
from models.record import DecidedCase, Outcome
from service.database import reading
from service.errors import PartUnreadable
from service.log import vault
from service.tables.assessment import Assessment
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, FactsVersion, PersonalPart
from service.tables.organisation import Municipality
from service.tables.suggestion import Suggestion
from service.workflow import governance, in_force
from service.workflow.assessment.blind import blind_judgement
from service.workflow.case_file import WAITING_CHOICES, facts_of
from service.workflow.delivery import outcome_of
from service.workflow.registers import practice_change

AT_A_TIME = 200


@dataclass(frozen=True)
class _Found:
    case: Case
    decision: Decision
    suggestion: Suggestion
    assessment: Assessment


def decisions(
    engine: Engine,
    municipality_id: str | None = None,
    *,
    area_name: str | None = None,
    left_out: Callable[[str], None] = lambda request_id: None,
    refused: Callable[[str, str], None] = lambda request, reason: None,
) -> Iterator[DecidedCase]:
    """Every decided case by its newest decision, oldest decision first; of one municipality or of all.

    A case that waits for an answer is not decided yet. A case whose facts are erased or cannot be read is
    left out, and `left_out` is told its request id. So is one of a citizen who has used a right against it:
    `refused` is told `municipality:request` and the right.

    Which they are is read at one moment, and noted on the disk; rows are only added, so the decisions are
    those of that moment. What they hold is read some at a time, each time in a transaction of its own: a
    million take no more memory than a few, and nobody waits to write until all are read.
    """
    with TemporaryFile("w+", encoding="ascii") as ids:
        with reading(engine) as session:
            codes = {each.id: each.code for each in session.exec(select(Municipality))}
            ids.writelines(f"{each}\n" for each in _chosen(session, municipality_id, area_name))
        ids.seek(0)
        while some := [line.rstrip("\n") for line in islice(ids, AT_A_TIME)]:
            with reading(engine) as session:
                part = list(_part(session, some, codes, left_out, refused))
            yield from part


def _part(
    session: Session, ids: Sequence[str], codes: Mapping[str, str], left_out: Callable[[str], None],
    refused: Callable[[str, str], None],
) -> Iterator[DecidedCase]:  # fmt: skip
    """The cases of some decisions; what each of them needs is read for all of them at once."""
    said_no = in_force.kept_from_learning(session)
    some = _found(session, ids)
    outcomes, plannings = _outcomes(session, some), _plannings(session, some)
    vault.keys_at_hand(session, [each.case.citizen_id for each in some])
    sealed = _sealed_facts(session, some)
    for each in some:
        municipality = codes[each.case.municipality_id]
        if reason := said_no.get(each.case.citizen_id):
            refused(f"{municipality}:{each.case.request_id}", reason)
        elif (facts := _facts(session, each, sealed)) is None:
            left_out(each.case.request_id)
        else:
            outcome = outcomes.get((each.case.municipality_id, each.case.request_id), Outcome())
            yield _decided(session, each, municipality, facts, plannings.get(each.decision.id), outcome)


def left_out_of(
    session: Session, refused: Mapping[str, Set[str]], municipality_code: str | None = None
) -> LeftOut:
    """What an export must say of the citizens who said no: `refused` cases by right, and other requests.

    The others are what older files may hold: requests of the same citizens, from reports and undecided cases.
    """
    said_no = in_force.kept_from_learning(session)
    others: dict[str, set[str]] = {reason: set() for reason in REASONS}
    for citizen_id, requests in in_force.requests_of(session, said_no).items():
        for code, request_id in requests:
            if municipality_code in (None, code):
                others[said_no[citizen_id]].add(f"{code}:{request_id}")
    cases = {reason: frozenset(refused.get(reason, ())) for reason in REASONS}
    return LeftOut(cases, {reason: frozenset(others[reason] - cases[reason]) for reason in REASONS})


def grounds(session: Session, on: date, municipality_id: str | None = None) -> list[Ground]:
    """On what legal basis each municipality may be learned from, and from which day its practice holds."""
    places = select(Municipality).order_by(Municipality.code)
    if municipality_id is not None:
        places = places.where(Municipality.id == municipality_id)
    found = []
    for place in session.exec(places):
        record = governance.phase_record(session, place.id, on)
        phase = governance.phase_of(session, place.id, on)
        basis = record.legal_basis if record and phase else ""
        found.append(Ground(place.code, phase, basis, practice_change.changed_on(session, place.id, on)))
    return found


def _chosen(session: Session, municipality_id: str | None, area_name: str | None) -> Iterable[str]:
    """The ids of the decisions, as the database hands them over."""
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    statement = (
        select(Decision.id)
        .join(Case, col(Case.id) == Decision.case_id)
        .where(col(Decision.id).not_in(replaced), col(Decision.choice).not_in(WAITING_CHOICES))
        .order_by(col(Decision.at), col(Decision.id))
    )
    if municipality_id is not None:
        statement = statement.where(Case.municipality_id == municipality_id)
    if area_name is not None:
        statement = statement.where(Case.area == area_name)
    return session.exec(statement, execution_options={"yield_per": 10 * AT_A_TIME})


def _found(session: Session, ids: Sequence[str]) -> list[_Found]:
    """Some decisions in the order of their ids, each with what it rests on."""
    statement = (
        select(Case, Decision, Suggestion, Assessment)
        .join(Decision, col(Decision.case_id) == Case.id)
        .join(Suggestion, col(Suggestion.id) == Decision.suggestion_id)
        .join(Assessment, col(Assessment.id) == Suggestion.assessment_id)
        .where(col(Decision.id).in_(ids))
    )
    found = {row[1].id: _Found(*row) for row in session.exec(statement)}
    return [found[each] for each in ids if each in found]  # one may have been retired meanwhile


def _sealed_facts(session: Session, some: Sequence[_Found]) -> dict[str, tuple[FactsVersion, PersonalPart]]:
    """By its id each version of the facts that was judged, with its part: held, so none is read again."""
    wanted = [each.assessment.facts_id for each in some]
    found = session.exec(
        select(FactsVersion, PersonalPart)
        .join(PersonalPart, col(PersonalPart.id) == FactsVersion.part_id)
        .where(col(FactsVersion.id).in_(wanted))
    )
    return {version.id: (version, part) for version, part in found}


def _decided(
    session: Session, each: _Found, municipality: str, facts: dict[str, Fact], planning: Planning | None,
    outcome: Outcome,
) -> DecidedCase:  # fmt: skip
    case, decision, shown = each.case, each.decision, each.suggestion
    blind = blind_judgement(session, each.assessment)
    decided = DecidedCase(
        request_id=case.request_id,
        area=case.area,
        municipality=municipality,
        received_on=case.received_on,
        discharged_on=case.discharged_on,
        start_after=case.start_after,
        contact_from=case.contact_from,
        contact_to=case.contact_to,
        plan_type=case.plan_type,
        decided_at=decision.at,
        judged_at=blind.at,
        phase=shown.phase if shown.phase in PHASES else None,
        facts=facts,
        own_level=blind.choice,
        own_corrected_after_evidence=blind.id != each.assessment.id,
        reference_level=shown.reference_level,
        model_level=shown.model_level,
        model_version=shown.model_version,
        final_level=decision.choice,
        reason_code=decision.reason_code,
        arm=shown.arm,
        shown=shown.outcome == "shown",
        withheld_reason=shown.reason,
        label_source="unknown",
        origin="skoen",
        forms=tuple(planning.forms) if planning else (),
        team=planning.team if planning else None,
        place=planning.place if planning else None,
        outcome=outcome,
        reference_key=in_force.reference_key(session, municipality, case.request_id),
    )
    # Only a person can judge or decide here: there are no service accounts.
    return replace(decided, label_source=source_of(areas.get(case.area), decided))


def _facts(
    session: Session, each: _Found, sealed: Mapping[str, tuple[FactsVersion, PersonalPart]]
) -> dict[str, Fact] | None:
    """The facts as they were when the case was judged; None where they cannot be read."""
    version, _ = sealed.get(each.assessment.facts_id, (None, None))
    try:
        return None if version is None else facts_of(session, areas.get(each.case.area), version)
    except PartUnreadable:
        return None


def _outcomes(session: Session, some: Sequence[_Found]) -> dict[tuple[str, str], Outcome]:
    """The outcomes reported about the cases, by municipality and request."""
    found = {}
    for municipality_id in {each.case.municipality_id for each in some}:
        ids = [each.case.request_id for each in some if each.case.municipality_id == municipality_id]
        for request_id, outcome in outcome_of(session, ids, municipality_id=municipality_id).items():
            found[municipality_id, request_id] = outcome
    return found


def _plannings(session: Session, some: Sequence[_Found]) -> dict[str, Planning]:
    replaced = select(Planning.replaces).where(col(Planning.replaces).is_not(None))
    ids = [each.decision.id for each in some]
    newest = select(Planning).where(col(Planning.decision_id).in_(ids), col(Planning.id).not_in(replaced))
    return {planning.decision_id: planning for planning in session.exec(newest)}
