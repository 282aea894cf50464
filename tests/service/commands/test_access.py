"""`skoen access …`: drawing a sample and counting reviews from the command line."""

import json

import pytest
from click.testing import CliRunner, Result
from sqlmodel import select

from service.commands import groups
from service.database import reading, writing
from service.program import assemble
from service.tables.log import LogEntry
from service.tables.oversight import LogSample
from service.workflow.log_control import review
from tests.cast import NOW, Cast
from tests.desk import Desk
from tests.look_ups import SEED, a_month_of_look_ups
from tests.rows import rows_beside_runs, runs

MAY = ("--from", "2026-05-01", "--to", "2026-05-31")
BY = ("--by", "dorte")


def run(*arguments: str) -> Result:
    """One command; the desk has set the environment."""
    return CliRunner().invoke(assemble([groups()]), ("access", *arguments))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((*MAY, "--seed", SEED, "--by", "alma"), "Din rolle giver ikke adgang"),
        ((*MAY, "--seed", SEED, "--by", "nobody"), "nobody"),
        (("--from", "2026-05-01", *BY), "both --from and --to"),
        (("--from", "2026-05-31", "--to", "2026-05-01", *BY), "før den begynder"),
        ((*MAY, "--seed", "a seed", *BY), "Frøet"),
        (("--from", "2026-01-01", "--to", "2026-01-31", *BY), "ingen opslag"),
    ],
)
def test_a_draw_that_is_refused_leaves_its_run_and_nothing_else(
    arguments: tuple[str, ...], says: str, desk: Desk, cast: Cast
) -> None:
    a_month_of_look_ups(desk.engine, cast)
    before, run_before = rows_beside_runs(desk.engine), runs(desk.engine)
    result = run("sample", *arguments)

    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
    assert (rows_beside_runs(desk.engine), runs(desk.engine)) == (before, run_before + 1)


def test_a_draw_tells_what_it_drew_and_names_nobody(desk: Desk, cast: Cast) -> None:
    a_month_of_look_ups(desk.engine, cast)
    plain = run("sample", *MAY, "--count", "6", "--seed", SEED, *BY)
    told = json.loads(run("sample", *MAY, "--count", "6", "--seed", SEED, *BY, "--json").output)

    assert plain.exit_code == 0, plain.output
    assert "6 of 13 look-ups from 2026-05-01 to 2026-05-31, seed seed-1." in plain.output
    assert (told["eligible"], len(told["look_ups"])) == (13, 6)
    assert not [actor for actor in cast.people.values() if actor.display_name in plain.output + str(told)]
    assert not [actor for actor in cast.people.values() if actor.person_id in plain.output + str(told)]
    with reading(desk.engine) as session:
        (stored,) = session.exec(select(LogSample)).all()
        entry = json.loads(session.get_one(LogEntry, (stored.shard, stored.log_seq)).entry)
    assert told["id"] == stored.id
    assert [[one["shard"], str(one["seq"]), one["why"]] for one in told["look_ups"]] == stored.lookups
    assert entry["actor"] == cast.dorte.person_id
    assert entry["operator"].startswith("uid:")


def test_a_draw_without_a_seed_gets_a_fresh_one(desk: Desk, cast: Cast) -> None:
    a_month_of_look_ups(desk.engine, cast)
    seeds = {json.loads(run("sample", *MAY, *BY, "--json").output)["seed"] for _ in range(2)}

    assert len(seeds) == 2


def test_reviews_are_counted_by_sample_and_by_rule(desk: Desk, cast: Cast) -> None:
    a_month_of_look_ups(desk.engine, cast)
    sample_id = json.loads(run("sample", *MAY, "--count", "6", "--seed", SEED, *BY, "--json").output)["id"]
    with writing(desk.engine) as session:
        year = session.get_one(LogSample, sample_id).at.year
        review(session, sample_id, 1, finding="in_order", note="", replaces=None, now=NOW, by=cast.dorte)
    where = ("--municipality", "0999", "--year", str(year))
    plain, told = run("reviews", *where), json.loads(run("reviews", *where, "--json").output)

    assert "Fjordby Kommune" in plain.output
    assert "1 samples from 13 look-ups, 1 of 6 reviewed." in " ".join(plain.output.split())
    assert told["total"] == {
        "drawn": 6, "reviewed": 1, "in_order": 1, "to_examine": 0, "breach": 0, "open": 5, "gone": 0,
    }  # fmt: skip
    assert sum(tally["drawn"] for tally in told["by_rule"].values()) == 6
    assert [one["id"] for one in told["samples"]] == [sample_id]


def test_where_there_are_several_municipalities_one_is_named(desk: Desk, cast: Cast) -> None:
    assert "Der er: 0998, 0999" in run("reviews").output
    assert "ingen kommune med koden 0001" in run("reviews", "--municipality", "0001").output
    assert json.loads(run("reviews", "--municipality", "0998", "--json").output)["total"]["drawn"] == 0
