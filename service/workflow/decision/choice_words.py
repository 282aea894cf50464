"""A choice in the words it was made in: the options of its own day, whatever the law says today."""

from datetime import datetime

from models.declaration import Area, Option
from service.clock import local_date


def choice_label(area: Area, plan_type: str, choice: str, at: datetime) -> str:
    """What a choice was called when it was made; one that stands in no list any more is named by its code.

    Never raises: what was decided must be readable for as long as it is kept.
    """
    words = {level.code: level.label for level in area.levels}
    words |= {option.code: option.label for option in _options_on(area, plan_type, at)}
    return words.get(choice, choice)


def _options_on(area: Area, plan_type: str, at: datetime) -> tuple[Option, ...]:
    try:
        return area.options(plan_type, local_date(at))
    except KeyError:
        return ()
