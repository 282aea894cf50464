"""The log: entries in Merkle trees, each written in the transaction of the step it proves.

Everyone may import this package; it imports no step.
"""

from service.log.append import append
from service.log.events import Event, Receipt
from service.log.parts import open_part
from service.log.vault import open_engine, seal, unseal
from service.log.verify import Verification, verify

__all__ = [
    "Event", "Receipt", "Verification", "append", "open_engine", "open_part", "seal", "unseal", "verify",
]  # fmt: skip
