"""What an invented municipality wrote in its registers before it practised: enough to read, not to go on.

No sign-off stands there, so the version stays in udkast, and the pages show what it lacks.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from models import areas
from models.declared import catalogue_mark
from service.clock import local_date
from service.database import writing
from service.identity import Actor
from service.workflow.registers import book

AREA = "genoptraening"
BY = "Dan Vang, datamedarbejder"
PHYSIO = {"fag": "fysioterapi", "rolle": "visitator"}
OCCUPATIONAL = {"fag": "ergoterapi", "rolle": "visitator"}
DATA = {"fag": "data", "rolle": "datamedarbejder"}
Written = tuple[str, str, dict[str, Any]]


def fill(engine: Engine, version: str, *, now: datetime, by: Actor) -> int:
    """Write the entries, as on a day; gives how many."""
    entries = _entries(f"model:{version}", local_date(now))
    for kind, subject, content in entries:
        with writing(engine) as session:
            book.add(
                session, by.municipality_id, kind, subject=subject, content=content, recorded_by=BY, now=now,
                by=by,
            )  # fmt: skip
    return len(entries)


def _entries(model: str, today: date) -> tuple[Written, ...]:
    def before(days: int) -> str:
        return (today - timedelta(days=days)).isoformat()

    return (
        ("project", "projekt:oevelse", {
            "navn": "Øvelse med Skøn", "status": "i_gang", "ansvarlig": "Sundhedschefen",
            "begyndt": before(30),
            "formaal": "At lære, hvad lignende sager kan sige, og hvad de ikke kan sige.",
            "naeste_aar": "Vi finder ud af, om der skal være en skyggefase.", "indstilling": "fortsaet",
            "drift_timer": 180, "drift_kr": 60,
            "alternativer": ["Ændr: Vis færre tal.", "Stop: Vurder sagerne som før."], "offentlig": True,
        }),
        ("dilemma", model, {
            "titel": "Skal beregningen kende borgerens alder?", "fase": "udvikling",
            "skade_ved_brug": "Ældre kan få mindre hjælp, end de har brug for.",
            "skade_uden_brug": "Beregningen kan overse, at nogle har brug for mere.",
            "deltagere": [PHYSIO, OCCUPATIONAL], "dato": before(21),
            "resultat": "Nej. Alder bruges kun til at se efter, om beregningen er skæv.", "offentlig": True,
        }),
        ("balance", model, {
            "vaerdi": "Borgere med lignende behov bliver set på samme måde.",
            "ulempe": "Flere oplysninger fra planen bliver skrevet ned.",
            "risiko": "Tallene kan blive taget for et svar.", "risikoprofil": "hoej",
            "gevinst": "Visitatoren finder lignende sager hurtigere.",
            "uden_systemet": "Visitatoren husker selv sager og spørger en kollega.",
            "konklusion": "Vi øver os med opdigtede sager, før vi beslutter mere.", "dato": before(14),
        }),
        ("involvement", model, {
            "gruppe": "fag", "deltagere": [PHYSIO, OCCUPATIONAL, DATA], "digitalt_udfordrede": False,
            "dato": before(10), "udfordret": "At tallene kunne påvirke den egne vurdering.",
            "aendret": "Den egne vurdering bliver gemt, før tallene kan ses.", "offentlig": True,
        }),
        ("catalogue", f"katalog:{AREA}", {
            "nyt": "Alle oplysninger, før systemet bliver prøvet", "dato": before(18),
            "fingeraftryk": catalogue_mark(areas.get(AREA)),
            "noedvendig": "Niveauet afhænger af, hvad borgeren har svært ved, og hvad det kræver.",
            "ulempe": "Der bliver skrevet mere ned. Hjemmepleje og bolig kan borgeren sige nej til.",
            "konsekvensanalyse": "Afsnittet om kilder har fået en linje for planen og en for journalen.",
            "deltagere": [PHYSIO, OCCUPATIONAL, DATA], "resultat": "godkendt",
        }),
        ("document", "system:skoen", {
            "slags": "dpia", "titel": "Konsekvensanalyse for øvelsen", "ansvarlig": "Sundhedschefen",
            "dato": before(12), "findes": "sag 26/140",
            "raad": "Øvelsen kan begynde, når alle sager er opdigtede.", "offentlig": True,
        }),
        ("document", "system:skoen", {
            "slags": "forvaltningsret", "titel": "Notat om det faglige skøn",
            "ansvarlig": "Juridisk afdeling", "dato": before(11), "findes": "sag 26/141", "offentlig": True,
        }),
        ("document", model, {
            "slags": "skaevhed", "titel": "Første undersøgelse af skævhed", "ansvarlig": "Dan Vang",
            "dato": before(9), "findes": "sag 26/142", "bestaaet": False, "offentlig": True,
        }),
        ("document", "system:skoen", {
            "slags": "saarbarheder", "titel": "Kendte fejl i de programmer, Skøn bygger på",
            "ansvarlig": "Ada Friis", "dato": before(7), "findes": "sag 26/143", "aabne": 0,
            "offentlig": True,
        }),
        ("checklist", model, {
            "liste": "principper", "ansvarlig": "Sundhedschefen", "dato": before(8), "offentlig": True,
            "svar": [
                "KL-1: opfyldt: Hver oplysning har en grund i kataloget.",
                "KL-2: opfyldt: Kun teamet ser sagen.",
                "KL-3: opfyldt: Borgeren kan sige fra.",
                "KL-4: delvis: Vi mangler at prøve det.",
                "KL-5: opfyldt: Brevet er skrevet kort.",
                "KL-6: delvis: Borgere er ikke spurgt endnu.",
                "G-1: opfyldt: Borgeren kan sige nej.",
                "G-2: opfyldt: Afvejningen er skrevet.",
                "G-3: opfyldt: Modellen kan vises hel.",
                "G-4: delvis: Prøven bestod ikke.",
                "G-5: opfyldt: Vurderingen kommer før tallene.",
            ],
        }),
    )  # fmt: skip
