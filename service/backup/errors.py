"""What can be refused about a backup or a restore; the sentence says what to do."""

from service.errors import SkoenError


class BackupRefused(SkoenError):
    """No backup was made, or this is none."""


class RestoreRefused(SkoenError):
    """Nothing was restored; the database is as it was."""
