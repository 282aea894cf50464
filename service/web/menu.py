"""The menu: which pages a role has, grouped, in the order of the work."""

from dataclasses import dataclass

from flask import request
from flask_babel import gettext

from service import policy
from service.identity import Actor
from service.policy import Action

Pages = tuple[tuple[str, str, Action], ...]
"""Path, label, and what one must be permitted to do."""


@dataclass(frozen=True)
class MenuItem:
    """One way on from the frame."""

    path: str
    label: str
    current: bool


@dataclass(frozen=True)
class MenuGroup:
    """Pages that belong together; a group of one page goes by its name."""

    label: str
    items: tuple[MenuItem, ...]

    @property
    def path(self) -> str:
        """Where the group begins."""
        return self.items[0].path

    @property
    def current(self) -> bool:
        """Whether one of its pages is open."""
        return any(item.current for item in self.items)


def menu_for(actor: Actor) -> tuple[MenuGroup, ...]:
    """The groups in which a role has pages."""
    found = [(label, _permitted(actor, pages)) for label, pages in _groups()]
    return tuple(
        MenuGroup(items[0].label if len(items) == 1 else label, items) for label, items in found if items
    )


def pages_for(actor: Actor) -> tuple[MenuItem, ...]:
    """The pages a role has, without their groups."""
    return tuple(item for group in menu_for(actor) for item in group.items)


def home_of(actor: Actor) -> str:
    """The page a role begins on."""
    return menu_for(actor)[0].path


def _permitted(actor: Actor, pages: Pages) -> tuple[MenuItem, ...]:
    return tuple(
        MenuItem(path, label, request.path == path or request.path.startswith(path + "/"))
        for path, label, action in pages
        if policy.permits(actor, action)
    )


def _groups() -> tuple[tuple[str, Pages], ...]:
    return (
        (gettext("Sager"), (
            ("/indbakke", gettext("Indbakke"), Action.SEE_INBOX),
            ("/rettigheder", gettext("Rettigheder"), Action.SEE_RIGHTS),
            ("/skoensproeve", gettext("Skønsprøve"), Action.REVIEW_BLIND),
        )),
        (gettext("Overblik"), (
            ("/ledelse", gettext("Ledelse"), Action.READ_LEADERSHIP),
            ("/politisk", gettext("Politisk overblik"), Action.READ_POLITICAL),
        )),
        (gettext("Praksis"), (
            ("/statistik", gettext("Statistik"), Action.READ_STATISTICS),
            ("/tider", gettext("Frister"), Action.READ_STATISTICS),
            ("/effekt", gettext("Effekt"), Action.READ_STATISTICS),
            ("/frafald", gettext("Frafald"), Action.READ_STATISTICS),
            ("/skoensproever", gettext("Skønsprøve"), Action.DRAW_REVIEW),
        )),
        (gettext("Planlægning"), (
            ("/kapacitet", gettext("Kapacitet"), Action.SEE_CAPACITY),
        )),
        (gettext("For mig"), (
            ("/mit-spejl", gettext("Mit spejl"), Action.SEE_OWN_PATTERN),
            ("/oevelsesrum", gettext("Øvelsesrum"), Action.PRACTISE),
            ("/spoergeskema", gettext("Spørgeskema"), Action.ANSWER_SURVEY),
        )),
        (gettext("Kontrol"), (
            ("/tilsyn", gettext("Tilsyn"), Action.READ_LOG),
            ("/logkontrol", gettext("Logkontrol"), Action.CONTROL_LOG),
            ("/databeskyttelse", gettext("Databeskyttelse"), Action.SEE_PROTECTION),
        )),
        (gettext("Systemet"), (
            ("/om-modellen", gettext("Om modellen"), Action.READ_MODEL),
            ("/datakatalog", gettext("Datakatalog"), Action.READ_CATALOGUE),
            ("/enhed", gettext("Enheden"), Action.READ_MODEL),
            ("/registre", gettext("Registre"), Action.READ_REGISTERS),
            ("/forsoeg", gettext("Forsøg"), Action.READ_TRIALS),
            ("/overvaagning", gettext("Overvågning"), Action.READ_REGISTERS),
            ("/klar-til-drift", gettext("Klar til drift"), Action.READ_REGISTERS),
            ("/dokumenter", gettext("Dokumenter"), Action.READ_REGISTERS),
            ("/drift", gettext("Drift"), Action.SEE_OPERATIONS),
        )),
    )  # fmt: skip
