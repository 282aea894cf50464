"""A crew: four caseworkers at work at once, until the block ends or one of them meets what nobody should."""

import threading
import time
from collections.abc import Iterator
from random import Random
from types import TracebackType

from sqlalchemy.exc import DBAPIError

from service.errors import LogUnavailable
from tests.soak.caseworker import Book, Browser, Caseworker
from tests.soak.installation import CASEWORKERS, Installation

PAUSE = 0.05


class Crew:
    """Works in threads from the beginning of its block until `finish`, which raises what one of them met."""

    def __init__(self, at: Installation, port: int, seed: int = 1) -> None:
        self.at, self.browser = at, Browser(port)
        self.people = [Caseworker(name, port, Random(f"{seed} {name}")) for name in CASEWORKERS]
        self.stop, self.met = threading.Event(), list[BaseException]()
        self.threads = [threading.Thread(target=self._work, args=(person,)) for person in self.people]

    @property
    def books(self) -> list[Book]:
        """What each of them wrote down."""
        return [person.book for person in self.people]

    @property
    def acknowledged(self) -> int:
        """How many decisions they have seen acknowledged so far."""
        return sum(len(book.acknowledged) for book in self.books)

    def __enter__(self) -> "Crew":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._go_home()

    def require_at_work(self) -> None:
        """Raise what stopped somebody."""
        if self.met:
            self.finish()

    def finish(self) -> None:
        """Let everybody end the case at hand; raises what stopped somebody."""
        self._go_home()
        if self.met:
            raise self.met[0]

    def _go_home(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def _work(self, person: Caseworker) -> None:
        try:
            person.work(self._cases(person.username))
        except BaseException as met:  # raised again in `finish`, by the thread that waits
            self.met.append(met)

    def _cases(self, username: str) -> Iterator[str]:
        """New cases, as they arrive; while the database is away none does."""
        number = 0
        while not self.stop.is_set():
            number += 1
            try:
                case_id = self.at.receive(username, f"{username}-{number}")
            except (DBAPIError, LogUnavailable):
                time.sleep(PAUSE)
                continue
            yield case_id
