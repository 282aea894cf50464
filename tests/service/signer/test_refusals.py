"""What the signer refuses: each refusal signs nothing, writes nothing, and says why in both languages."""

import shutil
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.errors import UnsafeStart
from service.log import merkle
from service.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from service.log.notes import NoteNotSigned
from service.signer.key import own_vkeys, published_vkeys, read_key
from service.signer.report import OK, REFUSED, Status
from service.signer.state import read_state
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, put_head, roll_back, tampered

NEXT = f"{DECISIONS}/2"


def refused(bench: Bench, code: str) -> Status:
    """Make a round that must refuse with this code; nothing is signed in any shard, nothing is changed."""
    public, private = bench.public(), bench.private()
    status = bench.seal()

    assert (status.state, status.codes) == (REFUSED, (code,))
    assert all(da and en and da != en for da, en in status.why)
    assert (bench.public(), bench.private()) == (public, private)
    return status


@pytest.fixture
def sealed(bench: Bench) -> Bench:
    """Both logs sealed at 300, and 50 entries more in each."""
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 300)
    assert bench.seal().state == OK
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 50)
    return bench


def change(bench: Bench, statement: str, **values: object) -> None:
    """One statement behind the log's back, on the shard of decisions."""
    tampered(bench.engine, statement, shard=DECISIONS, **values)


def test_a_database_that_was_rolled_back_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, DECISIONS, 299)

    status = refused(sealed, "shorter")

    assert status.why[0][0].startswith(
        "decisions/2026 har 299 poster, men 300 er forseglet. Databasen er rullet"
    )
    assert status.why[0][1].startswith(
        "decisions/2026 has 299 entries, and 300 are sealed. The database was rolled"
    )


@pytest.mark.parametrize("size", [0, 1, 100, 255, 256, 299])
def test_a_rollback_that_grew_past_the_seal_again_is_refused(sealed: Bench, size: int) -> None:
    roll_back(sealed.engine, DECISIONS, size)
    fill(sealed.engine, DECISIONS, 400, word="another history")

    refused(sealed, "sealed_changed")


def test_a_rollback_after_tiles_were_lost_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, DECISIONS, 10)
    fill(sealed.engine, DECISIONS, 400, word="another history")
    shutil.rmtree(sealed.settings.seals / DECISIONS / "tile")

    refused(sealed, "sealed_changed")


def test_a_shard_that_vanished_is_refused(sealed: Bench) -> None:
    roll_back(sealed.engine, ACCESS, 0)

    refused(sealed, "vanished")


def test_a_new_entry_that_does_not_fit_its_leaf_hash_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 320")

    assert "nr. 320" in refused(sealed, "entry_changed").why[0][0]


def test_a_sealed_entry_at_the_edge_that_does_not_fit_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 299")

    refused(sealed, "entry_changed")


def test_a_sealed_entry_that_was_replaced_with_its_hash_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"299","word":"y"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 299",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "sealed_changed")


def test_a_new_entry_that_was_replaced_with_its_hash_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"320","word":"y"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 320",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "head_differs")


def test_an_entry_that_says_it_stands_elsewhere_is_refused(sealed: Bench) -> None:
    text = f'{{"log":"{DECISIONS}","seq":"321"}}'
    change(
        sealed, "UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE shard = :shard AND seq = 320",
        entry=text, leaf=merkle.leaf_hash(text.encode()),
    )  # fmt: skip

    refused(sealed, "entry_elsewhere")


@pytest.mark.parametrize("seq", [280, 320])
def test_an_entry_that_is_missing_is_refused(sealed: Bench, seq: int) -> None:
    change(sealed, "DELETE FROM log_entries WHERE shard = :shard AND seq = :seq", seq=seq)

    refused(sealed, "entry_missing")


def test_entries_beyond_the_head_are_refused(sealed: Bench) -> None:
    with sealed.engine.begin() as connection:
        frontier: list[bytes] = []
        put_head(connection, DECISIONS, 340, frontier)

    refused(sealed, "beyond_head")


def test_a_head_that_says_otherwise_is_refused(sealed: Bench) -> None:
    change(sealed, "UPDATE log_heads SET frontier = zeroblob(length(frontier)) WHERE shard = :shard")

    refused(sealed, "head_differs")


def test_a_name_that_leads_out_of_the_folder_is_refused(sealed: Bench) -> None:
    with sealed.engine.begin() as connection:
        put_head(connection, "../../outside", 1, [bytes(32)])

    refused(sealed, "shard_unknown")
    assert not (sealed.settings.seals.parent.parent / "outside").exists()


def test_an_entry_that_no_bundle_can_hold_is_refused(sealed: Bench) -> None:
    fill(sealed.engine, DECISIONS, 1, word="x" * 70_000)

    refused(sealed, "entry_too_long")


def test_a_new_epoch_that_nobody_declared_is_refused(sealed: Bench) -> None:
    fill(sealed.engine, NEXT, 3)

    public = sealed.public()
    status = sealed.seal()

    assert set(status.codes) == {"epoch_undeclared"}
    assert sealed.public() == public


def declare(bench: Bench, **otherwise: object) -> None:
    """What a restore writes: the new shard and, as its first entry, the declaration."""
    old = bench.checkpoint(DECISIONS)
    assert old is not None
    values = {
        "old": DECISIONS, "shard": NEXT, "size": old.size, "root": old.root.hex(), "restored": 200, "seq": 0,
        **otherwise,
    }  # fmt: skip
    fill(bench.engine, NEXT, 2)
    tampered(
        bench.engine,
        "INSERT INTO epochs (id, at, shard, log_seq, old_shard, number, checkpoint_size, checkpoint_root,"
        " restored_size, reason, named_by, confirmed_by, operator)"
        " VALUES (:old, '2026-06-30', :shard, :seq, :old, 2, :size, :root, :restored, 'r', 'a', 'b', 'c')",
        **values,
    )


def test_a_declared_restore_goes_on_in_its_new_epoch_and_the_old_one_is_never_signed_again(
    bench: Bench,
) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    old = bench.checkpoint(DECISIONS)
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench)

    assert bench.seal().state == OK
    bench.require_whole(NEXT, 2)
    assert bench.checkpoint(DECISIONS) == old


@pytest.mark.parametrize(
    ("otherwise", "code"),
    [
        ({"size": 200, "root": "00" * 32}, "epoch_otherwise"),
        ({"size": None, "root": None}, "epoch_otherwise"),
        ({"restored": 199}, "old_epoch_grew"),
        ({"seq": 1}, "epoch_undeclared"),
        ({"shard": f"{DECISIONS}/3"}, "epoch_undeclared"),
    ],
    ids=["another checkpoint", "no checkpoint", "another size", "not first", "another shard"],
)
def test_a_restore_that_is_declared_otherwise_is_refused(
    bench: Bench, otherwise: dict[str, object], code: str
) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench, **otherwise)

    public = bench.public()
    assert code in bench.seal().codes
    assert bench.public() == public


def test_an_old_epoch_that_grows_is_refused(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    declare(bench)
    bench.seal()
    fill(bench.engine, DECISIONS, 1)

    refused(bench, "old_epoch_grew")


def retire(bench: Bench, size: int, root: bytes) -> None:
    """What a retirement leaves: its row, and a shard without what its entries said."""
    tampered(
        bench.engine,
        "INSERT INTO retirements (id, at, shard, log_seq, retired_shard, size, root, checkpoint,"
        " reason, operator) VALUES ('r', '2026-06-30 08:00:00', 'x', 0, :shard, :size, :root, '', 'r', 'o')",
        "DELETE FROM log_entries WHERE shard = :shard",
        shard=ACCESS, size=size, root=root.hex(),
    )  # fmt: skip
    shutil.rmtree(bench.settings.seals / ACCESS / "tile" / "entries")


def test_a_retired_shard_is_left_alone(bench: Bench) -> None:
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 300)
    bench.seal()
    last = bench.checkpoint(ACCESS)
    assert last is not None
    retire(bench, last.size, last.root)
    fill(bench.engine, DECISIONS, 1)

    assert bench.seal().state == OK
    bench.require_whole(DECISIONS, 301)
    assert bench.checkpoint(ACCESS) == last
    assert not (bench.settings.seals / ACCESS / "tile" / "entries").exists()


def test_a_shard_that_was_retired_as_another_is_refused(bench: Bench) -> None:
    fill(bench.engine, ACCESS, 300)
    bench.seal()
    retire(bench, 300, bytes(32))

    refused(bench, "retired_otherwise")


def forged(bench: Bench, key: Ed25519PrivateKey, size: int, root: bytes) -> None:
    """Put another checkpoint in the public folder."""
    checkpoint = Checkpoint(f"{bench.settings.origin}/{DECISIONS}", size, root)
    (bench.settings.seals / DECISIONS / "checkpoint").write_bytes(sign_checkpoint(checkpoint, key))


@pytest.mark.parametrize(("size", "code"), [(300, "two_roots"), (301, "checkpoint_unknown")])
def test_a_second_checkpoint_by_our_own_key_is_refused(sealed: Bench, size: int, code: str) -> None:
    forged(sealed, read_key(sealed.settings.signer / "key"), size, bytes(32))
    sealed.look = lambda: None  # type: ignore[method-assign]  # the forgery itself lies there

    refused(sealed, code)


def test_a_strangers_checkpoint_is_put_right_from_memory(sealed: Bench) -> None:
    forged(sealed, Ed25519PrivateKey.generate(), 300, bytes(32))

    assert sealed.seal().state == OK
    sealed.require_whole(DECISIONS, 350)


def test_a_strangers_checkpoint_without_a_memory_is_refused(sealed: Bench) -> None:
    forged(sealed, Ed25519PrivateKey.generate(), 300, bytes(32))
    (sealed.settings.signer / "state.json").unlink()
    sealed.look = lambda: None  # type: ignore[method-assign]

    refused(sealed, "checkpoint_unknown")


def damage_state(bench: Bench) -> None:
    path = bench.settings.signer / "state.json"
    path.write_bytes(path.read_bytes().replace(b'"size": 300', b'"size": 301', 1))


UNSAFE: dict[str, Callable[[Bench], object]] = {
    "the key is lost": lambda bench: (bench.settings.signer / "key").unlink(),
    "the key is short": lambda bench: (bench.settings.signer / "key").write_bytes(b"short"),
    "the key is open": lambda bench: (bench.settings.signer / "key").chmod(0o640),
    "the folder is open": lambda bench: bench.settings.signer.chmod(0o755),
    "the memory is damaged": damage_state,
    "the memory is no JSON": lambda bench: (bench.settings.signer / "state.json").write_bytes(b"{"),
    "the vkeys are damaged": lambda bench: (bench.settings.signer / "vkeys.txt").write_bytes(b"x\n"),
    "the folder is lost": lambda bench: shutil.rmtree(bench.settings.signer),
}


@pytest.mark.parametrize("wrong", UNSAFE)
def test_a_signer_that_is_not_what_it_was_does_not_sign(sealed: Bench, wrong: str) -> None:
    UNSAFE[wrong](sealed)
    public = sealed.public()

    with pytest.raises(UnsafeStart):
        sealed.seal()
    assert sealed.public() == public


def test_a_log_keeps_its_name(sealed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(sealed.settings, "origin", "andet.navn")
    public = sealed.public()

    with pytest.raises(UnsafeStart, match="SKOEN_ORIGIN"):
        sealed.seal()
    assert sealed.public() == public


def test_a_stolen_key_that_signs_another_history_is_caught_by_a_held_checkpoint(sealed: Bench) -> None:
    held, stolen = sealed.checkpoint(DECISIONS), read_key(sealed.settings.signer / "key")
    assert held is not None
    rewritten = [merkle.leaf_hash(b"rewritten %d" % seq) for seq in range(400)]
    note = sign_checkpoint(Checkpoint(held.origin, 400, merkle.root(rewritten)), stolen)

    forged_one = open_checkpoint(note, published_vkeys(sealed.settings), held.origin)

    proof = merkle.consistency_proof(rewritten, held.size)
    assert not merkle.verify_consistency(held.size, 400, proof, held.root, forged_one.root)
    with pytest.raises(NoteNotSigned):
        open_checkpoint(note, [key.named("another.origin") for key in own_vkeys(sealed.settings)])


def test_the_round_after_a_refusal_goes_on_where_the_last_good_one_was(sealed: Bench) -> None:
    before = read_state(sealed.settings.signer)
    change(sealed, "UPDATE log_entries SET entry = entry || ' ' WHERE shard = :shard AND seq = 320")
    refused(sealed, "entry_changed")
    assert read_state(sealed.settings.signer) == before
    change(sealed, "UPDATE log_entries SET entry = rtrim(entry) WHERE shard = :shard AND seq = 320")

    assert sealed.seal().state == OK
    sealed.require_whole(DECISIONS, 350)
