"""How the service is set up: read once from the environment, frozen, and complete or refused."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from service.errors import UnsafeStart
from service.limits import BY_NAME, Limits, read_limits

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]*(/[a-z0-9][a-z0-9.-]*)*")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{2,60}")
SWITCH = {"0": False, "1": True}


@dataclass(frozen=True)
class Settings:
    """Where things lie and how the service is reached. `var` holds everything that is made while running.

    `seals` is public: signed checkpoints and tiles. `signer` is the signer's own and lies beside `var`, so
    that a web process can be denied it as a whole. `origin` names this installation's logs in checkpoints.
    `retention` is the municipality's own schedule, None for the one that comes along.
    `limits` are the central limits with what a local file tightens (service.limits).
    `contacts` is the municipality's own file of whom a citizen can turn to, None for the demonstration's.
    `access_days` is how long a case stays open to casework after it has ended. Fourteen days: a wrong date,
    or a citizen who rings about her letter, mostly comes within two weeks. After them one says what for.
    `citizen_login` names the header in which the municipality's own login says which citizen is there, and
    `citizen_login_key` the file with the secret that it sends along; both or neither.
    `proxies` counts the trusted reverse proxies in front (0: forwarded headers are ignored).
    """

    database_url: str = field(repr=False)
    var: Path
    models: Path
    secrets: Path
    keystore_url: str = field(repr=False)
    seals: Path
    signer: Path
    origin: str
    public_url: str
    proxies: int
    sqlite_journal: str
    debug: bool
    retention: Path | None = None
    contacts: Path | None = None
    access_days: int = 14
    limits: Limits = field(default_factory=Limits)
    citizen_login: str = ""
    citizen_login_key: Path | None = None

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies may only travel over https."""
        return urlsplit(self.public_url).scheme == "https"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the SKOEN_ variables; raises UnsafeStart naming the variable and what it should be."""
        _refuse_unknown(environ)
        var = Path(environ.get("SKOEN_VAR", "var")).absolute()
        settings = cls(
            database_url=_database_url(environ.get("SKOEN_DATABASE_URL", f"sqlite:///{var / 'skoen.db'}")),
            var=var,
            models=Path(environ.get("SKOEN_MODELS", var / "models")).absolute(),
            secrets=Path(environ.get("SKOEN_SECRETS", var / "secrets")).absolute(),
            keystore_url=_database_url(
                environ.get("SKOEN_KEYSTORE_URL", f"sqlite:///{var / 'keystore.db'}"), "SKOEN_KEYSTORE_URL"
            ),
            seals=Path(environ.get("SKOEN_SEALS", var / "seals")).absolute(),
            signer=Path(environ.get("SKOEN_SIGNER", var.with_name(f"{var.name}-signer"))).absolute(),
            origin=_origin(environ.get("SKOEN_ORIGIN", "skoen.localhost")),
            public_url=_public_url(environ.get("SKOEN_PUBLIC_URL", "http://127.0.0.1:8000")),
            proxies=_count("SKOEN_PROXIES", environ.get("SKOEN_PROXIES", "0")),
            sqlite_journal=_one_of("SKOEN_SQLITE_JOURNAL", environ, ("truncate", "wal")),
            debug=_switch("SKOEN_DEBUG", environ.get("SKOEN_DEBUG", "0")),
            retention=_file("SKOEN_RETENTION", environ),
            contacts=_file("SKOEN_CONTACTS", environ),
            access_days=_days("SKOEN_ACCESS_DAYS", environ.get("SKOEN_ACCESS_DAYS", "14")),
            limits=read_limits(_file("SKOEN_LIMITS", environ)),
            citizen_login=_header("SKOEN_CITIZEN_LOGIN", environ.get("SKOEN_CITIZEN_LOGIN", "")),
            citizen_login_key=_file("SKOEN_CITIZEN_LOGIN_KEY", environ),
        )
        if settings.debug and urlsplit(settings.public_url).hostname not in LOOPBACK:
            raise UnsafeStart("SKOEN_DEBUG=1 is only for this machine; SKOEN_PUBLIC_URL names another.")
        _refuse_half_a_login(settings)
        return settings


VARIABLES = (
    "SKOEN_DATABASE_URL", "SKOEN_VAR", "SKOEN_MODELS", "SKOEN_SECRETS", "SKOEN_KEYSTORE_URL",
    "SKOEN_SEALS", "SKOEN_SIGNER", "SKOEN_ORIGIN", "SKOEN_PUBLIC_URL", "SKOEN_PROXIES",
    "SKOEN_SQLITE_JOURNAL", "SKOEN_DEBUG", "SKOEN_RETENTION", "SKOEN_LIMITS",
    "SKOEN_CONTACTS", "SKOEN_ACCESS_DAYS", "SKOEN_CITIZEN_LOGIN", "SKOEN_CITIZEN_LOGIN_KEY",
)  # fmt: skip


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    # A misspelt SKOEN_DATABASE_URL would otherwise open an empty database and look healthy.
    unknown = sorted(name for name in environ if name.startswith("SKOEN_") and name not in VARIABLES)
    if unknown:
        raise UnsafeStart(f"{unknown[0]} is no setting of Skøn. The settings are: {', '.join(VARIABLES)}.")


def _database_url(url: str, variable: str = "SKOEN_DATABASE_URL") -> str:
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg") and separator:
        return f"postgresql+psycopg://{rest}"
    path = rest.removeprefix("/").partition("?")[0]
    if scheme != "sqlite" or not separator:
        raise UnsafeStart(f"{variable} must begin with sqlite:/// or postgresql://.")
    if path in ("", ":memory:"):
        raise UnsafeStart(f"{variable} names no file: each worker would have a database of its own.")
    return url


def _origin(text: str) -> str:
    # It becomes a key name in signed notes and the beginning of a path: no blank, plus sign or odd dot.
    if not ORIGIN.fullmatch(text):
        raise UnsafeStart("SKOEN_ORIGIN must be a name like skoen.kommune.dk, with parts divided by '/'.")
    return text


def _public_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UnsafeStart("SKOEN_PUBLIC_URL must be an address such as https://skoen.kommune.dk.")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise UnsafeStart("SKOEN_PUBLIC_URL must begin with https:// unless it is this machine.")
    return url.rstrip("/")


def _file(name: str, environ: Mapping[str, str]) -> Path | None:
    return Path(environ[name]).absolute() if name in environ else None


def _count(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 10):
        raise UnsafeStart(f"{name} must be a whole number from 0 to 10.")
    return int(text)


def _days(name: str, text: str) -> int:
    most = BY_NAME["access_days"].value
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise UnsafeStart(f"{name} must be a whole number of days from 1 to {most}: access_days is a limit.")
    return int(text)


def _header(name: str, text: str) -> str:
    if text and not HEADER.fullmatch(text):
        raise UnsafeStart(f"{name} must be the name of a header, such as X-Skoen-Borger.")
    return text


def _refuse_half_a_login(settings: Settings) -> None:
    """A citizen's login that is only half set up would let people in as somebody else."""
    if not settings.citizen_login and settings.citizen_login_key is None:
        return
    if not settings.citizen_login or settings.citizen_login_key is None:
        raise UnsafeStart("Set both of SKOEN_CITIZEN_LOGIN and SKOEN_CITIZEN_LOGIN_KEY, or neither.")
    if not settings.secure_cookies:
        raise UnsafeStart("SKOEN_CITIZEN_LOGIN needs SKOEN_PUBLIC_URL to begin with https://.")
    if not settings.proxies:
        raise UnsafeStart("SKOEN_CITIZEN_LOGIN needs the login in front: set SKOEN_PROXIES.")


def _one_of(name: str, environ: Mapping[str, str], values: tuple[str, ...]) -> str:
    value = environ.get(name, values[0])
    if value not in values:
        raise UnsafeStart(f"{name} must be one of: {', '.join(values)}.")
    return value


def _switch(name: str, text: str) -> bool:
    if text not in SWITCH:
        raise UnsafeStart(f"{name} must be 0 or 1.")
    return SWITCH[text]
