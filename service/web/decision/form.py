"""The decision form: the same fields in the same words for everyone, whatever was judged or shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext

from models.declaration import Area, Option
from service.web.forms import Choice, Fault, FieldView, Typed, choice_field, faults_of, text_field

CHOICE, REASON, SECOND, TEXT, KEY = "choice", "reason_code", "second_reason_code", "text", "key"
VIEW = "citizens_view"
"""The fields, named as the workflow names them."""

LAST_KEY, KEYS = "0", "123456789f"


@dataclass(frozen=True)
class DecisionForm:
    """The form as the page shows it. `key` makes a form that is sent twice count once."""

    choice: FieldView
    reason: FieldView
    second: FieldView
    view: FieldView
    text: FieldView
    key: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.choice, self.reason, self.second, self.view, self.text))


def decision_form(
    area: Area, options: Iterable[Option], key: str, typed: Typed | None, errors: Mapping[str, str]
) -> DecisionForm:
    """The form of a case; only what was typed is chosen in it."""
    listed = [(option.code, option.label) for option in options]
    reasons = [(reason.code, reason.label) for reason in area.reasons]
    return DecisionForm(
        choice=choice_field(
            CHOICE,
            gettext("Beslut forløb"),
            listed,
            typed,
            errors.get(CHOICE, ""),
            gettext("Det er din beslutning, der gælder."),
        ),
        reason=_with_keys(
            choice_field(
                REASON,
                gettext("Hvad lagde du mest vægt på?"),
                reasons,
                typed,
                errors.get(REASON, ""),
                gettext("Alle bliver spurgt. Grunden står i brevet."),
            )
        ),
        second=replace(
            choice_field(
                SECOND,
                gettext("Lagde du også vægt på noget andet? (valgfrit)"),
                reasons,
                typed,
                errors.get(SECOND, ""),
                gettext("Også denne grund står i brevet."),
            ),
            widget="select",
        ),
        view=text_field(
            VIEW,
            gettext("Hvad vil borgeren selv? (valgfrit)"),
            typed,
            errors.get(VIEW, ""),
            gettext("Som du hørte det. Kommer med i udkastet til brevet."),
        ),
        text=text_field(
            TEXT,
            gettext("Begrundelse (til journal og brev)"),
            typed,
            errors.get(TEXT, ""),
            gettext("Valgfri. Skal udfyldes, når du vælger Andet."),
        ),
        key=key,
    )


def missing(typed: Typed) -> dict[str, str]:
    """The sentences for what was not filled in, so that everything is said at once."""
    held = {field: next(iter(typed.get(field, ())), "").strip() for field in (CHOICE, REASON, SECOND, TEXT)}
    errors = {}
    if not held[CHOICE]:
        errors[CHOICE] = gettext("Vælg, hvad du beslutter.")
    if not held[REASON]:
        errors[REASON] = gettext("Vælg, hvad du lagde mest vægt på.")
    if "andet" in (held[REASON], held[SECOND]) and not held[TEXT]:
        errors[TEXT] = gettext("Skriv med dine egne ord, hvad du lagde vægt på.")
    return errors


def _with_keys(field: FieldView) -> FieldView:
    """A key for every reason of a long list: 1 to 9, f for the tenth, and 0 for the last."""
    if len(field.choices) < 10:
        return field
    keys = [*KEYS[: len(field.choices) - 1], LAST_KEY]
    keyed: list[Choice] = [replace(one, key=key) for one, key in zip(field.choices, keys, strict=True)]
    return replace(field, choices=tuple(keyed))
