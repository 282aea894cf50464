"""The 28 facts known at visitation of a genoptræningsplan, and the protected attributes kept apart.

Availability follows the plan as hospitals send it: coded, in its text, in the municipality's systems,
or computed. Nothing learned after the visitation may stand here (conditions found later, offers given,
contacts, test scores).
"""

from datetime import date
from functools import partial
from typing import Annotated

from models.areas.genoptraening import codes, law
from models.areas.genoptraening.derivation import EXPECTED_IN_PLAN, LIMITATIONS
from models.areas.genoptraening.diagnoses import SKS_PATTERN
from models.declaration import Kind, Question, Source, Stage, questions_of

coded = partial(Question, source=Source.PLAN_CODED, known_at=Stage.PLAN, terms=law.SENT)
read = partial(Question, source=Source.PLAN_TEXT, known_at=Stage.VISITATION, terms=law.READ)
own = partial(Question, source=Source.MUNICIPALITY, known_at=Stage.RECEIPT, terms=law.CARE_RECORD)
computed = partial(
    Question, source=Source.COMPUTED, known_at=Stage.RECEIPT, section="beregnet", terms=law.COMPUTED
)
NEVER_LOWERS = (
    "Omfanget af funktionsnedsættelsen er det første kriterium for niveauet. Er alt andet lige, kan en "
    "større begrænsning ikke tale for et lavere niveau."
)
limitation = partial(
    read, kind=Kind.SCALE, codes=codes.LIMITATION, section="funktion", weight=1.5, never_lowers=NEVER_LOWERS
)

CONTACT = ("contact_from", "contact_to")
LEVEL_CRITERION = "Omfanget af funktionsnedsættelsen er det første kriterium for niveauet."
COMPETENCE = "Siger noget om, hvilke kompetencer og hvilket udstyr indsatsen kræver."
COORDINATION = "Siger noget om behovet for koordinering med andre indsatser."
CLOCK = "Bruges til fristen og til at se, om planen er ny."
COMPLETENESS = "Viser, hvor meget beregningen bygger på."


# fmt: off
class CaseFacts:
    """What is recorded about a § 140 case before its decision."""

    aktionsdiagnose_sks: Annotated[str, coded(
        "Aktionsdiagnose", "SKS-koden fra planen, for eksempel DS721.", Kind.TERM, "plan",
        purpose=COMPETENCE, learned=False, weight=0.0, pattern=SKS_PATTERN.pattern, english="Main diagnosis",
        benefit="Vi kan se, hvad du er behandlet for, uden at du skal forklare det igen.",
        terms=law.only_for_the_case(law.SENT))]
    diagnosegruppe: Annotated[str, computed(
        "Diagnosegruppe", "Beregnes af aktionsdiagnosen.", Kind.CHOICE, codes=codes.DIAGNOSIS_GROUPS,
        weight=3.0, purpose=COMPETENCE, english="Diagnosis group",
        benefit="Vi kan finde sager om samme slags sygdom. De ligner din, men er ikke din.",
        drawn_from=("aktionsdiagnose_sks",))]
    bidiagnoser_antal: Annotated[int, coded(
        "Antal bidiagnoser", "Antallet af bidiagnoser i planen.", Kind.COUNT, "plan", low=0, high=20,
        purpose=COORDINATION, english="Number of secondary diagnoses",
        benefit="Vi kan se, om flere sygdomme skal tænkes med."
        " Tallet siger ikke, hvor meget de fylder for dig.")]
    komorbiditet_flag: Annotated[frozenset[str], coded(
        "Betydende komorbiditet", "Sygdomme, der har betydning for træningen.", Kind.SET, "plan",
        codes=codes.COMORBIDITIES, purpose=COORDINATION, english="Significant comorbidity",
        benefit="Din træning kan tage hensyn til dine andre sygdomme, hvis de står i planen.")]
    kontakttype: Annotated[str, computed(
        "Kontakttype", "Ambulant, når kontakten begynder og slutter samme dag.", Kind.CHOICE,
        codes=codes.CONTACT_TYPES, weight=0.5, purpose=LEVEL_CRITERION, english="Type of contact",
        benefit="Vi kan se, om du var indlagt. Det siger kun lidt om, hvad du har brug for.",
        drawn_from=CONTACT)]
    behandlingstype: Annotated[str, read(
        "Behandling", "Kirurgisk, når borgeren er opereret i forløbet.", Kind.CHOICE, "forloeb",
        codes=codes.TREATMENT_TYPES, purpose=COMPETENCE, english="Treatment",
        benefit="Din træning kan passe til, om du er opereret.")]
    indlaeggelsesdage: Annotated[int, computed(
        "Indlæggelsesdage", "Dage fra kontaktens start til dens slut.", Kind.COUNT, low=0, high=120,
        purpose=LEVEL_CRITERION, unit="dage", unit_one="dag", english="Days in hospital",
        benefit="Et langt ophold kan betyde, at du har mistet kræfter. Det er ikke altid sådan.",
        drawn_from=CONTACT)]
    dage_siden_udskrivning: Annotated[int, computed(
        "Dage siden udskrivning", "Fra udskrivning til planen blev modtaget.", Kind.COUNT, low=-7, high=60,
        weight=0.25, purpose=CLOCK, unit="dage", unit_one="dag", english="Days since discharge",
        benefit="Vi kan holde øje med din frist for at komme i gang.",
        drawn_from=("received_on", "discharged_on"))]
    afsender_speciale: Annotated[str, coded(
        "Afsendende speciale", "Specialet, aldrig det enkelte hospital.", Kind.CHOICE, "plan",
        codes=codes.SPECIALTIES, weight=0.5, purpose=COMPETENCE, english="Sending specialty",
        benefit="Vi kan se, hvilken slags afdeling planen kommer fra. Det siger kun lidt om dig.")]
    kompl_flag: Annotated[str, read(
        "Komplikationer i forløbet", "For eksempel infektion, blodprop eller ny operation.", Kind.SCALE,
        "forloeb", codes=codes.NO_YES, purpose=LEVEL_CRITERION, english="Complications",
        benefit="Vi kan se, om noget gik galt undervejs, så din træning kan tage hensyn til det.")]
    restriktion: Annotated[str, read(
        "Restriktioner for belastning", "Hvor meget borgeren må belaste.", Kind.SCALE, "forloeb",
        codes=codes.RESTRICTIONS, purpose=COMPETENCE, english="Load restrictions",
        benefit="Du bliver ikke sat til noget, som planen siger, at du ikke må.")]
    opstart_tidligst: Annotated[date, coded(
        "Tidligste opstart", "Kun når planen siger, at opstart skal vente.", Kind.DATE, "plan", low=-60,
        high=365, weight=0.0, learned=False, purpose=CLOCK, optional=True, english="Earliest start",
        benefit="Du bliver ikke kaldt ind, før planen siger, at du må begynde.",
        terms=law.only_for_the_case(law.SENT))]
    funk_mobilitet: Annotated[str, limitation(
        "Begrænsning i mobilitet", "At gå, rejse sig og forflytte sig.", purpose=LEVEL_CRITERION,
        english="Limitation: mobility",
        benefit="Din træning kan passe til, hvor godt du går og rejser dig."
        " Planen kan være et øjebliksbillede.")]
    funk_egenomsorg: Annotated[str, limitation(
        "Begrænsning i egenomsorg", "At vaske sig, klæde sig på og spise.", purpose=LEVEL_CRITERION,
        english="Limitation: self-care",
        benefit="Din træning kan passe til, hvad du selv kan klare. Det kan have ændret sig siden planen.")]
    funk_praktisk: Annotated[str, limitation(
        "Begrænsning i praktiske opgaver", "At lave mad, købe ind og gøre rent.",
        purpose=LEVEL_CRITERION, english="Limitation: household tasks",
        benefit="Din træning kan passe til det, du skal kunne derhjemme. Planen siger ikke altid alt.")]
    funk_mental: Annotated[str, limitation(
        "Begrænsning i mentale funktioner", "Hukommelse, overblik, energi og kommunikation.",
        purpose=LEVEL_CRITERION, english="Limitation: mental functions",
        benefit="Din træning kan passe til, hvad du kan huske og overskue. Det er svært at læse i en plan.")]
    funk_krop: Annotated[str, limitation(
        "Begrænsning i kroppen", "Kraft, bevægelighed, sår, vejrtrækning og smerter.",
        purpose=LEVEL_CRITERION, english="Limitation: body functions",
        benefit="Din træning kan passe til dine kræfter og dine smerter."
        " Det kan have ændret sig siden planen.")]
    funk_foer: Annotated[str, read(
        "Funktionsevne før", "Hvordan borgeren klarede sig før hændelsen.", Kind.SCALE, "funktion",
        codes=codes.FUNCTION_BEFORE, purpose=LEVEL_CRITERION, english="Function before",
        benefit="Vi kan se, hvad du kunne før, og hvad du gerne skal kunne igen. Planen kan tage fejl.")]
    funktionstab: Annotated[str, computed(
        "Ændring fra før", "Gennemsnittet af begrænsningerne nu, fratrukket niveauet før.", Kind.SCALE,
        codes=codes.LIMITATION, purpose=LEVEL_CRITERION, never_lowers=NEVER_LOWERS,
        english="Loss of function",
        benefit="Vi kan se, hvor meget der har ændret sig for dig. Det er et gennemsnit og fanger ikke alt.",
        drawn_from=(*LIMITATIONS, "funk_foer"))]
    antal_livsomraader: Annotated[int, computed(
        "Berørte livsområder", "Hvor mange af de fem områder der er mindst moderat begrænset.", Kind.COUNT,
        low=0, high=5, purpose=LEVEL_CRITERION, never_lowers=NEVER_LOWERS, english="Areas of life affected",
        benefit="Vi kan se, hvor meget af din hverdag det rammer."
        " Tallet siger ikke, hvad der er vigtigst for dig.",
        drawn_from=LIMITATIONS)]
    smerte_beskrevet: Annotated[str, read(
        "Smerter", "Som de er beskrevet i planen.", Kind.SCALE, "funktion", codes=codes.PAIN,
        purpose=COMPETENCE, english="Pain",
        benefit="Din træning kan tage hensyn til dine smerter, hvis planen nævner dem.")]
    kognition_paavirket: Annotated[str, read(
        "Kognitiv påvirkning", "Nedsat hukommelse, overblik eller dømmekraft.", Kind.SCALE, "funktion",
        codes=codes.NO_YES, purpose=LEVEL_CRITERION, english="Cognition affected",
        benefit="Din træning kan tage hensyn til, om det er svært at huske. Det står ikke altid i planen.")]
    ganghjaelpemiddel: Annotated[str, read(
        "Ganghjælpemiddel", "Det hjælpemiddel, borgeren bruger nu.", Kind.SCALE, "funktion",
        codes=codes.WALKING_AIDS, purpose=LEVEL_CRITERION, english="Walking aid",
        benefit="Vi kan se, hvad du bruger for at gå. Det kan have ændret sig siden planen.")]
    faldrisiko: Annotated[str, read(
        "Fald eller faldrisiko nævnt", "Ja, når planen nævner fald eller risiko for fald.", Kind.SCALE,
        "funktion", codes=codes.NO_YES, purpose=COORDINATION, english="Risk of falling",
        benefit="Din træning kan tage hensyn til, at du kan falde, hvis planen nævner det.")]
    hjemmepleje: Annotated[str, own(
        "Modtager hjemmepleje", "Fra kommunens omsorgsjournal.", Kind.SCALE, "hverdag", codes=codes.NO_YES,
        purpose=COORDINATION, english="Receives home care",
        benefit="Træning og hjælp i hjemmet kan passe bedre sammen."
        " Det er ikke sikkert, at det gør en forskel.")]
    boligform: Annotated[str, own(
        "Boligform", "Fra kommunens omsorgsjournal.", Kind.CHOICE, "hverdag", codes=codes.HOUSING,
        weight=0.5, purpose=COORDINATION, english="Housing",
        benefit="Vi kan tænke dit hjem med, for eksempel trapper."
        " Det er ikke sikkert, at det gør en forskel.")]
    tidl_gop_12m: Annotated[int, own(
        "Tidligere planer seneste 12 måneder", "Antal genoptræningsplaner før denne.", Kind.COUNT, "hverdag",
        low=0, high=5, weight=0.5, purpose=COORDINATION, english="Earlier plans, last 12 months",
        benefit="Vi kan se, om du har trænet hos os for nylig. Det siger ikke, hvordan du har det nu.",
        terms=law.EARLIER_PLANS)]
    gop_komplet: Annotated[float, computed(
        "Planens fuldstændighed", "Andelen af de forventede oplysninger, der er kendt.", Kind.SHARE,
        weight=0.0, learned=False, purpose=COMPLETENESS,
        english="Completeness",
        benefit="Vi kan se, hvor meget vi mangler at vide om dig, før vi beslutter noget.",
        terms=law.only_for_the_case(law.COMPUTED),
        drawn_from=EXPECTED_IN_PLAN)]


kept_apart = partial(
    Question, section="beskyttet", source=Source.MUNICIPALITY, known_at=Stage.RECEIPT, learned=False,
    weight=0.0, protected=True, purpose="Kun til prøver for skævhed. Indgår aldrig i beregningen.",
    benefit="Vi kan opdage, om systemet rammer nogle grupper skævt. Små forskelle kan vi overse.",
    terms=law.BIAS_TESTS,
)


class ProtectedAttributes:
    """Attributes that serve bias tests only, stored apart from the facts and never learned from."""

    koen: Annotated[str, kept_apart(
        "Køn", "Til prøver for skævhed.", Kind.CHOICE, codes=codes.SEXES, english="Sex")]
    aldersgruppe: Annotated[str, kept_apart(
        "Aldersgruppe", "Til prøver for skævhed.", Kind.SCALE, codes=codes.AGE_GROUPS, english="Age group")]
    tolkebehov: Annotated[str, kept_apart(
        "Tolkebehov", "Til prøver for skævhed.", Kind.SCALE, codes=codes.NO_YES,
        english="Needs interpreter")]
    distrikt: Annotated[str, kept_apart(
        "Bopælsdistrikt", "Til prøver for skævhed.", Kind.CHOICE, codes=codes.DISTRICTS, english="District")]
    bor_alene: Annotated[str, kept_apart(
        "Bor alene", "Til prøver for skævhed.", Kind.SCALE, codes=codes.NO_YES, english="Lives alone")]
# fmt: on


def criteria(facts: type) -> tuple[str, ...]:
    """The questions whose purpose is to be a criterion of the level or to settle what competence it takes."""
    return tuple(each.name for each in questions_of(facts) if each.purpose in (LEVEL_CRITERION, COMPETENCE))
