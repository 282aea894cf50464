"""Who begins a course and who falls away, by group of citizens: nobody is to drop out unseen.

Told by unit and quarter behind all that the statistics and *Effekt* show, with the same rules, and summed up.
A group and its numbers say nothing of a cause. What is not known is a group of its own.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session

from models.declaration import Area
from service.workflow.effect.attributes import (
    AGE,
    AGES,
    AXES,
    LANGUAGE,
    NOT_KNOWN,
    SEX,
    SEXES,
    YES_NO,
    Groups,
    groups_of,
)
from service.workflow.effect.cells import FollowedCases, rests
from service.workflow.effect.effect import broken_off, right_first_time
from service.workflow.effect.followed import WINDOWS, Followed, followed_cases
from service.workflow.effect.groups import DECIDED, Group, is_in
from service.workflow.effect.medians import Median
from service.workflow.effect.together import times, together
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.periods import Period
from service.workflow.statistics.shares import HIDDEN, Share
from service.workflow.statistics.suppression import Key, Line, Table

OF, STOP = "group ", "stop"
WEEKS = WINDOWS[0]
SETTLED = f"settled {WEEKS}"
WHOLES = ("decided", "finished", "broken", "offered", SETTLED)
COUNTED: Mapping[str, Group] = {
    "decided": lambda case: case.days_to_start is not None,
    "finished": lambda case: case.was_broken_off,
    SETTLED: lambda case: case.right_first_time(WEEKS) is True,
}
"""What the share of a whole counts."""
REASONS: Mapping[str, tuple[str, ...]] = {
    "transportudgift": ("fravalg_transportudgift",),
    "transport": ("fravalg_transport",),
    "andet_fravalg": ("fravalg", "fravalg_anden_sygdom", "fravalg_anden_traening"),
    "andet": ("haendelse", "udeblevet", "ikke_startet", "uden_kode"),
}
"""Why courses are broken off, by KL's codes: what touches access by itself, the others together.

One by one they would be hidden in nearly every group; *Effekt* tells them one by one for all groups.
"""
CODES = {AGE: AGES, SEX: SEXES, LANGUAGE: YES_NO}


@dataclass(frozen=True)
class GroupNumbers:
    """One group: its decided cases, how many have begun, and what became of those of which it is known.

    `stopped` counts the courses broken off by reason; None where hidden. `to_offer` is in days.
    """

    code: str
    begun: Share
    broken_off: Share
    to_offer: Median
    right: Share
    stopped: Mapping[str, int | None]


@dataclass(frozen=True)
class FollowUp:
    """The groups by axis, over some quarters; `hidden` are those that could not be told of at all."""

    quarters: tuple[Period, ...]
    hidden: tuple[Period, ...]
    axes: Mapping[str, tuple[GroupNumbers, ...]]


class ByGroup:
    """The cells that only this page has, of each group on each axis."""

    def __init__(self, by_case: Mapping[str, Groups]) -> None:
        self._by_case = by_case

    def code(self, axis: str, case: Followed) -> str:
        """The group of a case."""
        return self._by_case.get(case.row.case_id, {}).get(axis, NOT_KNOWN)

    def codes(self, axis: str) -> tuple[str, ...]:
        """Every group that an axis has: those that are declared, or those that occur; the unknown last."""
        found = {groups[axis] for groups in self._by_case.values()} - {NOT_KNOWN}
        return (*(CODES.get(axis) or sorted(found)), NOT_KNOWN)

    def behind(self, base: Table, cases: Sequence[Followed]) -> Table:
        """Put these cells behind those of *Effekt*: first the groups, then why courses were broken off."""
        groups, reasons = dict(self._groups(cases)), dict(self._reasons(cases))
        added = {**groups, **reasons}
        lines = tuple(self._lines(base))
        small = rests(base.caseworkers, lines, added)
        return replace(
            base,
            tiers=(*base.tiers, groups, reasons, small),
            lines=(*base.lines, *lines),
            phantoms=base.phantoms | frozenset(base.cells) | frozenset(small),
            within={**base.within, **{key: _whole_of(key) for key in added}},
            told={**base.told, **dict(_told(cases, groups))},
        )

    def _groups(self, cases: Sequence[Followed]) -> Iterator[tuple[Key, frozenset[int]]]:
        for whole in WHOLES:
            members = [(n, case) for n, case in enumerate(cases) if is_in(whole, case)]
            for axis in AXES:
                for code in self.codes(axis):
                    yield (
                        (OF + whole, axis, code),
                        frozenset(n for n, c in members if self.code(axis, c) == code),
                    )

    def _reasons(self, cases: Sequence[Followed]) -> Iterator[tuple[Key, frozenset[int]]]:
        for axis in AXES:
            for code in self.codes(axis):
                for reason, codes in REASONS.items():
                    yield (
                        (OF + STOP, axis, code, reason),
                        frozenset(
                            n
                            for n, case in enumerate(cases)
                            if case.ended_with in codes and self.code(axis, case) == code
                        ),
                    )

    def _lines(self, base: Table) -> Iterator[Line]:
        there = base.cells
        for axis in AXES:
            codes = self.codes(axis)
            for whole in WHOLES:
                yield Line((whole, ALL), tuple((OF + whole, axis, code) for code in codes))
            for code in codes:
                parts = tuple((OF + STOP, axis, code, reason) for reason in REASONS)
                yield Line((OF + "broken", axis, code), parts)
            for reason, (first, *others) in REASONS.items():
                if not others and (STOP, first) in there:
                    yield Line((STOP, first), tuple((OF + STOP, axis, code, reason) for code in codes))


def read_follow_up(
    session: Session, units: Sequence[str], area: Area, wanted: Sequence[Period], until: date
) -> FollowUp | None:
    """What may be told of some quarters; None without any. `until` is the day that counting stops before."""
    ordered = sorted(wanted, key=lambda each: each.start)
    if not ordered:
        return None
    end = min(ordered[-1].end, until)
    cases = followed_cases(session, units, area, ordered[0].start, end, until=until)
    groups = ByGroup(groups_of(session, [case.row.case_id for case in cases]))
    return follow_up([FollowedCases(cases, each, groups.behind) for each in ordered], groups)


def follow_up(quarters: Sequence[FollowedCases], groups: ByGroup) -> FollowUp:
    """What may be told of each group over some quarters, read with `groups.behind`."""
    return FollowUp(
        quarters=tuple(each.period for each in quarters),
        hidden=tuple(each.period for each in quarters if each.shown(*DECIDED) is None),
        axes={axis: tuple(_numbers(quarters, axis, code) for code in groups.codes(axis)) for axis in AXES},
    )


def _numbers(quarters: Sequence[FollowedCases], axis: str, code: str) -> GroupNumbers:
    def of(whole: str) -> list[Followed] | None:
        return together(quarters, OF + whole, axis, code)

    def stopped(reason: str) -> int | None:
        cases = together(quarters, OF + STOP, axis, code, reason)
        return None if cases is None else len(cases)

    return GroupNumbers(
        code=code,
        begun=_begun(of("decided")),
        broken_off=broken_off(of("finished")),
        to_offer=times(of("offered"), lambda case: case.days_to_offer or 0),
        right=right_first_time(of(SETTLED), WEEKS),
        stopped={reason: stopped(reason) for reason in REASONS},
    )


def _begun(cases: Sequence[Followed] | None) -> Share:
    return HIDDEN if cases is None else Share(sum(map(COUNTED["decided"], cases)), len(cases))


def _whole_of(key: Key) -> Key:
    """A reason is told beside the courses broken off in its group, all else beside the group's cases."""
    if key[0] == OF + STOP:
        return (OF + "broken", key[1], key[2])
    return DECIDED if key[0] == OF + "decided" else (OF + "decided", key[1], key[2])


def _told(
    cases: Sequence[Followed], added: Mapping[Key, Iterable[int]]
) -> Iterator[tuple[Key, frozenset[int]]]:
    for key, group in added.items():
        if counted := COUNTED.get(key[0].removeprefix(OF)):
            yield key, frozenset(n for n in group if counted(cases[n]))
