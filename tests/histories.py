"""History files for tests: valid rows by default, each test changes one thing."""

import csv
import gzip
import io
from collections.abc import Iterable
from pathlib import Path

from models import areas
from models.record import columns
from tests.bundles import REQUEST

AREA = areas.get("genoptraening")
COLUMNS = columns(AREA)

USUAL = {
    "request_id": REQUEST, "area": "genoptraening", "municipality": "0999", "received_on": "2022-05-23",
    "discharged_on": "2022-05-24", "contact_from": "2022-05-10", "contact_to": "2022-05-24",
    "plan_type": "almen", "decided_at": "2022-05-25T08:00:00Z", "own_corrected_after_evidence": "nej",
    "final_level": "basal", "reason_code": "funktion_nu", "arm": "none", "shown": "nej",
    "label_source": "human", "origin": "history", "forms": "gruppe", "team": "ortopaedisk", "place": "center",
    "aktionsdiagnose_sks": "DS721", "bidiagnoser_antal": "2", "komorbiditet_flag": "hjerte+diabetes",
    "funk_mobilitet": "3", "funk_foer": "selvhjulpen", "faldrisiko": "ja", "hjemmepleje": "nej",
}  # fmt: skip


def a_row(**changes: str) -> dict[str, str]:
    """The usual decided case."""
    return dict.fromkeys(COLUMNS, "") | USUAL | changes


def a_csv(path: Path, rows: Iterable[dict[str, str]], delimiter: str = ",") -> Path:
    """Write rows as CSV; the first row's keys are the header. Gzipped when the name says so."""
    rows = list(rows)
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def a_parquet(path: Path, rows: Iterable[dict[str, str]]) -> Path:
    """Write rows as a Parquet file of text columns."""
    import pyarrow
    import pyarrow.parquet

    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(list(rows)), path)
    return path
