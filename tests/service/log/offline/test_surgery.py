"""Everything that can be done to an export with a knife, fifty times each, and the exit code it must give."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from service.log import merkle
from service.log.canonical import canonical
from service.log.tiles import Tile
from tests.parts.exports import (
    ACCESS,
    DECISIONS,
    OTHER_KEY,
    Files,
    Shard,
    a_shard,
    checkpoint_at,
    entry,
    files_of,
    ident,
    row,
    shard_of,
)
from tests.parts.offline import judged_files
from tests.parts.size import sized

TIMES, SIZE = sized(6, 50), 40
WHOLE = a_shard(size=SIZE)
OPENED = (DECISIONS, 4)
Knife = Callable[[Shard, Random], None]


def delete(shard: Shard, chance: Random) -> None:
    del shard.entries[chance.randrange(SIZE)]


def insert(shard: Shard, chance: Random) -> None:
    seq = chance.randrange(SIZE)
    shard.entries.insert(seq, canonical(entry(DECISIONS, seq, actor=ident("mallory"))))


def swap(shard: Shard, chance: Random) -> None:
    one, other = chance.sample(range(SIZE), 2)
    shard.entries[one], shard.entries[other] = shard.entries[other], shard.entries[one]


def duplicate(shard: Shard, chance: Random) -> None:
    seq = chance.randrange(SIZE)
    shard.entries.insert(seq, shard.entries[seq])


def truncate(shard: Shard, chance: Random) -> None:
    shard.size = chance.randrange(SIZE)
    cut_to(shard, shard.size)


def append(shard: Shard, chance: Random) -> None:
    for seq in range(SIZE, SIZE + chance.randint(1, 5)):
        put(shard, entry(DECISIONS, seq, actor=ident("mallory")))
    shard.size = len(shard.leaves)


def replace(shard: Shard, chance: Random) -> None:
    shard.entries[chance.randrange(SIZE)] = canonical(
        entry(DECISIONS, chance.randrange(SIZE), case=ident("x"))
    )


def replace_with_its_leaf(shard: Shard, chance: Random) -> None:
    rewrite(shard, chance.randrange(SIZE))


def swap_leaves(shard: Shard, chance: Random) -> None:
    one, other = chance.sample(range(SIZE), 2)
    shard.leaves[one], shard.leaves[other] = shard.leaves[other], shard.leaves[one]


def older_checkpoint(shard: Shard, chance: Random) -> None:
    shard.note = checkpoint_at(WHOLE, chance.randrange(SIZE))


def sign_with_another_key(shard: Shard, chance: Random) -> None:
    rewrite(shard, chance.randrange(SIZE))
    shard.seal(OTHER_KEY)


def delete_row(shard: Shard, chance: Random) -> None:
    del shard.rows[chance.randrange(len(shard.rows))]


def insert_row(shard: Shard, chance: Random) -> None:
    seq = 3 * chance.randrange(SIZE // 3)  # an entry that proves no row
    extra = canonical({**row(entry(DECISIONS, seq, step="decision"))})
    shard.rows = sorted([*shard.rows, extra], key=lambda line: int(json.loads(line)["seq"]))


def swap_rows(shard: Shard, chance: Random) -> None:
    one, other = chance.sample(range(len(shard.rows)), 2)
    shard.rows[one], shard.rows[other] = shard.rows[other], shard.rows[one]


def replace_row(shard: Shard, chance: Random) -> None:
    number = chance.randrange(len(shard.rows))
    change = chance.choice([{"id": ident("x")}, {"step": "planning"}])
    shard.rows[number] = canonical({**json.loads(shard.rows[number]), **change})


def rewrite(shard: Shard, seq: int) -> None:
    """Another entry in the place of one, with the leaf hash that belongs to it."""
    shard.entries[seq] = canonical({**json.loads(shard.entries[seq]), "actor": ident("mallory")})
    shard.leaves[seq] = merkle.leaf_hash(shard.entries[seq])


def put(shard: Shard, made: dict[str, object]) -> None:
    """One entry more at the end, with leaf and row."""
    shard.entries.append(canonical(made))
    shard.leaves.append(merkle.leaf_hash(shard.entries[-1]))
    if "step" in made:
        shard.rows.append(canonical(row(made)))


def cut_to(shard: Shard, size: int) -> None:
    """Nothing of the shard from this number on."""
    shard.entries, shard.leaves = shard.entries[:size], shard.leaves[:size]
    shard.rows = [line for line in shard.rows if int(json.loads(line)["seq"]) < size]


KNIVES: dict[Knife, int] = {
    delete: 20, insert: 20, swap: 20, duplicate: 20, truncate: 20, append: 20, replace: 20,
    replace_with_its_leaf: 20, swap_leaves: 20, older_checkpoint: 20, sign_with_another_key: 10,
    delete_row: 50, insert_row: 50, swap_rows: 50, replace_row: 50,
}  # fmt: skip


def copied(shard: Shard) -> Shard:
    return Shard(
        shard.name, [*shard.entries], [*shard.rows], [*shard.leaves], shard.note, shard.kind, shard.size
    )


def exported(shard: Shard) -> Files:
    """The shard beside another, with an opened part where its entry is still there."""
    return files_of(shard, a_shard(ACCESS, 3))


@pytest.mark.parametrize("knife", KNIVES, ids=lambda knife: knife.__name__)
def test_a_cut_into_an_export_is_found_by_the_signed_checkpoint(tmp_path: Path, knife: Knife) -> None:
    assert judged_files(tmp_path, exported(WHOLE)).code == 0
    codes = []
    for time in range(TIMES):
        shard = copied(WHOLE)
        knife(shard, Random(time))
        codes.append(judged_files(tmp_path, exported(shard)).code)

    assert codes == [KNIVES[knife]] * TIMES


def a_line_less(shard: Shard, chance: Random) -> int:
    """Take an entry out and number those after it anew."""
    gone = chance.randrange(SIZE)
    renumber(shard, [number for number in range(SIZE) if number != gone])
    return gone


def a_line_more(shard: Shard, chance: Random) -> int:
    at = chance.randrange(SIZE)
    renumber(shard, [*range(at), 0, *range(at, SIZE)])
    return at


def two_in_other_order(shard: Shard, chance: Random) -> int:
    one, other = sorted(chance.sample(range(SIZE), 2))
    order = list(range(SIZE))
    order[one], order[other] = other, one
    renumber(shard, order)
    return one


def the_end_cut_off(shard: Shard, chance: Random) -> int:
    size = chance.randrange(SIZE)
    cut_to(shard, size)
    return size


def one_rewritten(shard: Shard, chance: Random) -> int:
    seq = chance.randrange(SIZE)
    rewrite(shard, seq)
    return seq


def one_twice(shard: Shard, chance: Random) -> int:
    seq = chance.randrange(SIZE - 1)  # the last one twice would be an honest new entry
    renumber(shard, [*range(seq + 1), *range(seq, SIZE)])
    return seq + 1


def renumber(shard: Shard, order: list[int]) -> None:
    """The entries in another order, each made to look as if it belonged where it now stands."""
    old = [json.loads(line) for line in shard.entries]
    times = [*sorted(made["t"] for made in old), old[-1]["t"]]
    moved = shard_of(
        DECISIONS, [{**old[number], "seq": str(seq), "t": times[seq]} for seq, number in enumerate(order)]
    )
    shard.entries, shard.rows, shard.leaves = moved.entries, moved.rows, moved.leaves


STOLEN = [a_line_less, a_line_more, two_in_other_order, the_end_cut_off, one_rewritten, one_twice]


@pytest.mark.parametrize("forge", STOLEN, ids=lambda forge: forge.__name__)
def test_a_forgery_signed_with_the_stolen_key_is_found_by_a_held_checkpoint(
    tmp_path: Path, forge: Callable[[Shard, Random], int]
) -> None:
    codes = []
    for time in range(TIMES):
        chance, shard = Random(time), copied(WHOLE)
        first = forge(shard, chance)
        files = exported(shard.seal())
        assert judged_files(tmp_path, files).code == 0, "a perfect forgery, by itself"
        held = checkpoint_at(WHOLE, chance.randint(first + 1, SIZE))
        codes.append(judged_files(tmp_path, files, held=[held]).code)

    assert codes == [30] * TIMES


def test_every_change_to_an_opened_part_is_found(tmp_path: Path) -> None:
    files = files_of(WHOLE, opened=[OPENED])
    name = f"opened/{ident(f'{DECISIONS} 4')}.json"
    part = json.loads(files[name])
    assert judged_files(tmp_path, files).code == 0
    codes = []
    for time in range(4 * TIMES):
        chance = Random(time)
        field = chance.choice(["salt", "content"])
        at = chance.randrange(len(part[field]))
        sign = chance.choice([each for each in "0123456789abcdefæ" if each != part[field][at]])
        changed = {**part, field: part[field][:at] + sign + part[field][at + 1 :]}
        codes.append(judged_files(tmp_path, {**files, name: canonical(changed)}).code)
    for changed in (
        {**part, "salt": part["salt"] + "00"}, {**part, "salt": part["salt"].upper()}, {**part, "more": "x"},
        {"salt": part["salt"]}, {"content": part["content"]}, {**part, "content": None}, {**part, "salt": 7},
        {},
    ):  # fmt: skip
        codes.append(judged_files(tmp_path, {**files, name: canonical(changed)}).code)

    assert codes == [40] * len(codes)


def test_one_tile_taken_or_another_in_its_place_is_found(tmp_path: Path) -> None:
    large = a_shard(size=600)
    files = files_of(large)
    names = [f"{DECISIONS}/{tile.path}" for tile in (Tile(0, 0), Tile(0, 1), Tile(0, 2, 88))]

    for name in names:
        assert judged_files(tmp_path, {**files, name: files[name][:-32]}).code == 20
        assert judged_files(tmp_path, {**files, name: files[name] + bytes(32)}).code == 60
        assert judged_files(tmp_path, {key: data for key, data in files.items() if key != name}).code == 60
    assert judged_files(tmp_path, {**files, names[0]: files[names[1]], names[1]: files[names[0]]}).code == 20
