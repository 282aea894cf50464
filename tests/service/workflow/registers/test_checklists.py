"""Checklists of law and principles: every id is answered with what it rests on, or nothing is written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import Refused
from service.workflow.registers.approval import NotReady
from service.workflow.registers.documents import ANSWERED, asked, checklist_is_whole, document_is_whole
from service.workflow.registers.shapes import SHAPES
from tests.cast import Cast
from tests.register import MODEL, approve, write
from tests.rows import rows

LISTS = ("lov", "principper")


def answers(name: str) -> list[str]:
    """A whole list."""
    return [f"{each}: opfyldt: sag 26/139" for each in asked(name)]


def refused(cast: Cast, name: str, given_: list[str]) -> str:
    """The list is refused, and no table has a row more or less; gives the sentence."""
    before = rows(cast.engine)
    with pytest.raises(Refused) as caught:
        write(cast.engine, cast.dan, "checklist", liste=name, svar=given_)
    assert rows(cast.engine) == before
    return str(caught.value)


@pytest.mark.requirement("G-48", "G-06")
@pytest.mark.parametrize("name", LISTS)
def test_one_id_left_unanswered_is_named_and_nothing_is_written(name: str, cast: Cast) -> None:
    for number, left_out in enumerate(asked(name)):
        whole = answers(name)
        said = checklist_is_whole({"liste": name, "svar": whole[:number] + whole[number + 1 :]})
        assert said == f"Ikke besvaret: {left_out}."
    assert "Ikke besvaret" in refused(cast, name, answers(name)[1:])


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("SK-99: opfyldt: sag 1", "ikke står på listen"),
        ("KL-1: måske: sag 1", "skal være et af"),
        ("KL-1: opfyldt", "hviler på"),
        ("KL-1: opfyldt:  ", "hviler på"),
        ("KL-2: opfyldt: sag 1", "flere gange"),
        ("KL-1", "skal være et af"),
    ],
)
def test_an_answer_that_is_none_is_refused(line: str, said: str, cast: Cast) -> None:
    assert said in refused(cast, "principper", [line, *answers("principper")[1:]])


@given(st.data())
def test_a_list_is_whole_whatever_its_order_and_answers(data: Any) -> None:
    name = data.draw(st.sampled_from(LISTS))
    chosen = data.draw(st.permutations(list(asked(name))))
    given_ = [f"{each}: {data.draw(st.sampled_from(ANSWERED))}: sag 26/1" for each in chosen]

    assert checklist_is_whole({"liste": name, "svar": given_}) is None
    assert checklist_is_whole({"liste": name, "svar": [*given_, given_[0]]}) is not None


@pytest.mark.requirement("G-48", "G-06")
@pytest.mark.parametrize(
    ("left_out", "words"), [("lov", "juridisk tjekliste"), ("principper", "principperne")]
)
def test_no_version_goes_on_before_both_lists_are_answered(left_out: str, words: str, cast: Cast) -> None:
    for kind in ("dilemma", "involvement", "balance"):
        write(cast.engine, cast.dan, kind)
    for trin in ("juridisk", "etisk"):
        approve(cast.engine, cast.dan, trin)
    for name in LISTS:
        if name != left_out:
            write(cast.engine, cast.dan, "checklist", liste=name, svar=answers(name))
    before = rows(cast.engine)
    with pytest.raises(NotReady, match=words):
        approve(cast.engine, cast.dan, "skygge")
    assert (rows(cast.engine), NotReady.status) == (before, 409)

    write(cast.engine, cast.dan, "checklist", subject="model:v2", liste=left_out, svar=answers(left_out))
    with pytest.raises(NotReady, match=words):
        approve(cast.engine, cast.dan, "skygge")
    write(cast.engine, cast.dan, "checklist", liste=left_out, svar=answers(left_out))
    approve(cast.engine, cast.dan, "skygge")


@pytest.mark.requirement("G-48")
def test_the_law_is_asked_about_and_so_is_each_way_to_fetter_discretion() -> None:
    ids = list(asked("lov"))

    assert {f"SK-{number:02}" for number in range(1, 19)} <= set(ids)
    assert len([each for each in ids if each.startswith("L-")]) == 77
    assert SHAPES["checklist"].subjects == (MODEL.partition(":")[0],)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"slags": "dpia"}, "råd"),
        ({"slags": "skaevhed"}, "bestået"),
        ({"slags": "gendannelse"}, "bestået"),
    ],
)
def test_a_document_that_is_not_whole_is_refused(content: dict[str, Any], said: str, cast: Cast) -> None:
    assert said in str(document_is_whole(content))
    before = rows(cast.engine)
    with pytest.raises(Refused, match=said):
        write(cast.engine, cast.dan, "document", **content, raad=None)
    assert rows(cast.engine) == before
