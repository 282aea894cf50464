"""What the signer says of itself: whether it signs, and why not; and that nobody but it could."""

from datetime import datetime, timedelta

from service.sandbox import is_key_out_of_reach
from service.selftest.database import only_practice
from service.selftest.findings import Finding, Installation, fault, in_order, warning
from service.signer.report import FILE, OK, REFUSED, read_status

BEHIND = timedelta(minutes=5)
"""It seals every minute. After this long somebody should see why it does not."""


def signer(place: Installation) -> Finding:
    """The signer is at work, and has not refused to sign."""
    try:
        status = read_status(place.settings.seals)
        age = abs(place.now - datetime.fromisoformat(status.at)) if status else timedelta()
    except (OSError, ValueError, TypeError):
        # What it says could be that it refused.
        return fault(
            f"The signer's report, {place.settings.seals / FILE}, cannot be read.",
            "Det kan ikke læses, om hændelsesloggen bliver forseglet.",
        )
    if status is None:
        return warning("The signer has never reported.", "Hændelsesloggen er ikke forseglet endnu.")
    if status.state == REFUSED:
        return fault(
            f"The signer refuses to sign. {' '.join(english for _, english in status.why)}",
            "Hændelsesloggen passer ikke med det, der er forseglet.",
            where=" ".join(danish for danish, _ in status.why),
        )
    if status.state != OK or age > BEHIND:
        return warning(
            f"The signer last reported at {status.at}: {status.state}.",
            "Forseglingen af hændelsesloggen er bagud.",
            where=" ".join(danish for danish, _ in status.why),
        )
    return in_order("The signer signs.", "Hændelsesloggen bliver forseglet.")


def signing_key(place: Installation) -> Finding:
    """This process cannot read the key that the log is sealed with."""
    if is_key_out_of_reach(place.settings):
        return in_order(
            "The signing key is out of reach of this process.",
            "Siderne kan ikke læse nøglen til forsegling.",
        )
    say = warning if only_practice(place) else fault
    return say(
        "This process can read the signing key. Let the signer run as a user of its own.",
        "Nøglen til forsegling af hændelsesloggen er ikke gemt godt nok væk.",
        where=str(place.settings.signer),
    )
