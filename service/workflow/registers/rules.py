"""Rules across the fields of an entry: each answers with what is wrong, in Danish, or None."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any


def alternatives_to_a_recommendation(content: Mapping[str, Any]) -> str | None:
    """A recommendation stands beside what else could be done."""
    if bool(content.get("indstilling")) != bool(content.get("alternativer")):
        return "En indstilling og dens alternativer (indstilling, alternativer) hører sammen."
    return None


def answered_after_received(content: Mapping[str, Any]) -> str | None:
    """No complaint is answered before it came."""
    if content.get("besvaret", content["modtaget"]) < content["modtaget"]:
        return "En klage kan ikke være besvaret, før den er modtaget."
    return None


def notified_after_found(content: Mapping[str, Any]) -> str | None:
    """No incident is notified before it was found."""
    found, told = (
        datetime.fromisoformat(content.get(key) or content["opdaget"]) for key in ("opdaget", "anmeldt")
    )
    return "En hændelse kan ikke være anmeldt, før den er opdaget." if told < found else None


def passed_of_all(content: Mapping[str, Any]) -> str | None:
    """Nobody passes who did not take part."""
    if content["bestaaet"] > content["antal"]:
        return "Flere kan ikke have bestået, end der har deltaget."
    return None
