"""Visitation of genoptræningsplaner: Sundhedsloven § 140."""

from models.areas.genoptraening import codes, law
from models.areas.genoptraening.citizen import WORDS
from models.areas.genoptraening.derivation import derive
from models.areas.genoptraening.envelope import options
from models.areas.genoptraening.facts import CaseFacts, ProtectedAttributes, criteria
from models.declaration import Area

AREA = Area(
    name="genoptraening",
    label="Genoptræning efter sygehusophold",
    legal_basis="Sundhedsloven § 140",
    facts=CaseFacts,
    protected=ProtectedAttributes,
    levels=codes.LEVELS,
    options=options,
    derive=derive,
    reasons=codes.REASONS,
    independent_reasons=("oplysning_mangler", "borgerens_maal"),
    against_knowledge=codes.AGAINST_KNOWLEDGE,
    lessons=codes.LESSONS,
    plan_types=codes.PLAN_TYPES,
    forms=codes.FORMS,
    teams=codes.TEAMS,
    places=codes.PLACES,
    start_statuses=codes.START_STATUSES,
    outcomes=codes.OUTCOMES,
    plan_sections=codes.PLAN_SECTIONS,
    practical=codes.PRACTICAL,
    sections=codes.SECTIONS,
    not_known_to_model=("din samtale med borgeren", "hjemmebesøg", "borgerens mål og motivation", "netværk"),
    case_type="diagnosegruppe",
    need=("diagnosegruppe", "funktionstab"),
    recognisable=(
        "diagnosegruppe",
        "kontakttype",
        "behandlingstype",
        "indlaeggelsesdage",
        "ganghjaelpemiddel",
        "hjemmepleje",
        "boligform",
    ),
    clinical=criteria(CaseFacts),
    not_audited={
        "oprindelse": "Kommunen må normalt ikke have oplysninger om oprindelse i en sag efter § 140."
        " Tolkebehov og bopælsdistrikt prøves i stedet.",
    },
    citizen_words=WORDS,
    laws=law.LAWS,
    owners=law.OWNERS,
)
