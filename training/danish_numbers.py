"""Numbers as Danes write them, for reports and pictures."""

from collections.abc import Mapping

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"


def decimal(number: float, places: int) -> str:
    """With a comma, and so many places after it."""
    return f"{number:.{places}f}".replace(".", ",")


def signed(number: float) -> str:
    """With its sign and two places; nothing has no sign."""
    text = decimal(abs(number), 2)
    return text if text == "0,00" else f"{'+' if number > 0 else MINUS}{text}"


def percent(share: float) -> str:
    """In percent with one place, and a space that does not break."""
    return f"{decimal(100 * share, 1)}{NO_BREAK}%"


def mean_text(mean: Mapping[str, float]) -> str:
    """A mean and its standard error, four places each."""
    return f"{decimal(mean['value'], 4)} ± {decimal(mean['standard_error'], 4)}"
