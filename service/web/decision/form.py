"""The decision form: the same fields in the same words for everyone, whatever was judged or shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext

from models.declaration import Area, Option
from service.web.forms import Choice, Fault, FieldView, Typed, choice_field, faults_of, text_field

CHOICE, REASON, SECOND, TEXT, KEY = "choice", "reason_code", "second_reason_code", "text", "key"
"""The fields, named as the workflow names them."""

TENTH_KEY = "0"


@dataclass(frozen=True)
class DecisionForm:
    """The form as the page shows it. `key` makes a form that is sent twice count once."""

    choice: FieldView
    reason: FieldView
    second: FieldView
    text: FieldView
    key: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.choice, self.reason, self.second, self.text))


def decision_form(
    area: Area, options: Iterable[Option], key: str, typed: Typed | None, errors: Mapping[str, str]
) -> DecisionForm:
    """The form of a case; only what was typed is chosen in it."""
    listed = [(option.code, option.label) for option in options]
    reasons = [(reason.code, reason.label) for reason in area.reasons]
    return DecisionForm(
        choice=choice_field(CHOICE, gettext("Beslut forløb"), listed, typed, errors.get(CHOICE, "")),
        reason=_with_tenth_key(
            choice_field(
                REASON, gettext("Hvad lagde du mest vægt på?"), reasons, typed, errors.get(REASON, "")
            )
        ),
        second=replace(
            choice_field(
                SECOND,
                gettext("Lagde du også vægt på noget andet? (valgfrit)"),
                reasons,
                typed,
                errors.get(SECOND, ""),
            ),
            widget="select",
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


def _with_tenth_key(field: FieldView) -> FieldView:
    """Ten reasons, ten keys: 1 to 9, then 0."""
    if len(field.choices) < 10:
        return field
    tenth: Choice = replace(field.choices[9], key=TENTH_KEY)
    return replace(field, choices=(*field.choices[:9], tenth, *field.choices[10:]))
