"""Signed-in browsers and the throttle on sign-in; both mutable."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from service.tables.base import Instant


class WebSession(SQLModel, table=True):
    """A browser's session: the SHA-256 of its token, and in `content` the CSRF token and messages."""

    __tablename__ = "web_sessions"

    token_hash: str = Field(primary_key=True)
    person_id: str | None = Field(default=None, foreign_key="people.id", index=True)
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=Instant)
    last_seen_at: datetime = Field(sa_type=Instant)


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, counted against the user name and cleared by time."""

    __tablename__ = "sign_in_attempts"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(index=True)
    address: str = Field(index=True)
    at: datetime = Field(sa_type=Instant)
