"""The shape of each register: its fields in the order they are read, and which of them must be there.

The keys are Danish in ASCII, as they stand in the municipality's own files.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.tables.governance import REGISTERS
from service.workflow.registers import (
    attestations,
    challenge,
    documents,
    fairness,
    kept_facts,
    monitoring,
    rule_change,
    rules,
)
from service.workflow.registers.fields import Field, Kind

STEP, HELD_ON, WHEN = "trin", "dato", "fase"
LEGAL_BASIS, LEGAL, ETHICAL, PROFESSIONAL = "retsgrundlag", "juridisk", "etisk", "faglig"
DIRECTOR, ADVISER, ESCALATED, RESOLVED = "direktoer", "dpo", "loeftet", "afklaret"
STEPS = {
    LEGAL: "juridisk godkendelse",
    ETHICAL: "etisk godkendelse",
    PROFESSIONAL: "faglig godkendelse",
    DIRECTOR: "direktørens godkendelse",
    ADVISER: "databeskyttelsesrådgiverens godkendelse",
    "skygge": "videre til skygge",
    "pilot": "videre til pilot",
    "drift": "videre til drift",
    ESCALATED: "løftet til et højere niveau",
    RESOLVED: "afklaret efter løft",
    LEGAL_BASIS: "retsgrundlag for en fase",
    fairness.EXCEPTION: "undtagelse fra prøven for skævhed",
}
BY_PROFESSION, CITIZENS, UNION = "fag", "borgere", "med_tr"
GROUPS = {
    BY_PROFESSION: "faget",
    CITIZENS: "borgere eller en patientforening",
    UNION: "MED-udvalg eller tillidsrepræsentant",
    "andre": "andre",
}
RISK, HIGH = "risikoprofil", "hoej"
RISKS = {"lav": "lav", "mellem": "mellem", HIGH: "høj"}
WAYS_ON = {"fortsaet": "fortsæt", "aendr": "ændr", "stop": "stop"}

SUBJECT_OF = {
    "model": "en modelversion",
    "fase": "en fase",
    "projekt": "et projekt",
    "system": "systemet",
    "katalog": "et datakatalog",
}
"""What an entry may be about; a subject reads `model:v7`."""

PUBLIC = Field("offentlig", "Vises på den offentlige side", Kind.FLAG, must=False)
_HELD_ON = Field(HELD_ON, "Dato", Kind.DAY)


def _nothing_more(content: Mapping[str, Any]) -> str | None:
    """No rule across fields."""
    return None


@dataclass(frozen=True)
class Shape:
    """One register: its names, its fields, what its entries may be about, and a rule across fields.

    `rule` answers with what is wrong, or None. `public` is for a register whose every entry is public.
    """

    kind: str
    label: str
    plural: str
    subjects: tuple[str, ...]
    fields: tuple[Field, ...]
    public: bool = False
    rule: Callable[[Mapping[str, Any]], str | None] = _nothing_more

    @property
    def keys(self) -> frozenset[str]:
        """The keys of its fields."""
        return frozenset(field.key for field in self.fields)


def _basis_is_whole(content: Mapping[str, Any]) -> str | None:
    """A legal basis says on which law, for what, until when and in which document."""
    if content[STEP] == fairness.EXCEPTION:
        return fairness.exception_is_whole(content)
    missing = [key for key in ("lov", "omfang", "udloeber", "dokument") if not content.get(key)]
    if content[STEP] != LEGAL_BASIS:
        return None
    if missing:
        return f"Et retsgrundlag skal også have: {', '.join(missing)}."
    return "Et retsgrundlag skal udløbe efter sin dato." if content["udloeber"] <= content["dato"] else None


_DECLARED = (
    Shape(
        "project", "Projekt", "Projekter", ("projekt",),
        (
            Field("navn", "Navn"),
            Field("status", "Status", Kind.CHOICE, choices={
                "planlagt": "planlagt", "i_gang": "i gang", "afsluttet": "afsluttet",
            }),
            Field("formaal", "Formål"),
            Field("ansvarlig", "Ansvarlig"),
            Field("begyndt", "Begyndt", Kind.DAY),
            Field("sluttet", "Sluttet", Kind.DAY, must=False),
            Field("naeste_aar", "Det næste år", must=False),
            Field("drift_timer", "Løbende drift, timer om året", Kind.COUNT, must=False),
            Field("drift_kr", "Løbende drift, 1.000 kr. om året", Kind.COUNT, must=False),
            Field("indstilling", "Indstilling til politikerne", Kind.CHOICE, must=False, choices=WAYS_ON),
            Field("alternativer", "Alternativer til indstillingen", Kind.LINES, must=False),
            PUBLIC,
        ),
        rule=rules.alternatives_to_a_recommendation,
    ),
    Shape(
        "dilemma", "Dilemma", "Dilemmaer", ("model", "projekt", "system"),
        (
            Field("titel", "Dilemma"),
            Field(WHEN, "Hvornår i forløbet", Kind.CHOICE, choices={
                "valg": "valg af teknologi", "udvikling": "udvikling", "anvendelse": "anvendelse",
            }),
            Field("skade_ved_brug", "Mulig skade ved at bruge det"),
            Field("skade_uden_brug", "Mulig skade ved ikke at bruge det"),
            Field("deltagere", "Deltagere", Kind.PEOPLE),
            _HELD_ON, Field("resultat", "Hvad det førte til"),
            Field(rule_change.WEIGHED, "Oplysninger, der vejer anderledes", Kind.LINES, must=False),
            Field(kept_facts.KEPT, "Oplysninger, der beholdes", Kind.LINES, must=False), PUBLIC,
        ),
    ),
    Shape(
        "balance", "Afvejning", "Afvejninger", ("model", "projekt"),
        (
            Field("vaerdi", "Værdi for borgeren"),
            Field("ulempe", "Ulempe for borgeren"),
            Field("risiko", "Risiko for borgeren"),
            Field(RISK, "Risikoprofil", Kind.CHOICE, choices=RISKS),
            Field("gevinst", "Gevinst for administrationen"),
            Field("uden_systemet", "Hvis opgaven løses uden systemet"),
            Field("konklusion", "Konklusion"),
            _HELD_ON,
        ),
        public=True,
    ),
    Shape(
        "involvement", "Inddragelse", "Inddragelse", ("model", "projekt", "system"),
        (
            Field("gruppe", "Hvem", Kind.CHOICE, choices=GROUPS),
            Field("deltagere", "Deltagere", Kind.PEOPLE),
            Field("digitalt_udfordrede", "Borgere, der har svært ved det digitale, var med", Kind.FLAG),
            _HELD_ON,
            Field("udfordret", "Hvad der blev udfordret"),
            Field("aendret", "Hvad der blev ændret"),
            PUBLIC,
        ),
    ),
    Shape(
        "approval", "Godkendelse", "Godkendelser", ("model", "fase"),
        (
            Field(STEP, "Trin", Kind.CHOICE, choices=STEPS),
            Field("besluttet_af", "Besluttet af"),
            Field("rolle", "Rolle"),
            _HELD_ON,
            Field("begrundelse", "Begrundelse"),
            Field("lov", "Lov", must=False),
            Field("omfang", "Omfang", must=False),
            Field("udloeber", "Gælder til og med", Kind.DAY, must=False),
            Field("dokument", "Dokument", must=False),
            PUBLIC,
        ),
        rule=_basis_is_whole,
    ),
    Shape(
        "competence", "Kompetence", "Kompetencer", ("model", "system"),
        (
            Field("forloeb", "Forløb"), Field("indhold", "Indhold"), Field("gruppe", "For hvem"),
            Field("antal", "Deltagere", Kind.COUNT), Field("bestaaet", "Heraf bestået", Kind.COUNT),
            _HELD_ON, PUBLIC,
        ),
        rule=rules.passed_of_all,
    ),
    Shape(
        "incident", "Hændelse", "Hændelser", ("model", "system"),
        (
            Field("titel", "Hændelse"),
            Field("beskrivelse", "Hvad der skete"),
            Field("persondata", "Brud på persondatasikkerheden", Kind.FLAG),
            Field("opdaget", "Opdaget", Kind.INSTANT),
            Field("anmeldt", "Anmeldt", Kind.INSTANT, must=False),
            Field("anmeldt_til", "Anmeldt til", must=False),
            Field("handling", "Hvad der blev gjort"),
            Field("lukket", "Lukket", Kind.DAY, must=False),
            PUBLIC,
        ),
        rule=rules.notified_after_found,
    ),
    Shape(
        "complaint", "Klage", "Klager og indsigelser", ("model", "system"),
        (
            Field("slags", "Slags", Kind.CHOICE, choices={"klage": "klage", "indsigelse": "indsigelse"}),
            Field("emne", "Hvad den handler om, uden oplysninger om borgeren"),
            Field("modtaget", "Modtaget", Kind.DAY),
            Field("besvaret", "Besvaret", Kind.DAY, must=False),
            Field("udfald", "Udfald", must=False), Field("aendret", "Hvad der blev ændret", must=False),
        ),
        rule=rules.answered_after_received,
    ),
    Shape(
        "catalogue", "Vurdering af oplysninger", "Vurderinger af oplysninger", ("katalog",),
        (
            Field("nyt", "Hvad der er nyt"),
            Field("fingeraftryk", "Katalogets fingeraftryk"),
            Field("noedvendig", "Hvorfor opgaven ikke kan løses uden"),
            Field("ulempe", "Ulempe for borgeren"),
            Field("konsekvensanalyse", "Hvad det ændrer i konsekvensanalysen"),
            Field("deltagere", "Deltagere", Kind.PEOPLE),
            _HELD_ON,
            Field("resultat", "Hvad der blev besluttet", Kind.CHOICE, choices={
                "godkendt": "godkendt", "afvist": "afvist",
            }),
            Field("oplysninger", "Oplysninger, der er vurderet", Kind.LINES, must=False),
            Field("kilder", "Kilder, der er vurderet", Kind.LINES, must=False),
            PUBLIC,
        ),
    ),
    Shape(
        "document", "Dokument", "Dokumenter", ("system", "model"),
        (
            Field(documents.DOCUMENT, "Hvad det er", Kind.CHOICE, choices=documents.DOCUMENTS),
            Field("titel", "Titel"),
            Field("ansvarlig", "Hvem der svarer for det"),
            _HELD_ON,
            Field("findes", "Hvor det findes"),
            Field("raad", "Databeskyttelsesrådgiverens råd", must=False),
            Field(documents.PASSED, "Bestået", Kind.FLAG, must=False),
            Field(documents.OPEN_ONES, "Sårbarheder, der ikke er lukket", Kind.COUNT, must=False),
            PUBLIC,
        ),
        rule=documents.document_is_whole,
    ),
    Shape(
        "checklist", "Tjekliste", "Tjeklister", ("model",),
        (
            Field(documents.LIST, "Liste", Kind.CHOICE, choices=documents.LISTS),
            Field("ansvarlig", "Hvem der svarer for den"),
            _HELD_ON,
            Field(documents.ANSWERS, "Svar som “SK-01: opfyldt: hvad det hviler på”", Kind.LINES),
            PUBLIC,
        ),
        rule=documents.checklist_is_whole,
    ),
    Shape(
        "practice_change", "Praksisskift", "Praksisskift", ("system",),
        (
            Field("titel", "Hvad der er ændret"), Field("kilde", "Lov, retningslinje eller standard"),
            Field(HELD_ON, "Gælder fra", Kind.DAY), Field("ansvarlig", "Hvem der svarer for det"), PUBLIC,
        ),
    ),
    Shape(
        "attestation", "Lederens erklæring", "Lederes erklæringer", ("system",),
        (
            Field(attestations.UNIT, "Enhed"), Field("leder", "Leder"), Field(attestations.HALF, "Halvår"),
            _HELD_ON, Field("erklaering", "Hvad lederen står inde for"), PUBLIC,
        ),
        rule=attestations.is_whole,
    ),
    Shape(
        fairness.KIND, "Prøve af beslutninger", "Prøver af beslutninger", ("model", "system"),
        (
            Field("titel", "Prøve"), Field("maaned", "Måned"),
            Field("status", "Svar", Kind.CHOICE, choices=fairness.STATUS),
            Field("antal", "Sager", Kind.COUNT), Field("fra", "Fra", Kind.DAY), Field("til", "Til", Kind.DAY),
            Field("fund", "Hvad der blev fundet", Kind.LINES, must=False),
            Field("proevet", "Hvad der blev prøvet, og hvad der kunne være fundet", Kind.LINES),
            _HELD_ON, Field("handling", "Hvad der blev gjort", must=False),
            Field("lukket", "Lukket", Kind.DAY, must=False), PUBLIC,
        ),
        rule=fairness.is_whole,
    ),
    Shape(
        monitoring.KIND, "Overvågning af modellen", "Overvågning af modellen", ("model",),
        (*monitoring.MEASURED, _HELD_ON, *monitoring.ANSWERED, PUBLIC), rule=monitoring.is_whole,
    ),
    Shape(
        challenge.KIND, "Sammenligning af modeller", "Sammenligninger af modeller", ("model",),
        challenge.FIELDS, rule=challenge.is_whole,
    ),
)  # fmt: skip
SHAPES: dict[str, Shape] = {shape.kind: shape for shape in _DECLARED}
"""Every register by its kind, in the order they are read."""

if tuple(SHAPES) != REGISTERS:
    raise RuntimeError("a register without a shape, or a shape without a register")
