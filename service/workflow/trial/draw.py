"""Which arm a case falls in: a lot from a keyed hash, held near the share within its unit.

Nobody can know the lot of a case beforehand, and everybody with the key can draw it again. The lot alone
decides, but for one thing: where a unit is MOST_OFF cases off its share, the other arm is next (the big stick
of Soares and Wu 1983). Blocks would be better balanced and easier to foresee.
"""

import hmac
from collections.abc import Sequence

from sqlmodel import Session

from service.log.vault import vault_in

EVIDENCE, CONTROL = "evidence", "control"
MOST_OFF = 3
"""How many cases a unit may be off its share before the balance decides instead of the lot."""
PURPOSE = b"skoen: arms of trials"
LOTS = 1 << 64


def lot_of(session: Session, trial_id: str, case_id: str) -> int:
    """The lot of a case in a trial, drawn with the service's own key."""
    return lot(vault_in(session).kek, trial_id, case_id)


def lot(key: bytes, trial_id: str, case_id: str) -> int:
    """The lot of a case in a trial, from 0 up to LOTS; without the key nobody can draw it."""
    secret = hmac.digest(key, PURPOSE, "sha256")
    drawn = hmac.digest(secret, f"{trial_id}:{case_id}".encode(), "sha256")
    return int.from_bytes(drawn[:8], "big")


def arm_for(lot: int, share: int, before: Sequence[str]) -> str:
    """The arm for a lot, when `share` percent are to be without evidence, after those drawn in the unit."""
    off = 100 * sum(arm == CONTROL for arm in before) - share * len(before)
    if abs(off) >= 100 * MOST_OFF:
        return EVIDENCE if off > 0 else CONTROL
    return CONTROL if 100 * lot < share * LOTS else EVIDENCE
