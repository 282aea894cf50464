"""Which shards a restore ends: laws that hold whatever was restored, signed, or in the replaced database."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.backup.endings import Shard, epochs_due, shards_of
from service.log.checkpoint import Checkpoint
from service.log.merkle import EMPTY_ROOT
from service.log.shards import base_of, epoch_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
OPEN = {"decisions/2026", "access/2026Q4"}
BASES = (*sorted(OPEN), "decisions/2025", "access/2026Q3")
ROOT = bytes(range(32))


def checkpoint(size: int) -> Checkpoint:
    return Checkpoint("skoen.test", size, ROOT if size else EMPTY_ROOT)


names = st.tuples(st.sampled_from(BASES), st.integers(1, 4)).map(
    lambda pair: pair[0] if pair[1] == 1 else f"{pair[0]}/{pair[1]}"
)
sizes = st.dictionaries(names, st.integers(0, 50))
every = st.builds(
    shards_of,
    sizes.map(lambda found: {name: (size, ROOT.hex()) for name, size in found.items()}),
    sizes.map(lambda found: {name: checkpoint(size) for name, size in found.items()}),
    st.none() | sizes,
)


@given(every)
def test_a_name_that_anybody_knows_is_never_used_again(shards: list[Shard]) -> None:
    for new in epochs_due(shards, (), NOW):
        known = [epoch_of(shard.name) for shard in shards if base_of(shard.name) == base_of(new)]
        assert epoch_of(new) == max(known) + 1


@given(every)
def test_what_is_still_written_to_always_goes_on_under_a_new_name(shards: list[Shard]) -> None:
    known = {base_of(shard.name) for shard in shards}

    assert known & OPEN <= {base_of(new) for new in epochs_due(shards, (), NOW)}


@given(every, st.sets(names))
def test_the_end_of_every_newest_shard_with_a_loss_is_declared_and_none_twice(
    shards: list[Shard], declared: set[str]
) -> None:
    ended = [each.shard for group in epochs_due(shards, declared, NOW).values() for each in group]

    assert len(ended) == len(set(ended))
    newest = {base_of(s.name): s for s in sorted(shards, key=lambda each: epoch_of(each.name))}
    lost = {shard.name for shard in newest.values() if shard.restored_size < shard.known_size}
    assert lost <= set(ended)


@given(every, st.sets(names))
def test_every_end_before_the_newest_is_declared_where_it_is_not_yet(
    shards: list[Shard], declared: set[str]
) -> None:
    for new, group in epochs_due(shards, declared, NOW).items():
        older = {s.name for s in shards if base_of(s.name) == base_of(new)} - {group[0].shard}
        assert {each.shard for each in group[1:]} == older - declared


@pytest.mark.parametrize(
    ("signed", "live", "begins"),
    [(50, None, False), (51, None, True), (40, 50, False), (40, 51, True)],
    ids=["all back", "signed and lost", "all back, unsigned", "never signed and lost"],
)
def test_a_shard_whose_time_is_over_ends_only_with_a_loss(
    signed: int, live: int | None, begins: bool
) -> None:
    name = "access/2026Q3"
    shards = shards_of(
        {name: (50, ROOT.hex())}, {name: checkpoint(signed)}, None if live is None else {name: live}
    )

    assert bool(epochs_due(shards, (), NOW)) is begins
