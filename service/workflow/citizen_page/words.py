"""What the page says, in words for everybody: short sentences, and no word that only we know."""

from models.declaration import Source
from models.terms import Duty
from service.workflow.citizen_page.contexts import Contexts
from service.workflow.citizen_page.looks import Look
from service.workflow.citizen_page.speaker import PHONE, REPRESENTATIVE

TITLE = "Mine oplysninger"
OPENING = (
    "Her kan du se, hvad vi ved om dig, og hvad vi har brugt det til."
    " Du kan også se, hvornår nogen har set på det."
)

FROM = {
    Source.PLAN_CODED: "Planen fra hospitalet",
    Source.PLAN_TEXT: "Læst i planen fra hospitalet",
    Source.MUNICIPALITY: "Kommunen vidste det",
    Source.COMPUTED: "Regnet ud af andre svar",
    Source.CITIZEN: "Dig selv",
    Source.CARE_RECORD: "Hjemmeplejen, efter at du sagde ja",
}
VOLUNTARY = {
    Duty.REQUIRED: "Nej, det er ikke frivilligt. Kommunen skal bruge det.",
    Duty.VOLUNTARY: "Ja, det er frivilligt. Du kan sige nej.",
}
"""Whether a fact is hers to give or to keep."""

NOT_STATED = "Ikke oplyst"
SAID_WRONG = "Du har sagt, at det er forkert. Vi bruger det ikke, før et menneske har set på det."
MARKED_WRONG = "Det er forkert. Vi bruger det ikke."

ALL_USES = (
    "Her står hver gang, dine oplysninger er brugt.",
    "Din sag kan hjælpe med at finde lignende sager senere. Så står der ikke, hvem du er.",
)
ALL_LOOKS = (
    "Vi skriver ned, hver gang nogen ser på din sag.",
    "Du kan se hvornår, hvorfor og hvorfra. Du kan ikke se navnet på den ansatte.",
)
SHOWN_TO_OTHERS = {
    0: "Dine sager er ikke vist som lignende sager.",
    1: "En af dine sager er vist som en lignende sag i 1 anden sag.",
}
SHOWN_OFTEN = "Dine sager er vist som lignende sager {times} gange."
"""How often, and never to whom."""
WEIGHED = "Systemet så på, hvad dine oplysninger trak mod i sager fra før. Sagsbehandleren så det."
OTHERS_PULLED = "Hver af de andre oplysninger trak mindre."
NOTHING_PULLED = "Ingen af dem trak klart."
NOT_CLEAR = "Samlet trak det ikke klart mod noget."
UNSURE = "Det er usikkert, hvilken vej det trak."
WEIGHED_CAVEATS = (
    "Sagerne fra før viser, hvad andre fik. De viser ikke, om det var rigtigt.",
    "At noget trak, er ikke det samme som en grund. Systemet kender ikke det, du selv har sagt til os.",
    "Det var et menneske, der besluttede.",
)
"""What is said of a calculation, whatever it weighed."""
ALL_CONTEXTS = "Her er alle de steder, hvor dine oplysninger er med. Ingen andre kan se, at de er dine."
NO_VERSION = "Ingen udgave af systemet bygger på en sag om dig."
SOME_DELETED = "De ældste er slettet. Det gør vi efter en fast plan."

STATES = {
    "new": "Vi har ikke læst planen endnu.",
    "being_read": "Vi læser planen.",
    "judged": "Vi er ved at beslutte.",
    "decided": "Det er besluttet. Vi mangler at aftale en tid.",
    "planned": "Det er besluttet, og der er lavet en aftale.",
    "returned": "Vi venter på svar fra hospitalet.",
    "answered": "Vi har fået svar og ser på det.",
    "closed": "Sagen er lukket.",
}
"""Where a case stands."""
ROLES = {
    "visitator": "Sagsbehandler",
    "teamleder": "Leder",
    "tilsyn": "Tilsyn",
    "administrator": "Drift",
    "datamedarbejder": "Data",
    "direktoer": "Direktør",
    "dpo": "Rådgiver om data",
    "politiker": "Politiker",
    "leverandoer": "En, der laver systemet",
    "forsker": "Forsker",
}
PURPOSES = {
    "sagsbehandling": "For at arbejde med din sag",
    "faglig_ledelse": "For at lede arbejdet",
    "klage": "På grund af en klage",
    "aktindsigt": "Nogen bad om at se sagen",
    "stikproeve": "For at se efter, at alt går rigtigt til",
    "skoensproeve": "For at se, om vi vurderer ens",
    "fejlretning": "For at rette en fejl",
    "henvendelse": "Fordi du havde spurgt os om noget",
    "opfoelgning": "For at følge op på din træning",
    "borgerens_oensker": "For at hjælpe dig med denne side",
}


def context_lines(found: Contexts) -> tuple[tuple[str, str], ...]:
    """Each context with how often, in the order in which they concern her."""
    return (
        ("Din egen sag", f"Vi har skrevet {_times(found.steps, 'trin', 'trin')} ned i din sag."),
        ("Når systemet lærer", _learning(found)),
        ("Prøver for skævhed", _testing(found)),
        ("Lignende sager for andre", shown_words(found.shown)),
        (
            "Tal og rapporter",
            f"Der er lavet tal om mange sager {_times(found.figures, 'gang', 'gange')} efter din"
            " beslutning. Din sag kan være talt med. Ingen kan se, at den er din."
            if found.figures
            else "Der er ikke lavet tal, som din sag kan være talt med i.",
        ),
    )


def shown_words(times: int) -> str:
    """How often her cases were shown as similar ones."""
    return SHOWN_TO_OTHERS.get(times, SHOWN_OFTEN.format(times=times))


def _learning(found: Contexts) -> str:
    files = (
        f"Din sag er med i {_times(found.extracts, 'udtræk', 'udtræk')} til det."
        if found.extracts
        else "Din sag er ikke med i noget udtræk til det."
    )
    if found.versions is None:
        return files
    if not found.versions:
        return f"{files} {NO_VERSION}"
    versions, named = _times(len(found.versions), "udgave", "udgaver"), ", ".join(found.versions)
    return f"{files} {versions} af systemet bygger på en sag om dig: {named}."


def _testing(found: Contexts) -> str:
    if not found.versions:
        return "Ingen sag om dig er med i en prøve for, om systemet er skævt mod nogen."
    return f"{found.tested} af {len(found.versions)} af de udgaver er prøvet for, om de er skæve mod nogen."


def _times(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def look_words(look: Look) -> tuple[str, str]:
    """What somebody looked for, and who it was as far as that is told."""
    if look.event == "citizen:opened":
        return "For at se denne side", _herself(look)
    if look.event == "case:found":
        return "Dit navn stod på en liste, da vi søgte", _employee(look)
    if look.event == "data:exported":
        return "For at tage en kopi af din sag", _employee(look)
    if look.channel == PHONE:
        return f"For at læse op for {_listener(look)}", _employee(look)
    return PURPOSES.get(look.purpose, look.purpose), _employee(look)


def _herself(look: Look) -> str:
    return "Den, du har givet fuldmagt" if look.speaker == REPRESENTATIVE else "Dig selv"


def _listener(look: Look) -> str:
    return "den, du har givet fuldmagt" if look.speaker == REPRESENTATIVE else "dig"


def _employee(look: Look) -> str:
    said = ", ".join(filter(None, (ROLES.get(look.role, look.role), look.unit)))
    return said or "Kommunens drift"
