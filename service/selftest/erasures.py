"""Was an erasure broken off, and has nobody gone on with it?"""

from datetime import datetime, timedelta

from service.log import erasure_ledger
from service.log.erasure_ledger import LedgerUnfit
from service.selftest.findings import Finding, Installation, in_order, warning

LONGEST = timedelta(hours=1)
"""An erasure takes seconds, a run of retention minutes."""


def erasures(place: Installation) -> Finding:
    """The erasure ledger can be read, and whoever it names is gone from the freed pages too.

    It looks at the ledger alone, once a minute: who is left is looked up by whatever goes on with it.
    """
    path = erasure_ledger.ledger_file(place.settings)
    try:
        ledger = erasure_ledger.read(path)
    except LedgerUnfit as unfit:
        return warning(unfit.sentence, "Registret over sletninger er beskadiget eller kan ikke læses.")
    if not ledger.is_swept and place.now - datetime.fromisoformat(ledger.lines[-1].at) > LONGEST:
        return warning(
            f"An erasure of {ledger.lines[-1].at[:10]} was broken off. Run: skoen citizen finish",
            "En sletning er ikke gjort færdig.",
        )
    return in_order("No erasure is unfinished.", "Ingen sletning mangler at blive gjort færdig.")
