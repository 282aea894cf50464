"""Exports written by hand, file by file as service/log/README.md describes them, so that surgery is easy."""

import hmac
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.log import merkle
from service.log.canonical import canonical
from service.log.checkpoint import Checkpoint, sign_checkpoint
from service.log.notes import public_of
from service.log.tiles import tiles_of

BASE = "skoen.test"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
VKEY = public_of(BASE, KEY).vkey
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
OTHER_VKEY = public_of(BASE, OTHER_KEY).vkey
DECISIONS, ACCESS = "decisions/2026", "access/2026Q4"
Files = dict[str, bytes]


def ident(word: str) -> str:
    """An id that is always the same for the same word."""
    return sha256(word.encode()).hexdigest()[:32]


def part_of(shard: str, seq: int) -> tuple[bytes, bytes]:
    """Salt and content of the personal part of an entry."""
    salt = sha256(f"salt {shard} {seq}".encode()).digest()
    return salt, canonical(
        {"citizen": ident("Ane"), "row": {"id": ident(f"{shard} {seq}")}, "text": "Går ærø."}
    )


def entry(shard: str, seq: int, **changes: Any) -> dict[str, Any]:
    """An entry as the log writes them; every third proves no row."""
    made: dict[str, Any] = {
        "v": 1, "log": shard, "seq": str(seq), "id": ident(f"{shard} {seq}"),
        "t": f"2026-06-30T{seq // 3600 % 24:02d}:{seq // 60 % 60:02d}:{seq % 60:02d}.000000Z",
        "type": "decision:made", "actor": ident("alma"), "role": "visitator", "unit": ident("nord"),
        "case": ident(f"case {seq % 7}"),
    }  # fmt: skip
    if seq % 3:
        made |= {"step": "decision", "commit": hmac.digest(*part_of(shard, seq), "sha256").hex()}
    return made | changes


def row(made: Mapping[str, Any]) -> dict[str, Any]:
    """The line of rows.jsonl that belongs to an entry."""
    return {"step": made["step"], "table": "decisions", "id": made["id"], "seq": made["seq"]}


@dataclass
class Shard:
    """One shard of an export: what its files will hold."""

    name: str
    entries: list[bytes]
    rows: list[bytes]
    leaves: list[bytes]
    note: bytes = b""
    kind: str = "whole"
    size: int = field(default=0)

    def seal(self, key: Ed25519PrivateKey = KEY, base: str = BASE) -> "Shard":
        """Sign the root over the leaf hashes."""
        self.size = len(self.leaves)
        checkpoint = Checkpoint(f"{base}/{self.name}", self.size, merkle.root(self.leaves))
        self.note = sign_checkpoint(checkpoint, key)
        return self

    def only(self, numbers: Iterable[int]) -> "Shard":
        """The same shard with some of its entries and rows, as for one case."""
        wanted = {str(number).encode() for number in numbers}
        kept = [line for line in self.entries if seq_in(line) in wanted]
        rows = [line for line in self.rows if seq_in(line) in wanted]
        return Shard(self.name, kept, rows, self.leaves, self.note, "part", self.size)


def seq_in(line: bytes) -> bytes:
    """The number in a line."""
    return line.partition(b'"seq":"')[2].partition(b'"')[0]


def shard_of(name: str, entries: Sequence[Mapping[str, Any]], key: Ed25519PrivateKey = KEY) -> Shard:
    """A whole shard of these entries, signed."""
    lines = [canonical(made) for made in entries]
    rows = [canonical(row(made)) for made in entries if "step" in made]
    return Shard(name, lines, rows, [merkle.leaf_hash(line) for line in lines]).seal(key)


def a_shard(name: str = DECISIONS, size: int = 20, key: Ed25519PrivateKey = KEY) -> Shard:
    """A whole shard with entries like the log's."""
    return shard_of(name, [entry(name, seq) for seq in range(size)], key)


def checkpoint_at(shard: Shard, size: int, key: Ed25519PrivateKey = KEY) -> bytes:
    """What the signer published when the shard had that size."""
    return Shard(shard.name, [], [], shard.leaves[:size]).seal(key).note


def files_of(
    *shards: Shard, vkeys: Sequence[str] = (VKEY,), base: str = BASE, opened: Iterable[tuple[str, int]] = ()
) -> Files:
    """Every file of an export."""
    listed = [
        {"shard": each.name, "origin": f"{base}/{each.name}", "size": each.size, "kind": each.kind}
        for each in shards
    ]
    manifest = {
        "format": "skoen-log-export/1", "made_at": "2026-07-01T00:00:00.000000Z", "origin": base,
        "vkeys": list(vkeys), "shards": listed, "choice": {"kind": "whole"},
    }  # fmt: skip
    files = {"README.txt": b"Se README.md.\n", "manifest.json": canonical(manifest)}
    for each in shards:
        files[f"{each.name}/checkpoint"] = each.note
        if each.kind == "retired" and each.entries:  # nothing but the checkpoint is left
            continue
        files[f"{each.name}/entries.jsonl"] = b"".join(line + b"\n" for line in each.entries)
        files[f"{each.name}/rows.jsonl"] = b"".join(line + b"\n" for line in each.rows)
        for tile in tiles_of(len(each.leaves)):
            if tile.level == 0:
                start = tile.index * 256
                files[f"{each.name}/{tile.path}"] = b"".join(each.leaves[start : start + tile.width])
    for name, seq in opened:
        salt, content = part_of(name, seq)
        files[f"opened/{ident(f'{name} {seq}')}.json"] = canonical(
            {"salt": salt.hex(), "content": content.decode()}
        )
    return files


def write_zip(path: Path, files: Mapping[str, bytes]) -> Path:
    """The files as a zip."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
