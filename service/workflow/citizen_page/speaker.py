"""Who speaks, and how: the citizen or somebody for her, on her own page or by phone."""

from dataclasses import dataclass

CITIZEN, REPRESENTATIVE = "citizen", "representative"
OWN, PHONE = "own", "phone"


@dataclass(frozen=True)
class Speaker:
    """Codes of `SPEAKERS` and `CHANNELS`; `representation_id` names a power of attorney, or None."""

    channel: str = OWN
    representation_id: str | None = None

    @property
    def kind(self) -> str:
        """The citizen, or a representative."""
        return CITIZEN if self.representation_id is None else REPRESENTATIVE
