"""The sections of the report, in the order they are read. A section without facts says what is missing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from models.instants import day_text
from service.clock import local_date
from service.tables.governance import RegisterEntry
from service.workflow.registers import attestations, words
from service.workflow.registers.shapes import SHAPES, WAYS_ON, WHEN
from service.workflow.registers.words import Value
from service.workflow.statistics.shares import Share
from service.workflow.yearly.bias import bias
from service.workflow.yearly.parts import Item, Section
from service.workflow.yearly.security import security
from service.workflow.yearly.sources import Sources

HIDDEN = "skjult, da der er for få sager"
PHASES = {
    "oevelse": "øvelse", "udvikling": "udvikling", "skygge": "skygge", "pilot": "pilot", "drift": "drift",
}  # fmt: skip
COSTS = ("drift_timer", "drift_kr")
WHAT_HAPPENED = {"promotion": "taget i brug", "rollback": "gået tilbage til"}


def sections_of(sources: Sources) -> tuple[Section, ...]:
    """The whole report."""
    return tuple(make(sources) for make in ORDER)


def _from_register(code: str, title: str, kind: str, missing: str) -> Callable[[Sources], Section]:
    """A section that is one register's entries of the year."""

    def make(sources: Sources) -> Section:
        entries = sources.of(kind)
        items = tuple(Item(words.title_of(e), tuple(_told(sources, e))) for e in entries)
        return Section(
            code, title, _counted(len(items)), items, () if items else (f"{missing} i {sources.year}.",)
        )

    return make


def _dilemmas(sources: Sources) -> Section:
    """The dilemmas of the year, and the parts of the work that none was ever discussed about."""
    made = _from_register("dilemmaer", "Dilemmaer", "dilemma", "Der er intet dilemma i registret")(sources)
    when = next(field for field in SHAPES["dilemma"].fields if field.key == WHEN)
    discussed = {entry.content[WHEN] for entry in sources.entries if entry.kind == "dilemma"}
    gaps = [label for code, label in when.choices.items() if code not in discussed]
    never = tuple(f"Der er intet dilemma om {label}, heller ikke fra tidligere år." for label in gaps)
    return replace(made, missing=(*made.missing, *never))


def _told(sources: Sources, entry: RegisterEntry) -> Iterator[Value]:
    yield Value("Om", (words.about_words(entry.subject),))
    yield from words.told_of(entry, sources.now)


def _counted(count: int) -> tuple[Value, ...]:
    return (Value("Antal", (str(count),)),) if count else ()


def _decisions(sources: Sources) -> Section:
    code, title, counted = "beslutninger", "Beslutninger", sources.practice
    if counted is None or sources.through is None or counted.empty:
        missing = f"Loggen har ingen afgjorte sager, der kan tælles, i {sources.year}."
        return Section(code, title, missing=(missing,))
    return Section(
        code, title,
        (
            Value("Talt til og med", (day_text(sources.through),)),
            Value("Afgjorte sager", (_number(counted.decided),)),
            Value("Heraf med grundlag vist", (_number(counted.with_evidence),)),
            Value("Heraf uden grundlag vist", (_number(counted.without_evidence),)),
            Value("Første aftale inden for fristen", (_share(counted.in_time),)),
        ),
    )  # fmt: skip


def _differences(sources: Sources) -> Section:
    code, title, counted = "anderledes", "Anderledes end flest lignende sager", sources.practice
    if counted is None or counted.empty:
        return Section(code, title, missing=(f"Der er ingen beslutninger at sammenligne i {sources.year}.",))
    names = {code.code: code.label for code in sources.area.by_name[sources.area.case_type].codes}
    by_type = tuple(
        Value(_capital(names.get(row.code, "andre sagstyper")), (_share(row.override),))
        for row in counted.by_type
    )
    return Section(code, title, (Value("Alle sagstyper", (_share(counted.override),)), *by_type))


def _attestations(sources: Sources) -> Section:
    """What the units' leaders stood by, and by name every unit whose leader is late."""
    entries = [
        each
        for each in sources.entries
        if each.kind == attestations.KIND and each.content[attestations.HALF].startswith(f"{sources.year}-")
    ]
    late = attestations.overdue(entries, sources.units, sources.year, local_date(sources.now))
    missing = tuple(
        f"{unit} har ingen erklæring for {half[-1]}. halvår {sources.year}." for unit, half in late
    )
    if not entries and not late:
        missing = (f"Der er endnu ingen erklæring for {sources.year}.",)
    items = tuple(Item(words.title_of(each), tuple(_told(sources, each))) for each in entries)
    return Section("erklaeringer", "Lederes erklæringer", _counted(len(items)), items, missing)


def _models(sources: Sources) -> Section:
    items = tuple(
        Item(
            f"{day_text(local_date(row.at))}: {WHAT_HAPPENED[row.kind]} {row.version}",
            (Value("Hvad der var nyt", (row.note,)), Value("Godkendt af", (row.approver,))),
        )
        for row in sources.models
    )
    missing = () if items else (f"Loggen har intet skift af model i {sources.year}.",)
    return Section("modeller", "Skift af model", _counted(len(items)), items, missing)


def _phases(sources: Sources) -> Section:
    items = tuple(
        Item(
            f"{day_text(row.valid_from)}: {PHASES[row.phase]}",
            (
                Value("Retsgrundlag", (row.legal_basis or "intet; fasen har kun opdigtede sager",)),
                *((Value("Godkendt af", (row.approved_by,)),) if row.approved_by else ()),
            ),
        )
        for row in sources.phases
    )
    missing = () if items else (f"Loggen har ingen fase i {sources.year}.",)
    return Section("faser", "Faser og retsgrundlag", (), items, missing)


def _choices(sources: Sources) -> Section:
    """Each project with a recommendation: the three ways on, which one it is, and what else there is."""
    items = tuple(
        Item(
            entry.content["navn"],
            (
                Value("Valget", (", ".join(WAYS_ON.values()),)),
                Value("Indstilling", (WAYS_ON[entry.content["indstilling"]],)),
                Value("Alternativer", tuple(entry.content["alternativer"])),
            ),
        )
        for entry in sources.of("project")
        if "indstilling" in entry.content
    )
    missing = () if items else ("Intet projekt har en indstilling om at fortsætte, ændre eller stoppe.",)
    return Section("valg", "Det, politikerne skal tage stilling til", (), items, missing)


def _costs(sources: Sources) -> Section:
    """What it costs to keep each project running; neither field has to be filled in."""
    labels = {field.key: field.label for field in SHAPES["project"].fields if field.key in COSTS}
    told = [
        (each, tuple(Value(labels[key], (str(each.content[key]),)) for key in COSTS if key in each.content))
        for each in sources.of("project")
    ]
    items = tuple(Item(entry.content["navn"], values) for entry, values in told if values)
    missing = tuple(
        f"{entry.content['navn']} siger ikke: {labels[key]}."
        for entry, _ in told
        for key in COSTS
        if key not in entry.content
    )
    return Section(
        "omkostninger", "Løbende omkostninger", (), items,
        missing if told else ("Intet projekt siger, hvad driften koster.",),
    )  # fmt: skip


def _next_year(sources: Sources) -> Section:
    items = tuple(
        Item(e.content["navn"], (Value("Det næste år", (e.content["naeste_aar"],)),))
        for e in sources.of("project")
        if "naeste_aar" in e.content
    )
    missing = () if items else ("Intet projekt siger, hvad der sker det næste år.",)
    return Section("naeste", "Det næste år", (), items, missing)


def _number(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _share(share: Share) -> str:
    """So many of so many, with percent and interval where there are cases enough."""
    if share.of is None or share.hits is None:
        return HIDDEN
    if share.of == 0:
        return "ingen sager"
    told = f"{share.hits} af {share.of}"
    if share.percent is None or share.interval is None:
        return told
    return f"{told}, {share.percent} % ({share.interval[0]}-{share.interval[1]} %)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


ORDER: tuple[Callable[[Sources], Section], ...] = (
    _choices,
    _from_register("projekter", "Projekter", "project", "Der er intet projekt i registret"),
    _decisions,
    _differences,
    bias,
    _from_register(
        "klager", "Klager og indsigelser", "complaint", "Der er ingen klage eller indsigelse i registret"
    ),
    _from_register("haendelser", "Hændelser", "incident", "Der er ingen hændelse i registret"),
    _dilemmas,
    _from_register("afvejninger", "Afvejninger", "balance", "Der er ingen afvejning i registret"),
    _from_register("inddragelse", "Inddragelse", "involvement", "Ingen inddragelse er i registret"),
    _from_register("godkendelser", "Godkendelser", "approval", "Der er ingen godkendelse i registret"),
    _from_register("kompetencer", "Kompetencer", "competence", "Der er intet forløb i registret"),
    _attestations,
    _models,
    _phases,
    security,
    _costs,
    _next_year,
)
"""What politicians decide comes first, then what it rests on."""
