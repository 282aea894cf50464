"""What changed from one version to the next: each number and each sentence, once, and nothing else."""

from copy import deepcopy
from typing import Any

from service.workflow.documents.changes import GONE, NEW, NUMBER, SENTENCE, changes
from service.workflow.documents.document import declared, document_of
from service.workflow.documents.gather import Gathered


def card(fjordby: Gathered) -> dict[str, Any]:
    return document_of(declared()["modelkort"], fjordby.facts)


def item(document: dict[str, Any], key: str) -> dict[str, Any]:
    found = (i for section in document["afsnit"] for i in section["oplysninger"] if i["noegle"] == key)
    return next(found)


def test_a_document_is_no_different_from_itself(fjordby: Gathered) -> None:
    assert changes(card(fjordby), card(fjordby)) == ()


def test_a_number_and_a_sentence_that_changed_are_each_told_once(fjordby: Gathered) -> None:
    old, new = card(fjordby), deepcopy(card(fjordby))
    item(new, "model.agreement")["linjer"][0]["ord"] = "99 %"
    item(new, "system.limits")["linjer"][0] = "En anden grænse."

    assert {(each.kind, each.after) for each in changes(old, new)} == {
        (NUMBER, "99 %"), (SENTENCE, "En anden grænse."),
    }  # fmt: skip


def test_a_row_that_is_put_in_between_changes_no_other(fjordby: Gathered) -> None:
    old, new = card(fjordby), deepcopy(card(fjordby))
    levels = item(new, "model.levels")["raekker"]
    levels.insert(1, ["mellem", deepcopy(levels[0][1])])

    (added,), (gone,) = changes(old, new), changes(new, old)
    assert (added.kind, gone.kind) == (NEW, GONE)
    assert "mellem" in added.name


def test_what_is_lost_is_told_as_gone_and_as_missing(fjordby: Gathered) -> None:
    lost = document_of(declared()["modelkort"], fjordby.facts.without("model.levels", "er væk"))

    found = changes(card(fjordby), lost)
    assert {each.kind for each in found} == {NEW, GONE}
    assert [each.after for each in found if each.kind == NEW] == ["MANGLER: er væk"]
