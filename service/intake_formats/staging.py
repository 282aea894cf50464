"""Staging: every file is recognised by its content, read and checked, before anything is written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from service.intake_formats.claims import Claims
from service.intake_formats.history import StagedHistory, is_history, stage_history
from service.intake_formats.problem import Refused, refuse
from service.intake_formats.problems import Problems
from service.intake_formats.reading import JSON_LIMIT, PARQUET, WHOLE, bounded, json_of, opened, reading
from service.intake_formats.referral import is_referral, read_referral
from service.workflow.delivery.reported import Report
from service.workflow.intake.referral import Referral

IN_A_FOLDER = (".json", ".json.gz", ".csv", ".csv.gz", ".parquet")
"""What is picked up in a folder; a file that is named is always tried."""


@dataclass(frozen=True)
class StagedPlan:
    """A plan that arrives."""

    file: str
    referral: Referral


@dataclass(frozen=True)
class StagedReport:
    """A delivery report; `plan` when it may be a plan that arrives instead, for nobody has set a level."""

    file: str
    municipality_code: str
    report: Report
    plan: Referral | None


@dataclass
class Stage:
    """What a run brings: plans, reports and history that passed, and the problems of what did not.

    With `municipality_code` a plan for another municipality is refused. A report names none: it is for that
    one, or for `only_municipality` where the installation has no other. `count` is told of rows as they are
    read. What staging writes lies in `folder` until it is discarded.
    """

    now: datetime
    folder: Path
    municipality_code: str | None = None
    only_municipality: str | None = None
    plans: list[StagedPlan] = field(default_factory=list)
    reports: list[StagedReport] = field(default_factory=list)
    histories: list[StagedHistory] = field(default_factory=list)
    problems: Problems = field(init=False)
    count: Callable[[int], None] = lambda rows: None
    files: int = 0
    _claims: Claims = field(default_factory=Claims)
    _bundles: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.problems = Problems(self.folder)

    def add(self, path: Path) -> None:
        """Read one file; its problems are noted, and what passed is kept. Raises OSError on a full disk."""
        self.files += 1
        file = str(path)
        try:
            self._add(path, file)
        except Refused as refused:
            self.problems.add_all(problem.at(file) for problem in refused.problems)

    def discard(self) -> None:
        """Remove what staging wrote beside the database."""
        self._claims.close()
        self.problems.close()
        for history in self.histories:
            history.path.unlink(missing_ok=True)

    def _add(self, path: Path, file: str) -> None:
        with opened(path) as start:
            head = reading(lambda: start.read(4096))
        if path.name.endswith((".json", ".json.gz")) or head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (
            b"{",
            b"[",
        ):
            self._add_json(json_of(bounded(path, JSON_LIMIT)), file)
        elif head.startswith(PARQUET) or is_history(head.partition(b"\n")[0]):
            self._add_history(path, file)
        else:
            raise refuse(WHOLE, "format", "er hverken JSON, CSV eller Parquet", path.suffix)

    def _add_json(self, data: Any, file: str) -> None:
        if is_referral(data):
            referral = read_referral(data, now=self.now)
            self._refuse_misplaced(referral, file)
            self.plans.append(StagedPlan(file, referral))
        elif isinstance(data, dict) and "resourceType" in data:
            self._add_bundle(data, file)
        else:
            raise refuse(
                WHOLE, "format", "er hverken en henvisning eller en FHIR-bundle", type(data).__name__
            )

    def _add_bundle(self, data: dict[str, Any], file: str) -> None:
        # The standard's models take half a second to import, so only a bundle pays for them.
        from service.fhir.bundles import open_bundle
        from service.fhir.delivery import read_report
        from service.fhir.service_request import is_arriving_plan, read_plan

        bundle = open_bundle(data, now=self.now)
        report = read_report(bundle)
        code = self.municipality_code or self.only_municipality
        if code is None:
            raise refuse(
                "Bundle", "kommune", "en rapport nævner ingen kommunekode; angiv --municipality", None
            )
        plan = read_plan(bundle, code, now=self.now) if is_arriving_plan(bundle) else None
        first = self._bundles.setdefault(report.bundle_id, file)
        if first != file:
            raise refuse("Bundle", "id", f"står også i {first}", report.bundle_id)
        self.reports.append(StagedReport(file, code, report, plan))

    def _add_history(self, path: Path, file: str) -> None:
        into, before = self.folder / f".staged-{len(self.histories)}-{id(self):x}.csv", len(self.problems)
        staged = None
        try:
            staged = stage_history(
                path,
                file,
                into,
                lambda code, request, where: self._claims.claim(code, request, f"{file}, {where}"),
                lambda problem: self.problems.add(problem.at(file)),
                self.count,
            )
        finally:  # after a full disk or Ctrl-C as well: rows of a history stay nowhere
            if staged is None:
                into.unlink(missing_ok=True)
        if staged is not None:
            self.histories.append(staged)
        elif len(self.problems) == before:
            raise refuse(WHOLE, "rækker", "har ingen rækker", None)

    def _refuse_misplaced(self, referral: Referral, file: str) -> None:
        """Refuse a plan for another municipality than asked for, and a request met before in this run."""
        code = referral.municipality_code
        if self.municipality_code not in (None, code):
            raise refuse("henvisning", "municipality", f"er ikke {self.municipality_code}", code)
        first = self._claims.claim(code, referral.request_id, file)
        if first is not None:
            raise refuse("henvisning", "request_id", f"står også i {first}", referral.request_id)


def files_in(paths: Iterable[Path]) -> Iterator[Path]:
    """The files to read, each once: named ones as they are, those of folders by name and ending."""
    seen = set()
    for path in paths:
        found = sorted(each for each in path.rglob("*") if _wanted(each)) if path.is_dir() else [path]
        for each in found:
            if (resolved := each.resolve()) not in seen:
                seen.add(resolved)
                yield each


def _wanted(path: Path) -> bool:
    return path.is_file() and path.name.endswith(IN_A_FOLDER) and not path.name.startswith(".")
