"""Whole entries for every register, and ways to write them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from models import areas
from models.declared import catalogue_mark
from service.database import reading, writing
from service.identity import Actor
from service.tables.governance import RegisterEntry
from service.workflow.governance import stop_all
from service.workflow.registers import book
from service.workflow.registers.documents import asked
from tests.cast import NOW, Cast, passes_quiz

AREA = areas.get("genoptraening")

VERSION = "v1"
MODEL = f"model:{VERSION}"
BY = "Dan Vang, datamedarbejder"
PEOPLE = [
    {"fag": "Fysioterapi", "rolle": "visitator"},
    {"fag": "Ergoterapi", "rolle": "visitator"},
    {"fag": "Jura", "rolle": "jurist"},
]
WHOLE: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "project": ("projekt:genoptraening", {
        "navn": "Overblik i visitationen", "status": "i_gang", "formaal": "At samle tidligere sager.",
        "ansvarlig": "Ida Vest, chef", "begyndt": "2026-01-05", "naeste_aar": "Vi afprøver i Nord.",
        "indstilling": "aendr", "alternativer": ["Fortsæt uden ændring", "Stop og slet"], "offentlig": True,
    }),
    "dilemma": (MODEL, {
        "titel": "Skal alder med?", "fase": "udvikling", "skade_ved_brug": "Ældre kan få for lidt.",
        "skade_uden_brug": "Behov kan blive overset.", "deltagere": PEOPLE[:2], "dato": "2026-05-04",
        "resultat": "Alder vises, men indgår ikke.", "offentlig": True,
    }),
    "balance": (MODEL, {
        "vaerdi": "Borgeren får en mere ens vurdering.", "ulempe": "Flere ser oplysningerne.",
        "risiko": "Tallene kan tages for et svar.", "risikoprofil": "mellem",
        "gevinst": "Kortere tid til at finde lignende sager.",
        "uden_systemet": "Sagerne vurderes som før.", "konklusion": "Vi prøver det.", "dato": "2026-05-05",
    }),
    "involvement": (MODEL, {
        "gruppe": "fag", "deltagere": PEOPLE, "digitalt_udfordrede": False, "dato": "2026-05-06",
        "udfordret": "At tallene står for tidligt.", "aendret": "Egen vurdering gemmes først.",
    }),
    "approval": (MODEL, {
        "trin": "juridisk", "besluttet_af": "Jens Ravn", "rolle": "jurist", "dato": "2026-05-07",
        "begrundelse": "Lovligt i en skyggefase.",
    }),
    "competence": ("system:skoen", {
        "forloeb": "Grundlag og dets grænser", "indhold": "Hvad tallene ikke siger.", "gruppe": "visitatorer",
        "antal": 12, "bestaaet": 11, "dato": "2026-05-08",
    }),
    "incident": ("system:skoen", {
        "titel": "En fil lå forkert", "beskrivelse": "En fil lå i en forkert mappe.", "persondata": True,
        "opdaget": "2026-06-28T10:00:00+02:00", "handling": "Filen er slettet.",
    }),
    "complaint": ("system:skoen", {
        "slags": "klage", "emne": "Brevet var svært at læse.", "modtaget": "2026-06-02",
    }),
    "document": ("system:skoen", {
        "slags": "dpia", "titel": "Konsekvensanalyse", "ansvarlig": "Ida Vest, direktør",
        "dato": "2026-05-20", "findes": "sag 26/141", "raad": "Kan bruges i en afgrænset afprøvning.",
    }),
    "practice_change": ("system:skoen", {
        "titel": "Nye niveauer i vejledningen", "kilde": "Vejledning om genoptræning",
        "dato": "2020-01-01", "ansvarlig": "Ida Vest, direktør",
    }),
    "attestation": ("system:skoen", {
        "enhed": "Træning Nord", "leder": "Tove Dam, teamleder", "halvaar": "2026-1", "dato": "2026-06-20",
        "erklaering": "Ingen beslutter ud fra tallene alene.",
    }),
    "fairness": (MODEL, {
        "titel": "Beslutninger til og med 2026-05", "maaned": "2026-05", "status": "fund", "antal": 412,
        "fra": "2025-06-01", "til": "2026-05-31", "fund": ["Køn, Kvinde: besluttes lavere end eget skøn"],
        "proevet": ["Køn · Kvinde · 210 · fund"], "dato": "2026-06-03",
    }),
    "monitoring": (MODEL, {
        "titel": "Overvågning for maj 2026", "omraade": "genoptraening", "maaned": "2026-05",
        "fra": "2026-05-01", "til": "2026-05-31", "status": "alarm",
        "alarmer": ["Eget skøn: Avanceret niveau: 60 % (før 25 %)"], "dato": "2026-06-03",
        "maalinger": [{"maal": "Eget skøn", "vaerdi": "60 %", "sager": "omkring 80", "saedvanligt": "25 %",
                       "graense": "10 procentpoint", "svar": "alarm"}],
    }),
    "challenge": ("model:v2", {
        "titel": "v2 holdt op mod v1", "omraade": "genoptraening", "status": "i_gang", "aftryk": "ab" * 32,
        "i_brug": "v1", "i_brug_aftryk": "cd" * 32, "begrundelse": "Flere sager om håndled.",
        "fra": "2026-03-01", "til": "2026-05-31",
    }),
    "checklist": (MODEL, {
        "liste": "principper", "ansvarlig": "Ida Vest, direktør", "dato": "2026-05-02",
        "svar": [f"{each}: opfyldt: sag 26/139" for each in asked("principper")],
    }),
    "catalogue": ("katalog:genoptraening", {
        "nyt": "De 28 oplysninger fra planen og journalen.", "fingeraftryk": catalogue_mark(AREA),
        "noedvendig": "Niveauet afhænger af dem.", "ulempe": "Der bliver skrevet mere ned om borgeren.",
        "konsekvensanalyse": "Afsnit 3 har fået en linje for hver kilde.", "deltagere": PEOPLE,
        "dato": "2026-05-03", "resultat": "godkendt",
    }),
}  # fmt: skip
BASIS = {
    "trin": "retsgrundlag", "besluttet_af": "Ida Vest", "rolle": "direktør", "dato": "2026-06-01",
    "begrundelse": "Afprøvning.", "lov": "Sundhedsloven § 140", "omfang": "Træning Nord",
    "udloeber": "2026-12-31", "dokument": "sag 26/140",
}  # fmt: skip


def write(
    engine: Engine, by: Actor, kind: str, *, subject: str | None = None, replaces: str | None = None,
    now: datetime = NOW, **changed: Any,
) -> RegisterEntry:  # fmt: skip
    """A whole entry of a register with some of its fields changed; None takes a field away."""
    usual, content = WHOLE[kind]
    given = {key: value for key, value in {**content, **changed}.items() if value is not None}
    with writing(engine) as session:
        return book.add(
            session, by.municipality_id, kind, subject=subject or usual, content=given, recorded_by=BY,
            now=now, by=by, replaces=replaces, measured=True,
        )  # fmt: skip


def approve(engine: Engine, by: Actor, trin: str, *, version: str = VERSION, **changed: Any) -> RegisterEntry:
    """One step of a version's approval."""
    return write(engine, by, "approval", subject=f"model:{version}", trin=trin, **changed)


def a_basis(engine: Engine, by: Actor, phase: str, *, assesses: bool = True, **changed: Any) -> RegisterEntry:
    """The legal basis of a phase; after it the catalogue, assessed as it is, which each phase needs too."""
    row = write(engine, by, "approval", subject=f"fase:{phase}", **{**BASIS, **changed})
    if assesses:
        write(engine, by, "catalogue")
    return row


def ready_for_shadow(engine: Engine, by: Actor, version: str = VERSION) -> None:
    """Everything that a version needs before `skygge`."""
    for kind in ("dilemma", "involvement", "balance"):
        write(engine, by, kind, subject=f"model:{version}")
    for name in ("lov", "principper"):
        answers = [f"{each}: opfyldt: sag 26/139" for each in asked(name)]
        write(engine, by, "checklist", subject=f"model:{version}", liste=name, svar=answers)
    for trin in ("juridisk", "etisk"):
        approve(engine, by, trin, version=version)


def in_shadow(
    engine: Engine, by: Actor, version: str = VERSION, month: str = "2026-02", cases: int = 120
) -> RegisterEntry:
    """A month in which a version was computed beside the one in use, and shown to nobody."""
    return write(
        engine, by, "monitoring", maaned=month, skygge=[f"{version}: {cases}"], status="ingen_alarm",
        alarmer=None,
    )  # fmt: skip


def approved_for_operation(engine: Engine, by: Actor, version: str = VERSION) -> None:
    """A version all the way to `drift`."""
    ready_for_shadow(engine, by, version)
    approve(engine, by, "skygge", version=version)
    approve(engine, by, "faglig", version=version)
    write(engine, by, "involvement", subject=f"model:{version}", gruppe="med_tr")
    in_shadow(engine, by, version)
    approve(engine, by, "pilot", version=version)
    write(engine, by, "involvement", subject=f"model:{version}", gruppe="borgere", digitalt_udfordrede=True)
    approve(engine, by, "drift", version=version)


def ready_for_pilot(engine: Engine, by: Actor) -> None:
    """What the gate asks of a municipality before `pilot`, beside approvals and legal basis."""
    write(engine, by, "document")
    for kind in ("forvaltningsret", "breve"):
        write(engine, by, "document", slags=kind, raad=None)


def ready_for_operation(cast: Cast, version: str = VERSION) -> None:
    """Every point of the gate, beside approvals and legal basis."""
    engine, by = cast.engine, cast.dan
    ready_for_pilot(engine, by)
    for kind in ("fria", "klassifikation", "skyggerapport", "fortegnelse", "arkiv"):
        write(engine, by, "document", slags=kind, raad=None)
    write(engine, by, "document", slags="gendannelse", raad=None, bestaaet=True)
    write(engine, by, "document", subject=f"model:{version}", slags="skaevhed", raad=None, bestaaet=True)
    for group in ("fag", "med_tr", "borgere"):
        write(engine, by, "involvement", subject=f"model:{version}", gruppe=group, digitalt_udfordrede=True)
    with writing(engine) as session:
        stop_all.stop_all(session, reason="Vi prøver knappen.", now=NOW, by=cast.ada, drill=True)
    with writing(engine) as session:
        stop_all.release_all(session, reason="Prøvet.", now=NOW, by=cast.ada)
    for name in ("alma", "bent", "freja"):
        passes_quiz(engine, cast.people[name])


def standing(engine: Engine, by: Actor, kind: str | None = None) -> list[RegisterEntry]:
    """The newest versions of the municipality's entries."""
    with reading(engine) as session:
        return book.standing(session, by.municipality_id, kind)


def register_entries(engine: Engine, by: Actor) -> tuple[str, str, str]:
    """One of every register; gives a dilemma's first and newest version, and a breach nobody told of."""
    ids = {kind: write(engine, by, kind).id for kind in WHOLE}
    newest = write(engine, by, "dilemma", resultat="Alder indgår nu.", replaces=ids["dilemma"])
    approve(engine, by, "loeftet")
    return ids["dilemma"], newest.id, ids["incident"]
