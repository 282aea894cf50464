"""Every entry names the law it rests on, and the table knows every one of them."""

import pytest
from sqlalchemy import Engine

from service.database import reading
from service.log.events import Event
from service.log.laws import BY_SUBJECT, LAWS, law_of
from tests.parts.steps import one_of_everything
from tests.service.log.test_append import entries


@pytest.mark.requirement("R-23")
@pytest.mark.parametrize("event", Event)
def test_every_event_rests_on_a_law_of_the_table(event: Event) -> None:
    assert LAWS[law_of(event)]


def test_the_table_has_no_law_that_nothing_rests_on() -> None:
    assert {law_of(event) for event in Event} == set(BY_SUBJECT.values()) == set(LAWS)


@pytest.mark.requirement("R-23")
def test_every_entry_of_both_logs_names_it(any_engine: Engine) -> None:
    one_of_everything(any_engine)

    with reading(any_engine) as session:
        found = entries(session)

    assert len(found) > 30
    assert [each["law"] for each in found] == [law_of(Event(each["type"])) for each in found]
