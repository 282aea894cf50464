"""Opening a file from outside: bounded in size and depth, UTF-8, and strict about what JSON allows."""

import gzip
import json
import math
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar

from service.intake_formats.problem import Refused, refuse

MEGABYTE = 1024 * 1024
JSON_LIMIT = 20 * MEGABYTE
TABLE_LIMIT = 2048 * MEGABYTE
DEPTH_LIMIT = 40
GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
WHOLE = "filen"
STRING_OR_BRACKET = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[\[\]{}]', re.DOTALL)

HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")

Read = TypeVar("Read")


def opened(path: Path) -> IO[bytes] | gzip.GzipFile:
    """The file as bytes, unpacked when it is gzipped; one that cannot be opened is refused."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
        return gzip.open(path) if packed else path.open("rb")
    except OSError as error:
        raise refuse(WHOLE, "file", "kan ikke læses", error.strerror) from error


def bounded(path: Path, limit: int) -> bytes:
    """The whole content; more than `limit` bytes, packed or unpacked, are refused unparsed."""
    with opened(path) as file:
        size = path.stat().st_size
        if size > limit:
            raise too_large(limit, size)
        content = reading(lambda: file.read(limit + 1))
    if len(content) > limit:
        raise too_large(limit, len(content), "over ")
    return content


def too_large(limit: int, size: int, over: str = "") -> Refused:
    """The refusal of a file that is too large to be read."""
    found = f"{over}{size / MEGABYTE:.0f} MB"
    return refuse(WHOLE, "størrelse", f"er større end de tilladte {limit // MEGABYTE} MB", found)


def reading(read: Callable[[], Read]) -> Read:
    """What `read` gives, with the errors of a damaged or unreadable file turned into a refusal."""
    try:
        return read()
    except EOFError as error:
        raise refuse(WHOLE, "indhold", "gzip-filen er afkortet", "ingen afslutning") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise refuse(WHOLE, "indhold", "gzip-filen er beskadiget", type(error).__name__) from error
    except OSError as error:
        raise refuse(WHOLE, "file", "kan ikke læses", error.strerror) from error


def text_of(content: bytes) -> str:
    """The content as text; a byte order mark is dropped, anything but UTF-8 refused."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise refuse(place, "tegnsæt", "er ikke UTF-8", f"byte 0x{content[error.start]:02x}") from error


def json_of(content: bytes) -> Any:
    """The content parsed as JSON; duplicate keys, NaN, half characters and deep nesting are refused."""
    text = text_of(content)
    if too_deep(text):
        raise refuse(WHOLE, "dybde", f"er indlejret dybere end {DEPTH_LIMIT} niveauer", "flere niveauer")
    try:
        data = json.loads(
            text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant, parse_float=_finite
        )
    except json.JSONDecodeError as error:
        place = f"linje {error.lineno}"
        raise refuse(place, f"tegn {error.colno}", "er ikke JSON", error.msg) from error
    except ValueError as error:
        if isinstance(error, Refused):
            raise
        raise refuse(WHOLE, "tal", "er for stort et tal", "for mange cifre") from error
    if HALF_CHARACTER.search(text):
        _refuse_half_characters(data)
    return data


def too_deep(text: str) -> bool:
    """Whether brackets nest deeper than allowed, counted without recursion and not inside strings."""
    depth = 0
    for token in STRING_OR_BRACKET.finditer(text):
        bracket = token.group()
        if bracket in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                return True
        elif bracket in "]}":
            depth -= 1
    return False


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise refuse(WHOLE, key, "nøglen står to gange i samme objekt", key)
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise refuse(WHOLE, "tal", "er ikke et tal i JSON", name)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise refuse(WHOLE, "tal", "er for stort et tal", digits)
    return number


def _refuse_half_characters(data: Any) -> None:
    # Half of a surrogate pair is legal in JSON, and no text: it could not be stored or hashed.
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        raise refuse(WHOLE, "tekst", "indeholder et halvt tegn", "et enligt surrogat") from error
