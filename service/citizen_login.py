"""The municipality's own login in front of the citizen's page: what it must send, and how it is believed.

A reverse proxy lets nobody reach `/borger` who has not logged in (MitID through NemLog-in), removes these two
headers from whatever comes from outside, and sets them itself: the one named by SKOEN_CITIZEN_LOGIN holds the
citizen's CPR number, `X-Skoen-Login` the secret of SKOEN_CITIZEN_LOGIN_KEY. So a request that has gone past
the proxy is nobody's.
"""

import hmac
import stat
from dataclasses import dataclass, field
from typing import Protocol

from service.config import Settings
from service.cpr import CprRefused, parse
from service.errors import SkoenError, UnsafeStart

SECRET_HEADER = "X-Skoen-Login"  # noqa: S105 - the name of a header
LEAST_SIGNS = 32


class Sent(Protocol):
    """The headers of a request."""

    def get(self, key: str, default: str, /) -> str:
        """What was sent under a name."""
        ...


class NotLoggedIn(SkoenError):
    """The request did not come through the municipality's login."""

    status = 403
    sentence = "Siden åbnes gennem kommunens egen login. Log ind der, eller ring til os."


@dataclass(frozen=True)
class CitizenLogin:
    """What the login in front sends: the header of the CPR number, and the secret that proves it."""

    header: str
    secret: str = field(repr=False)

    def cpr_in(self, headers: Sent) -> str:
        """The CPR number of whoever has logged in; raises NotLoggedIn when the login did not say so."""
        sent = headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(sent.encode(), self.secret.encode()):
            raise NotLoggedIn
        try:
            return parse(headers.get(self.header, ""))
        except CprRefused:
            raise NotLoggedIn from None


def citizen_login(settings: Settings) -> CitizenLogin | None:
    """The login in front, None where there is none; raises UnsafeStart for a secret that is none."""
    path = settings.citizen_login_key
    if not settings.citizen_login or path is None:
        return None
    if not path.is_file():
        raise UnsafeStart(f"{path} is missing: it holds the secret that the login in front sends.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise UnsafeStart(f"{path} can be read by others. Run: chmod 600 {path}")
    secret = path.read_text("utf-8").strip()
    if len(secret) < LEAST_SIGNS:
        raise UnsafeStart(f"{path} must hold at least {LEAST_SIGNS} signs.")
    return CitizenLogin(settings.citizen_login, secret)
