"""What can go wrong in casework: each error has its HTTP status and the Danish sentence people read.

No sentence holds anything about a citizen, so every one of them may be shown, logged and counted.
"""

from collections.abc import Iterable


class SkoenError(Exception):
    """The base of every error with a sentence of its own; `sentence` may be replaced by a more exact one."""

    status = 500
    sentence = "Der skete en fejl i Skøn. Intet er gemt."

    def __init__(self, sentence: str | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.sentence)

    def __str__(self) -> str:
        return self.sentence


class UnsafeStart(SkoenError):
    """The service will not start as it is set up; the sentence says what to change."""


class NotFound(SkoenError):
    """There is no such thing, or it is none of this person's business: both look the same."""

    status = 404
    sentence = "Siden eller sagen findes ikke."


class NotSignedIn(SkoenError):
    """Nobody is signed in, or the session has ended."""

    status = 401
    sentence = "Du er ikke logget ind."


class SignInRefused(SkoenError):
    """Unknown user or wrong password; which of them is not told."""

    status = 401
    sentence = "Brugernavn eller adgangskode er forkert."


class TooManyAttempts(SkoenError):
    """The sign-in was not evaluated; `retry_after` is in seconds."""

    status = 429
    sentence = "Der er forsøgt for mange gange. Vent et kvarter og prøv igen."

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__()


class Forbidden(SkoenError):
    """The person's role does not include this."""

    status = 403
    sentence = "Din rolle giver ikke adgang til dette."


class NoMembership(Forbidden):
    """The person works in no unit on that day."""

    sentence = "Du er ikke tilknyttet en enhed i dag. Kontakt din administrator."


class NoLegalBasis(SkoenError):
    """The phase the municipality is in has no record of its legal basis."""

    status = 403
    sentence = "Grundlaget vises ikke: Kommunen har ikke registreret et retsgrundlag for denne fase."


class Refused(SkoenError):
    """Something that was entered cannot be taken; `field` names where, when it is one field."""

    status = 422
    sentence = "Oplysningerne kan ikke gemmes."

    def __init__(self, sentence: str | None = None, field: str | None = None) -> None:
        self.field = field
        super().__init__(sentence)


class Conflict(SkoenError):
    """The case has moved on since the page was opened."""

    status = 409
    sentence = "Sagen er ændret, siden du åbnede siden. Genindlæs den og prøv igen."


class AssessmentMissing(Conflict):
    """Evidence or a decision was asked for before the caseworker's own judgement."""

    sentence = "Gem din egen vurdering først."


class AlreadyDecided(Conflict):
    """The case has a decision; a correction is a step of its own."""

    sentence = "Sagen er allerede afgjort. Brug »Ret«, hvis beslutningen skal ændres."


class PartUnreadable(SkoenError):
    """The personal part of a step is missing, erased or damaged."""

    status = 410
    sentence = "Sagens personoplysninger kan ikke læses. De er slettet eller beskadiget."


class CaseErased(SkoenError):
    """The citizen's data in the case are erased for good; what is left names nobody."""

    status = 410
    sentence = "Sagen er slettet. Der er ingen oplysninger tilbage om borgeren."


class LogUnavailable(SkoenError):
    """The log cannot be written, so nothing is saved and nothing is shown."""

    status = 503
    sentence = "Loggen kan ikke skrives lige nu. Intet er gemt og intet vises. Prøv igen om lidt."


class SavingUncertain(LogUnavailable):
    """The connection broke while a transaction was committed: whether it was stored, nobody can say yet."""

    sentence = (
        "Forbindelsen til databasen blev afbrudt, netop som der blev gemt, og det er uvist, om det lykkedes."
        " Send igen, eller se sagen igen: En vurdering eller en beslutning bliver aldrig gemt to gange."
    )


class ReadOnly(LogUnavailable):
    """The self-test found a fault, so no writing is begun; `reasons` are sentences for employees."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(("Der kan ikke gemmes lige nu.", *self.reasons, "Intet er gemt.")))
