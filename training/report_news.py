"""What is new in a version: the release note in words, with a drawing of every fact that moved."""

from collections.abc import Iterable
from html import escape

from models.artifact import Artifact
from models.shapes import Shape, shapes_of
from training.danish_numbers import signed
from training.release_note import NOT_WHY, Moved, release_note
from training.report_drawing import bars, folded, numbers
from training.report_page import page

LEGEND = (
    "Den fyldte prik er trækket nu, stregen hvor det kan ligge (90 %), den hule prik trækket før. "
    "Til højre for midten trækker svaret mod {top}."
)


def news_page(old: Artifact, new: Artifact) -> str:
    """The release note as a page of its own. Raises CannotTell for versions of different areas."""
    title = f"Nyt i {new.manifest.version}"
    return page(title, f"<h1>{escape(title)}</h1>{news_chapter(old, new)}")


def news_chapter(old: Artifact, new: Artifact) -> str:
    """What weighs more and less, fact by fact with its table before and now. Raises CannotTell."""
    note = release_note(old, new)
    told = "".join(f"<p>{escape(each)}</p>" for each in (*note.data, note.measured, note.explained))
    moved = _moved("Vægter nu mere", note.more, old, new) + _moved("Vægter nu mindre", note.less, old, new)
    alike = f"<p>{note.alike} oplysninger vægter omtrent det samme.</p>"
    top = new.area.level_label(new.area.level_codes[-1]).lower()
    legend = f"<p>{LEGEND.format(top=escape(top))}</p>" if "<svg" in moved else ""
    return f"<h2>Nyt siden {escape(note.old)}</h2>{told}{legend}{moved}{alike}<p>{NOT_WHY}</p>"


def _moved(title: str, moved: Iterable[Moved], old: Artifact, new: Artifact) -> str:
    was, now = _by_name(old), _by_name(new)
    parts = [
        f"<h4>{escape(each.label)}</h4><p>{escape(each.shares)}</p>"
        + _drawn(was.get(each.name), now.get(each.name))
        for each in moved
    ]
    return f"<h3>{title}</h3>{''.join(parts)}" if parts else ""


def _drawn(was: Shape | None, now: Shape | None) -> str:
    """The fact's table now beside what it was; nothing of a fact that is not used any more."""
    if now is None or not now.size:
        return ""
    before = {} if was is None else {each.label: each.pull for each in was.values if each.cases}
    rows = [
        (
            each.label,
            signed(before[each.label]) if each.label in before else "–",
            signed(each.pull) if each.cases else "–",
        )
        for each in now.values
    ]
    label = now.question.label
    return bars(now.values, label, f"nyt-{now.question.name}", before) + folded(
        numbers((label, "Træk før", "Træk nu"), rows)
    )


def _by_name(version: Artifact) -> dict[str, Shape]:
    return {each.question.name: each for each in shapes_of(version)}
