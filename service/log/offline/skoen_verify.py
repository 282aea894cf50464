"""Check an export (.zip) or a receipt (.tlog-proof) of a Skøn log, with nothing of Skøn's; see README.md.

--vkey: the log's public key, got elsewhere than from the export. --held: files with checkpoints got earlier,
signed or typed from paper. Exit code: the first of 60, 10, 20, 30, 40, 50 that was met (why: README.md).
"""

import argparse
import base64
import hashlib
import hmac
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KINDS, NUMBER = ("whole", "part", "retired"), re.compile('"(0|[1-9][0-9]{0,17})"')
PROOF = re.compile(r"\Ac2sp\.org/tlog-proof@v1\nextra (\S+)\nindex (\S+)\n((?:\S+\n)*)\n(.*)", re.DOTALL)
SMALL, PART, LINE, MOST = 1_000_000, 64_000_000, 65_536, 1_000  # bytes of a file, part, line; faults told
HELD = (  # what comes of a held checkpoint; the second and fourth are faults
    "checkpointet passer / the checkpoint fits",
    "roden er en anden (tastefejl?) / the root is another (a typing error?)",
    "{} poster gik tabt ved en erklæret gendannelse / entries were lost in a declared restore",
    "udtrækket når ikke så langt / the export does not reach that far",
)
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
parse = json.JSONDecoder(parse_float=str, parse_constant=str).decode  # floats come back as text, so differ


def sha(*parts: bytes) -> bytes:
    """SHA-256; a leaf is hashed behind a 0 and two nodes behind a 1 (RFC 9162 § 2.1.1)."""
    return hashlib.sha256(b"".join(parts)).digest()


def roots_at(sizes: set[int], leaves: Iterable[bytes]) -> dict[int, bytes]:
    """The roots that the tree had at these sizes, in one pass; `edge`: roots of its perfect subtrees."""
    found, edge = {0: sha()}, list[bytes]()
    for size, leaf in enumerate(leaves, start=1):
        for _ in range((size & -size).bit_length() - 1):
            leaf = sha(b"\x01", edge.pop(), leaf)
        edge.append(leaf)
        if size in sizes:
            for left in edge[-2::-1]:
                leaf = sha(b"\x01", left, leaf)
            found[size] = leaf
    return found


def climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a leaf's path leads to (RFC 9162 § 2.1.3); empty for a path of another length."""
    if size > 1 and path:
        half = 1 << (size - 1).bit_length() - 1
        if index < half:
            return sha(b"\x01", climb(leaf, index, half, path[:-1]), path[-1])
        return sha(b"\x01", path[-1], climb(leaf, index - half, size - half, path[:-1]))
    return leaf if (index, size, path) == (0, 1, []) else b""


def strict(data: bytes) -> dict[str, Any]:
    """The JSON object that has these canonical bytes (RFC 8785); an empty one when there is none."""
    try:
        found = parse(data.decode())
        return found if isinstance(found, dict) and canonical(found).encode() == data else {}
    except (ValueError, RecursionError):
        return {}


def unbase64(text: str) -> bytes:
    """Bytes from their one way of writing in base64; ValueError for any other."""
    if base64.b64encode(base64.b64decode(text, validate=True)).decode() != text:
        raise ValueError("no base64")
    return base64.b64decode(text)


def read_vkey(text: str) -> tuple[str, bytes]:
    """Name and key of a vkey (c2sp.org/signed-note), its kind before it; ValueError unless it is Ed25519."""
    name, identity, key = [*text.strip().split("+", 2), "", ""][:3]
    if len(unbase64(key)) != 33 or sha(name.encode(), b"\n\x01", unbase64(key)[1:])[:4].hex() != identity:
        raise ValueError("no Ed25519 vkey")
    return name, unbase64(key)


def signers(note: str, keys: list[tuple[str, bytes]]) -> set[str]:
    """The names a note is signed under: those of keys or of logs below them; may raise InvalidSignature."""
    body, blank, signed = note.rpartition("\n\n")
    found, lines = set(), re.findall("— (\\S+) (\\S+)\n", signed)
    if not blank or signed != "".join(f"— {name} {encoded}\n" for name, encoded in lines):
        raise ValueError("no signed note")
    for name, signature in ((name, unbase64(encoded)) for name, encoded in lines):
        for base, key in keys:
            if f"{name}/".startswith(f"{base}/") and signature[:4] == sha(name.encode(), b"\n", key)[:4]:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(signature[4:], f"{body}\n".encode())
                found.add(name)
    return found


def read_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root; from paper the root may be in hexadecimal, in groups and on several lines."""
    origin, size, *rest = re.split(r"\s*\n\s*", text.split("\n\n— ")[0].strip())
    root = re.sub(r"[\s-]", "", "".join(rest))
    found = origin, int(size), bytes.fromhex(root) if len(root) == 64 else unbase64(root)
    if len(found[2]) != 32 or str(found[1]) != size:
        raise ValueError("no checkpoint")
    return found


class Check:
    """One check: what it found, and the facts that come from one place and count in another."""

    def __init__(self) -> None:
        self.codes, self.found = set[int](), list[str]()
        self.facts: dict[Any, Any] = {}  # roots by origin, row by (event, origin), commitment by entry

    def must(self, fits: bool, code: int, where: str, what: str) -> None:
        if not fits:
            self.codes.add(code)
            self.found += [f"{code or 'INFO'}  {where}: {what}"] if len(self.found) < MOST else []

    def run(self, file: str, held: list[str], vkeys: list[str]) -> None:
        self.keys = [read_vkey(text) for text in vkeys]
        self.held = [(name, *read_checkpoint(Path(name).read_text("utf-8-sig"))) for name in held]
        self.must(held != [], 0, file, "intet checkpoint fra før; se README / no checkpoint held; see README")
        self.export(file) if zipfile.is_zipfile(file) else self.proof(file)
        for name, origin, size, root in self.held:
            said, ours = self.facts.get(("epoch:started", origin), {}), self.facts.get(origin, {}).get(size)
            told = (said.get("checkpoint_size"), said.get("checkpoint_root")) == (size, root.hex())
            state, lost = 0 if ours == root else 1 if ours else 2 if told else 3, said.get("restored_size", 0)
            self.must(False, 30 * (state % 2), f"{name} ({origin} {size})", HELD[state].format(size - lost))

    def signed(self, note: str, where: str) -> tuple[str, int, bytes]:
        self.must(note.split("\n")[0] in signers(note, self.keys), 10, where, "uden underskrift / unsigned")
        return read_checkpoint(note)

    def open(self, name: str, limit: int) -> io.BufferedReader:
        file = self.zip.getinfo(name)
        self.unread.remove(name)
        if file.file_size > limit or file.compress_type not in (0, 8):
            raise ValueError(f"{name}: {file.file_size} bytes")
        return io.BufferedReader(self.zip.open(file))  # type: ignore[arg-type]

    def records(self, name: str, size: int, code: int) -> Iterator[tuple[bytes, dict[str, Any]]]:
        """For each number below `size` the line that bears it, as bytes and content; empty if none does."""
        at, wrong = 0, "linje ødelagt eller malplaceret / line damaged or out of place"
        with self.open(name, size * LINE) as file:
            while line := file.readline(LINE):
                content = strict(line[:-1]) if line[-1:] == b"\n" else {}
                seq = int(content["seq"]) if NUMBER.fullmatch(canonical(content.get("seq"))) else -1
                self.must(at <= seq < size, code, f"{name} > {at - 1}", wrong)
                if at <= seq < size:
                    yield from [(b"", {})] * (seq - at)
                    yield line[:-1], content
                    at = seq + 1
        yield from [(b"", {})] * (size - at)

    def leaves(self, shard: str, size: int, whole: bool) -> Iterator[bytes]:
        """Every leaf hash, after holding the entry of its number, if it is there, against it and its row."""
        entries = self.records(f"{shard}/entries.jsonl", size, 20)
        rows, last, tile, opens = self.records(f"{shard}/rows.jsonl", size, 50), "", b"", True
        for seq, ((line, entry), (_, row)) in enumerate(zip_longest(entries, rows)):
            kind, ident, said = entry.get("type"), entry.get("id"), entry.get("row", {})
            at, opens = seq % 256 * 32, opens and kind == "epoch:started"  # these stand first in a shard
            if at == 0:  # the tiles of level 0 (c2sp.org/tlog-tiles), for up to 256 million leaves
                path = f"x{seq // 256_000:03d}/" * (seq > 255_999) + f"{seq // 256 % 1000:03d}"
                path += f".p/{size - seq}" if size - seq < 256 else ""
                tile = self.open(f"{shard}/tile/0/{path}", 32 * min(256, size - seq)).read()
            where = f"{shard} nr. {seq} ({kind} {ident})"
            fits = (row.get("step"), row.get("id")) == (entry.get("step"), ident if "step" in entry else None)
            self.must(fits, 50, where, "post uden række eller omvendt / entry without row or the reverse")
            self.must(not whole or line != b"", 20, where, "posten mangler / the entry is missing")
            if line:
                here = entry.get("log") == shard and entry.get("t", "") >= last
                fits = here and sha(b"\x00", line) == tile[at : at + 32]
                self.must(fits, 20, where, "posten passer ikke på sin plads / entry and place do not fit")
                self.must(not fits or entry.get("v") == 1, 60, where, "ukendt version / unknown version")
                last = entry.get("t", "")
                if ("entry", ident) in self.facts:
                    self.facts["entry", ident] = entry.get("commit")
                if kind == "shard:retired" or opens:
                    self.facts[kind, f"{self.base}/{said.get('retired_shard') or said['old_shard']}"] = said
                    self.must(False, 0, where, canonical(said))
            yield tile[at : at + 32]

    def shard(self, shard: str, origin: str, size: int, kind: str) -> None:
        seal = self.signed(self.open(f"{shard}/checkpoint", SMALL).read().decode(), shard)
        said = self.facts.get(("shard:retired", origin), {})
        self.facts[origin] = roots = {said.get("size"): bytes.fromhex(said.get("root", ""))}
        sizes = {size, *(held[2] for held in self.held)}
        if f"{shard}/entries.jsonl" in self.unread:  # of a retired shard not even the hashes may be left
            self.facts[origin] = roots = roots_at(sizes, self.leaves(shard, size, kind == "whole"))
        fits = seal == (origin, size, roots.get(size)) and origin == f"{self.base}/{shard}" and kind in KINDS
        self.must(fits, 20, shard, "posterne giver ikke den underskrevne rod / entries do not make the root")
        self.must(False, 0, shard, f"{size} poster / entries: {kind}")

    def export(self, file: str) -> None:
        self.zip = zipfile.ZipFile(file)
        self.unread = self.zip.namelist()
        opened = [name for name in self.unread if name.startswith("opened/")]
        self.facts = {("entry", name[7:-5]): None for name in opened}
        told = strict(self.open("manifest.json", SMALL).read())
        self.must(told.get("format") == "skoen-log-export/1", 60, file, "ukendt format / unknown format")
        self.base = told["origin"]
        self.must(self.keys != [], 0, file, "egen nøgle: viser kun indre sammenhæng / only inner consistency")
        self.keys = self.keys or [read_vkey(text) for text in told["vkeys"]]
        for shard in sorted(told["shards"], key=lambda shard: shard["kind"] == "retired"):
            self.shard(**shard)
        for name in opened:
            part = strict(self.open(name, PART).read())
            salt, content = str(part.get("salt")), str(part.get("content")).encode()
            key = bytes.fromhex(salt) if re.fullmatch("[0-9a-f]{64}", salt) else b""
            mac = hmac.digest(key, content, "sha256").hex() if len(part) == 2 else ""
            self.must(mac == self.facts["entry", name[7:-5]], 40, name, "ikke postens / not of the entry")
        self.must(self.unread in ([], ["README.txt"]), 60, file, f"ukendt / unknown: {self.unread[:9]}")

    def proof(self, file: str) -> None:
        [(extra, index, path, note)] = PROOF.findall(Path(file).read_bytes().decode())
        (origin, size, root), entry = self.signed(note, file), unbase64(extra)
        said, nodes = strict(entry), [unbase64(node) for node in path.split()]
        fits = (said.get("v"), said.get("seq")) == (1, index) and origin.endswith(f"/{said.get('log')}")
        fits = fits and climb(sha(b"\x00", entry), int(index), size, nodes) == root
        self.must(fits, 20, file, f"posten er ikke nr. {index} i loggen / the entry is not there in the log")
        self.facts[origin] = {size: root}


def main() -> int:
    """Check what the command line names, print what was found, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file")
    parser.add_argument("--held", nargs="+", action="extend", default=[])
    parser.add_argument("--vkey", nargs="+", action="extend", default=[])
    given, check = parser.parse_args(), Check()
    try:
        check.run(given.file, given.held, given.vkey)
    except Exception as error:  # whatever a damaged or hostile file makes the libraries raise
        code = 10 if isinstance(error, InvalidSignature) else 60
        check.must(False, code, given.file, f"kan ikke kontrolleres / cannot be checked: {error!r}")
    code = next((code for code in (60, 10, 20, 30, 40, 50) if code in check.codes), 0)
    verdict = f"IKKE I ORDEN / NOT IN ORDER ({code})" if code else "I ORDEN / IN ORDER (0)"
    print("\n".join(re.sub("[^ -~\xa0-\xff]", "?", line) for line in [*check.found, verdict]))
    return code


if __name__ == "__main__":
    sys.exit(main())
