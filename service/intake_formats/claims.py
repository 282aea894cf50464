"""Which place of a run brought a request first, kept on the disk: memory is the same for any number.

SQLite keeps it in a file without a name, which is gone when the process is, however it ends.
"""

import errno
import hashlib
import os
import sqlite3

CACHE = 8_192
"""Kibibytes of it in memory at most."""
WHERE = "the folder of temporary files (SQLITE_TMPDIR names another)"


class Claims:
    """The requests of a run and where each stood first."""

    def __init__(self) -> None:
        # An empty name is a temporary file of SQLite's own. Nothing of it is ever read after a crash.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute(f"PRAGMA cache_size = -{CACHE}")
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute("CREATE TABLE claims (request BLOB PRIMARY KEY, place TEXT) WITHOUT ROWID")
        self._kept.execute("BEGIN")

    def claim(self, municipality_code: str, request_id: str, place: str) -> str | None:
        """The other place that brought the request first, or None when this is the first.

        Raises OSError when the disk is full or fails.
        """
        request = hashlib.blake2b(f"{municipality_code}\n{request_id}".encode(), digest_size=16).digest()
        try:
            added = self._kept.execute("INSERT OR IGNORE INTO claims VALUES (?, ?)", (request, place))
            if added.rowcount:
                return None
            (first,) = self._kept.execute("SELECT place FROM claims WHERE request = ?", (request,)).fetchone()
        except sqlite3.OperationalError as error:
            is_full = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_FULL
            said = errno.ENOSPC if is_full else errno.EIO
            raise OSError(said, os.strerror(said), WHERE) from error
        return None if first == place else str(first)

    def close(self) -> None:
        """Let go of the file; may be called again."""
        self._kept.close()
