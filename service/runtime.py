"""What one process needs to serve: its settings, keys, database, models, clock, and its self-test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from service.citizen_login import CitizenLogin
from service.config import Settings
from service.keys import Keys
from service.selftest.watch import Watch
from service.workflow.model_in_use.shelf import ModelShelf

Clock = Callable[[], datetime]
"""Gives the instant, aware and in UTC."""


@dataclass(frozen=True)
class Runtime:
    """One per process. The engine connects lazily, so that a forked worker opens its own connections."""

    settings: Settings
    keys: Keys
    engine: Engine
    shelf: ModelShelf
    clock: Clock
    watch: Watch
    citizen_login: CitizenLogin | None = None
