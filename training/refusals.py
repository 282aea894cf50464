"""Why no model is learned from some cases; each reason says what would do."""

from models import boundaries
from models.declaration import Area
from models.label_sanity import findings_of
from models.labels import LabelRules
from training.dataset import Dataset
from training.labelled import Labelled
from training.minima import MINIMA


class TrainingRefused(ValueError):
    """The cases cannot carry a model; nothing was written. `skoen data readiness` says why."""


def refuse_crossed(area: Area) -> None:
    """Raise TrainingRefused for an area that crosses a line of `models.boundaries`."""
    try:
        boundaries.refuse_crossed(area)
    except boundaries.AreaRefused as refused:
        raise TrainingRefused(str(refused)) from refused


def refuse_unjudged(data: Dataset) -> None:
    """Raise TrainingRefused for levels that a system has written, whatever a file says of them."""
    stops = [each for each in findings_of(data.area, data.cases) if each.refuses]
    if stops:
        raise TrainingRefused("\n".join(f"{each.found} {each.means} {each.cure}" for each in stops))


def too_little(known: Labelled, rules: LabelRules) -> str:
    """Why the cases are too few, and what would do."""
    least = MINIMA["similar_only"]
    since = f" from {rules.changed_on.isoformat()} on, when practice changed," if rules.changed_on else ""
    return (
        f"{len(known)} human-labelled cases{since} can carry neither a model nor similar cases; at least "
        f"{least.cases} are needed, {least.per_level} of each level, with enough facts: "
        "see `skoen data readiness`"
    )
