"""Making a vault of a municipality's own file of protected attributes."""

import csv
import hashlib
import io
import os
from pathlib import Path

from models.cells import cell
from models.declaration import Area
from models.record import protected_columns
from training.dataset import DataRefused, Reject, read_protected
from training.vault import ABOUT, ATTRIBUTES, FILE_MODE, FOLDER_MODE, about


def write_vault(area: Area, file: Path, folder: Path) -> int:
    """Write a new vault for its owner alone and return how many cases it tells of.

    Raises DataRefused, with nothing written, for a folder that is there already and for any row that is not
    one of the known attributes and codes.
    """
    if folder.exists():
        raise DataRefused([Reject(folder.name, 0, "–", "is there already; a vault is written anew", "")])
    attributes = read_protected(area, file)
    text = io.StringIO()
    writer = csv.DictWriter(text, protected_columns(area), lineterminator="\n")
    writer.writeheader()
    for request_id, codes in attributes.items():
        writer.writerow({"request_id": request_id, **{name: cell(code) for name, code in codes.items()}})
    content = text.getvalue().encode()
    folder.mkdir(mode=FOLDER_MODE, parents=True)
    for name, written in ((ATTRIBUTES, content), (ABOUT, about(area, hashlib.sha256(content).hexdigest()))):
        # Made with its mode, so that nobody else can open it in between.
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
        with os.fdopen(descriptor, "wb") as target:
            target.write(written)
    return len(attributes)
