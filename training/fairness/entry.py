"""What was found in people's decisions, as a file for the register of bias."""

import json
from typing import Any

from models.promotion import is_finding
from training.fairness.told import rows_of

FOUND, NOTHING_FOUND = "fund", "intet_fund"


def entry_of(record: dict[str, Any], month: str) -> str:
    """TOML for `skoen register add fairness`: what was tried, what was found, and what could have been."""
    found = [
        f"{axis['label']}, {group['label']}: besluttes lavere end eget skøn"
        for axis in record["axes"]
        for group in axis["groups"]
        if is_finding(axis, group)
    ]
    tried = [_tried(row) for row in rows_of(record)]
    lines = [
        f"om = {_text('model:' + record['version'] if record['version'] else 'system:skoen')}",
        f"titel = {_text(f'Beslutninger til og med {month}')}",
        f"maaned = {_text(month)}",
        f"status = {_text(FOUND if found else NOTHING_FOUND)}",
        f"antal = {record['n']}",
        f"fra = {record['window'][0]}",
        f"til = {record['window'][1]}",
        f"proevet = {_list(tried)}",
    ]
    if found:
        lines.append(f"fund = {_list(found)}")
    return "\n".join([*lines, f"dato = {record['window'][1]}", "offentlig = true", ""])


def _tried(row: tuple[str, ...]) -> str:
    """A row of the told record as one sentence."""
    axis, group, n, low, gap, detectable, answer = row
    if not group:
        return f"{axis}: {answer}"
    if not gap:
        return f"{axis}, {group}: {n} sager, {answer}"
    return (
        f"{axis}, {group}: {n} sager, {low} for lavt, forskel {gap} procentpoint ved samme behov,"
        f" {detectable} kunne findes: {answer}"
    )


def _text(value: str) -> str:
    # A JSON string of plain text is a TOML string.
    return json.dumps(value, ensure_ascii=False)


def _list(values: list[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"
