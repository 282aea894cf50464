"""The oversight: find a case, say what for, and see every entry of it with its proof, and who looked.

The purpose stands in the access log before anything of the case is shown, also of a case that is erased.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Blueprint, make_response, redirect, render_template, request
from flask import session as browser
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service import log
from service.database import reading, writing
from service.errors import Refused
from service.log import Event, offline
from service.log.export import Exported, ExportRefused, OneCase, export
from service.log.seals import seals_of
from service.policy import Action
from service.web.case_number import SERIAL, case_of, number_field
from service.web.current import now, runtime
from service.web.decision.planning_form import first_of
from service.web.forms import Typed, choice_field, faults_of, typed_in
from service.web.guard import current_actor, current_case, guarded
from service.web.opening import purpose_here
from service.web.oversight.page import oversight_page
from service.web.purposes import CHOSEN, PURPOSES
from service.workflow.oversight import looks_at, timeline_of

blueprint = Blueprint("oversight", __name__)

PURPOSE, OPENED = "formaal", "aabnet"
VERIFIER = Path(offline.__file__).with_name("skoen_verify.py")


@blueprint.get("/tilsyn")
@guarded(Action.READ_LOG)
def show() -> ResponseReturnValue:
    """Which case, and what for."""
    return _find_page()


@blueprint.post("/tilsyn")
@guarded(Action.READ_LOG)
def find() -> ResponseReturnValue:
    """Lead to the case, once there is one of that number and the purpose is on the list."""
    typed, errors, case_id = typed_in(request.form), {}, ""
    purpose = first_of(typed, PURPOSE)
    if purpose not in PURPOSES:
        errors[PURPOSE] = gettext("Vælg et formål på listen.")
    try:
        case_id = case_of(first_of(typed, SERIAL))
    except Refused as refused:
        errors[SERIAL] = refused.sentence
    if errors:
        return _find_page(typed, errors)
    _choose(case_id, purpose)
    return redirect(f"/tilsyn/sag/{case_id}", 303)


@blueprint.get("/tilsyn/sag/<case_id>")
@guarded(Action.OVERSEE_CASE)
def timeline(case_id: str) -> ResponseReturnValue:
    """Every entry of the case with its proof, and everybody who looked."""
    purpose = purpose_here(case_id)
    _record(case_id, purpose)
    return _timeline(case_id, purpose)


@blueprint.post("/tilsyn/sag/<case_id>/formaal")
@guarded(Action.OVERSEE_CASE)
def choose_purpose(case_id: str) -> ResponseReturnValue:
    """Say what the case is looked at for; it holds for this case until one signs out."""
    purpose = request.form.get(PURPOSE, "")
    if purpose not in PURPOSES:
        raise Refused(gettext("Vælg et formål på listen."), field=PURPOSE)
    _choose(case_id, purpose)
    return redirect(f"/tilsyn/sag/{case_id}", 303)


@blueprint.post("/tilsyn/sag/<case_id>/eksport")
@guarded(Action.OVERSEE_CASE)
def take_out(case_id: str) -> ResponseReturnValue:
    """The sealed entries of the case as a zip that anybody can check without Skøn."""
    purpose, opened = purpose_here(case_id), bool(request.form.get(OPENED))
    try:
        with _exported(case_id, purpose, opened=opened) as file:
            answer = make_response(file.read_bytes())
    except ExportRefused as refused:
        _record(case_id, purpose)
        return _timeline(case_id, purpose, refused.sentence)
    answer.headers["Content-Type"] = "application/zip"
    name = f"sag-{current_case().serial}.zip"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@blueprint.get("/tilsyn/verifikator")
@guarded(Action.READ_LOG)
def verifier() -> ResponseReturnValue:
    """The verifier: one file that checks an export without Skøn."""
    answer = make_response(VERIFIER.read_bytes())
    answer.headers["Content-Type"] = "text/x-python; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{VERIFIER.name}"'
    return answer


def _find_page(typed: Typed | None = None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    errors = errors or {}
    serial = number_field(typed, errors.get(SERIAL, ""))
    purpose = choice_field(
        PURPOSE, gettext("Formål"), PURPOSES.items(), typed, errors.get(PURPOSE, ""),
        gettext("Skrives i hændelsesloggen, før sagen vises."),
    )  # fmt: skip
    page = render_template(
        "oversight/find.html", serial=serial, purpose=purpose, faults=faults_of((serial, purpose))
    )
    return make_response(page, 422 if errors else 200)


def _timeline(case_id: str, purpose: str, refused: str = "") -> ResponseReturnValue:
    settings = runtime().settings
    with reading(runtime().engine) as session:
        found = timeline_of(session, case_id, seals_of(settings.seals, settings.origin))
        page = oversight_page(session, found, looks_at(session, case_id), purpose)
    html = render_template("oversight/timeline.html", page=page, refused=refused)
    return make_response(html, 409 if refused else 200)


def _choose(case_id: str, purpose: str) -> None:
    browser[CHOSEN] = {**browser.get(CHOSEN, {}), case_id: purpose}


def _record(case_id: str, purpose: str) -> None:
    """Write to the access log who looks and what for; if it cannot be written, nothing is shown."""
    with writing(runtime().engine) as session:
        log.append(
            session, Event.CASE_OPENED, at=now(), by=current_actor(), case_id=case_id, purpose=purpose,
            what="timeline",
        )  # fmt: skip
        session.commit()


@contextmanager
def _exported(case_id: str, purpose: str, *, opened: bool) -> Iterator[Path]:
    """The export in a folder of its own, gone again afterwards; raises ExportRefused."""
    settings = runtime().settings
    with TemporaryDirectory(dir=settings.var, prefix="eksport-") as folder:
        out = Path(folder) / "sag.zip"
        export(
            runtime().engine, settings.seals, settings.origin, out, choice=OneCase(case_id), opened=opened,
            record=partial(_record_export, case_id, purpose), now=now(),
        )  # fmt: skip
        yield out


def _record_export(case_id: str, purpose: str, done: Exported) -> None:
    """Write to the access log what goes out, before it can."""
    with writing(runtime().engine) as session:
        log.append(
            session, Event.EXPORTED, at=now(), by=current_actor(), case_id=case_id, purpose=purpose,
            what="log", count=str(sum(done.entries.values())), opened=str(done.opened), sha256=done.sha256,
        )  # fmt: skip
        session.commit()
