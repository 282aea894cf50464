"""When a citizen is erased, what she asked for goes with her, and her no to be shown to others stays."""

from service.database import reading
from service.workflow import in_force
from service.workflow.rights.standing import open_requests
from tests.parts.town import Town
from tests.rights import a_request, an_answer
from tests.service.workflow.rights.test_in_force import kept

WORDS = "Skjult ordlyd, som kun hun har sagt."


def test_her_words_are_gone_and_her_no_is_not(town: Town) -> None:
    gone, stays = town.plant(1), town.plant(2)
    asked = [
        a_request(town.engine, gone.case, town.alma, kind, words=WORDS)
        for kind in ("similar_cases", "objection")
    ]
    an_answer(town.engine, asked[0], town.alma, "granted", words=WORDS)
    a_request(town.engine, stays.case, town.alma, "access")
    before = kept(town.engine)
    town.erase(gone.citizen_id)

    assert len(before) == 1
    assert kept(town.engine) == before
    with reading(town.engine) as session:
        assert [case.id for _, case in open_requests(session)] == [stays.case.id]
        assert in_force.kept_from_learning(session) == {}
    assert WORDS.encode() not in b"".join(
        file.read_bytes() for file in town.settings.var.parent.rglob("*.db")
    )
