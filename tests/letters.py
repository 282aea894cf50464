"""Letters: grounds of every kind without a database, and a signed one about a decided case."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session

from models import areas
from models import facts as case_facts
from service.database import reading, writing
from service.identity import Actor
from service.tables.citizen import Letter
from service.tables.intake import Case
from service.tables.suggestion import WITHHELD_REASONS
from service.workflow.case_file import newest, open_file
from service.workflow.letter.contacts import read_contacts
from service.workflow.letter.draft import Parts, draft_of
from service.workflow.letter.ground import Count, Ground, Told, ground_of
from service.workflow.letter.write import write_letter
from tests.cast import NOW, TODAY

AREA = areas.get("genoptraening")
WORDS = AREA.citizen_words
OFFERS = (WORDS.offers["basal"], WORDS.offers["avanceret"])
CONTACTS = read_contacts(None, "0999")
OWN = "Du bor alene på tredje sal og vil selv kunne handle."
BOTH = ("facts", "law")


def a_told(name: str, code: str) -> Told:
    """A fact of the letter's table."""
    question = AREA.by_name[name]
    words = case_facts.say(question, code)
    return Told(question.label, words, question.source.label, WORDS.known.get(name, {}).get(code, ""))


def a_ground(**changes: Any) -> Ground:
    """13 of 20 like the decision, judged first, planned within the deadline."""
    usual = Ground(
        variant="shown", name="Agnes Prøve", serial=1, written_on=TODAY, decided_on=TODAY, offer=OFFERS[1],
        law=WORDS.law["avanceret"], weighed=(WORDS.weighed["funktion_nu"],), own_words="", view="",
        wish="Selv hente posten", facts=(a_told("funk_mobilitet", "3"), a_told("boligform", "eget_hjem")),
        similar=(Count(OFFERS[1], 13), Count(OFFERS[0], 7)), most=OFFERS[1], judged_first=True, change="kept",
        why_withheld=None, computed=True, first_date=TODAY + timedelta(days=3),
        due_on=TODAY + timedelta(days=5), unit="Træning Nord", municipality="Fjordby Kommune",
        contacts=CONTACTS,
    )  # fmt: skip
    return replace(usual, **changes)


@st.composite
def grounds(draw: st.DrawFn, variant: str) -> Ground:
    """Any ground of one variant, as casework can make it."""
    choice = draw(st.sampled_from(["basal", "avanceret"]))
    offer = WORDS.offers[choice]
    shown = variant in ("shown", "other_than_most")
    mine, others = draw(st.integers(0, 20)), draw(st.integers(0, 20))
    if variant == "other_than_most":
        mine, others = sorted((mine, others + 21))
    else:
        others, mine = sorted((mine, others))
    other = next(each for each in OFFERS if each != offer)
    counts = [Count(name, count) for name, count in ((offer, mine), (other, others)) if count]
    day = draw(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
    chosen = draw(st.lists(st.sampled_from(sorted(WORDS.weighed)), min_size=1, max_size=2, unique=True))
    known = [
        a_told(name, draw(st.sampled_from(sorted(codes))))
        for name, codes in WORDS.known.items()
        if draw(st.booleans())
    ]
    withheld = "control_arm" if variant == "control_arm" else None
    if variant == "not_shown":
        withheld = draw(st.sampled_from(sorted(set(WITHHELD_REASONS) - {"control_arm"})))
    return a_ground(
        variant=variant, offer=offer, law=WORDS.law[choice], weighed=tuple(WORDS.weighed[c] for c in chosen),
        similar=tuple(sorted(counts, key=lambda c: -c.count)) if shown else (),
        most=None if not shown or mine == others else max(counts, key=lambda c: c.count).offer,
        facts=tuple(known), wish=draw(st.sampled_from(["", "Gå i byen igen", "Selv hente posten."])),
        judged_first=shown and draw(st.booleans()), change=draw(st.sampled_from(["kept", "changed"])),
        why_withheld=withheld, computed=draw(st.booleans()), written_on=day, decided_on=day,
        first_date=draw(st.none() | st.just(day + timedelta(days=draw(st.integers(0, 40))))),
        due_on=draw(st.none() | st.just(day + timedelta(days=7))),
    )  # fmt: skip


def parts_of(ground: Ground, **changes: str) -> Parts:
    """The draft, with her own words where they are asked for."""
    draft = draft_of(ground)
    mended = {
        "weighed": f"{draft.weighed} {OWN}",
        "wish": draft.wish or "Du ville ikke sige noget om det.",
        "facts": draft.facts or "Planen siger ikke noget om det.",
    }
    return Parts(**{**asdict(draft), **mended, **changes})


def the_ground(engine: Engine, case_id: str) -> Ground:
    """What a letter about a decided case is made of."""
    with reading(engine) as session:
        return ground_of(session, open_file(session, case_id), None, TODAY)


def sign(session: Session, case_id: str, by: Actor, parts: Parts | None = None, **changes: Any) -> Letter:
    """Sign a letter as its page would: the newest decision, and the letter that was there."""
    file, before = open_file(session, case_id), newest(session, Letter, case_id)
    said: dict[str, Any] = {
        "confirmed": BOTH, "decision_id": file.decision.id if file.decision else "",
        "replaces": before.id if before else None, "contacts": None, "now": NOW, **changes,
    }  # fmt: skip
    parts = parts or parts_of(ground_of(session, file, said["contacts"], TODAY))
    return write_letter(session, case_id, parts, by=by, **said)


def a_letter(engine: Engine, case: Case, by: Actor, parts: Parts | None = None, **changes: Any) -> Letter:
    """A signed letter about a decided case."""
    with writing(engine) as session:
        return sign(session, case.id, by, parts, **changes)
