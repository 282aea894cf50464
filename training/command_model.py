"""`skoen model …`: train, evaluate, report, explain."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from models.artifact import Artifact, ArtifactRefused, load
from models.audit import AuditRefused
from models.audit import load as load_audit
from models.declaration import Area
from models.labels import HALF_LIFE_DAYS, SHORTEST_HALF_LIFE, LabelRules
from training.console import Steps, area_named, print_json, print_table
from training.dataset import DataRefused, read_cases, write_rejects
from training.vault import closed

FILE = click.Path(path_type=Path)
NEW_FILE = click.Path(path_type=Path, dir_okay=False)
NEW_FOLDER = click.Path(path_type=Path, file_okay=False)
FILES = click.argument("files", nargs=-1, required=True, type=FILE, metavar="DATA…")
AREA = click.option("--area", callback=area_named, help="Visitation area; default is the only one.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
SEED = click.option("--seed", default=140, show_default=True, help="Chance comes from here alone.")

HALF_LIFE = click.option(
    "--half-life", type=click.IntRange(SHORTEST_HALF_LIFE), default=HALF_LIFE_DAYS, show_default=True,
    help="Days in which an older record comes to weigh half as much.",
)  # fmt: skip
PRACTICE_CHANGE = click.option(
    "--practice-change", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
    help="The first day of the practice that holds now; labels from before it weigh nothing.",
)  # fmt: skip
FACTS = click.option(
    "--facts", type=click.Choice(["smallest", "all"]), default="smallest", show_default=True,
    help="Use the smallest set of facts within one standard error of all, or all of them.",
)  # fmt: skip
KEEP = click.option(
    "--keep", metavar="NAME", multiple=True,
    help="Use this fact whatever it adds; repeat for more. The register says who decided it.",
)  # fmt: skip
JOBS = click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Fits at a time.")
BACKEND = click.option(
    "--backend", type=click.Choice(["loky", "threading", "dask", "ray"]),
    help="Where fits run: here (loky, threading), or on the cluster that DASK_SCHEDULER_ADDRESS or "
    "RAY_ADDRESS names. The version is the same, byte for byte.",
)  # fmt: skip


@click.group()
def model() -> None:
    """Model versions: make, measure, compare and read them."""


@contextmanager
def refusals_told(rejects: Path | None = None) -> Iterator[None]:
    """Turn what our own parts refuse into one message and exit code 1; refused rows go to a file."""
    from training.compare import CannotCompare
    from training.evaluate import NothingToTest
    from training.explain import NoSuchCase
    from training.release_note import CannotTell
    from training.spread import BackendMissing
    from training.train import TrainingRefused

    try:
        yield
    except DataRefused as refused:
        told = str(refused)
        if rejects is not None:
            write_rejects(refused, rejects)
            told += f"\nAll {len(refused.rejects)} are listed in {rejects}. Nothing else was written."
        raise click.ClickException(told) from refused
    except ArtifactRefused as refused:
        raise click.ClickException(
            f"The model version is refused ({refused.reason}): {refused.detail}"
        ) from refused
    except (TrainingRefused, NothingToTest, CannotCompare, CannotTell, NoSuchCase, BackendMissing) as refused:
        raise click.ClickException(str(refused)) from refused


@model.command("train")
@FILES
@click.option(
    "--out", type=NEW_FOLDER, required=True, help="The shelf; the version gets a folder of its own on it."
)
@click.option("--against", type=FILE, help="The version in use, measured on the same later cases.")
@SEED
@HALF_LIFE
@PRACTICE_CHANGE
@FACTS
@KEEP
@JOBS
@BACKEND
@AREA
@JSON
@DRY_RUN
def train_command(
    files: tuple[Path, ...],
    out: Path,
    against: Path | None,
    seed: int,
    half_life: int,
    practice_change: datetime | None,
    facts: str,
    keep: tuple[str, ...],
    jobs: int,
    backend: str | None,
    area: Area,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Learn a model version from decided cases, and write it to a folder under OUT.

    The vault of protected attributes stays closed meanwhile; `model audit` opens it afterwards.
    Run again after an interruption, it goes on where it was: what is finished lies in OUT.work until then.
    """
    from training.kept import NOWHERE, forget, kept_for
    from training.proportion import Asked, checked
    from training.spread import backend_of
    from training.train import Settings, shaped_by, train, write

    rejects = None if dry_run else out.parent / f"{out.name}.rejects.csv"
    labels = LabelRules(half_life, None if practice_change is None else practice_change.date())
    with closed(), refusals_told(rejects), Steps(17, quiet=as_json).shown() as steps:
        asked = checked(area, Asked(facts, keep))
        steps("Reading")
        data = read_cases(area, files, jobs)
        active = None if against is None else load(against)
        settings = Settings(seed=seed, labels=labels, facts=asked, against=active)
        kept = NOWHERE if dry_run else kept_for(out, shaped_by(data, settings))
        with backend_of(backend, jobs):
            trained = train(data, settings, steps, kept)
        folder, digest = (None, "") if dry_run else write(trained, out)
        if not dry_run:
            forget(out)
    told = {
        "version": trained.artifact.manifest.version,
        "folder": None if folder is None else str(folder),
        "manifest_hash": digest,
        "worse_than_prior": trained.worse_than_prior,
        "dry_run": dry_run,
        "evaluation": trained.artifact.evaluation,
    }
    print_json(told) if as_json else _print_trained(told)


def _print_trained(told: dict[str, Any]) -> None:
    evaluation = told["evaluation"]
    rows = [
        (("→ " if each["name"] == evaluation["chosen"]["name"] else "  ") + each["label"],
         mean_said(each["log_loss"]), mean_said(each["behind_best"]))
        for each in evaluation["candidates"]
    ]  # fmt: skip
    if evaluation["against"]:
        against = evaluation["against"]
        rows.append((f"  in use: {against['version']}", mean_said(against["log_loss"]), ""))
    split = evaluation["split"]
    print_table(
        f"Log-loss on {split['n_tested']} later cases (lower is better)",
        ("candidate", "log-loss ± standard error", "behind the best"), rows, numbers=1,
    )  # fmt: skip
    if told["worse_than_prior"]:
        click.echo(
            "This version is worse than knowing the shares alone. It was written, and will not be admitted."
        )
    click.echo(
        f"Version {told['version']}"
        + (" (dry run, not written)" if told["dry_run"] else f" in {told['folder']}")
    )
    if told["manifest_hash"]:
        click.echo(f"Manifest {told['manifest_hash']}")


@model.command("evaluate")
@click.argument("folder", type=FILE, metavar="DIR")
@FILES
@JSON
def evaluate_command(folder: Path, files: tuple[Path, ...], as_json: bool) -> None:
    """Measure a version on cases decided after it stopped learning."""
    from training.evaluate import evaluate

    with refusals_told(), Steps(3, quiet=as_json).shown() as steps:
        steps("Reading")
        version = load(folder)
        data = read_cases(version.area, files)
        steps("Measuring")
        found = evaluate(version, data)
    print_json(found) if as_json else _print_evaluation(found)


def _print_evaluation(found: dict[str, Any]) -> None:
    rows = [(found["version"], mean_said(found["model"]["log_loss"]), mean_said(found["model"]["accuracy"]))]
    rows += [
        (each["label"], mean_said(each["log_loss"]), mean_said(each["accuracy"]))
        for each in found["baselines"].values()
    ]
    print_table(
        f"On {found['model']['n']} cases from {found['tested_from'][:10]} on",
        ("model", "log-loss ± standard error", "same level as the human"), rows, numbers=1,
    )  # fmt: skip
    bins = [
        (each["n"], each["said"], each["was"], each["was_interval"]) for each in found["model"]["calibration"]
    ]
    print_table("Calibration", ("cases", "said", "was", "95 % interval"), bins, numbers=0)
    print_table("Sources of labels", ("source", "cases"), found["label_sources"].items(), numbers=1)


@model.command("report")
@click.argument("folder", type=FILE, metavar="DIR")
@click.option("--out", type=NEW_FILE, help="The page; default is DIR with .html beside it.")
@click.option("--against", type=FILE, help="The version before it; the page then says first what is new.")
@click.option("--pdf", is_flag=True, help="Write it as a tagged PDF too, beside the page.")
@click.option("--force", is_flag=True, help="Write over an earlier report.")
@JSON
def report_command(
    folder: Path, out: Path | None, against: Path | None, pdf: bool, force: bool, as_json: bool
) -> None:
    """One page about a version, with everything in it: losses, groups, misses, beeswarm, every table."""
    from training.paper import PaperUnavailable, drawn
    from training.report import report

    target = out or folder.parent / f"{folder.name}.html"
    paper = target.with_suffix(".pdf")
    there = [each for each in (target, paper if pdf else target) if each.exists()]
    if there and not force:
        raise click.ClickException(f"{there[0]} is there already; --force writes over it")
    with refusals_told(), Steps(2 + pdf, quiet=as_json).shown() as steps:
        steps("Drawing")
        version = load(folder)
        page = report(version, _record(folder, version), None if against is None else load(against))
        target.write_text(page, encoding="utf-8")
        if pdf:
            steps("Printing")
            try:
                paper.write_bytes(drawn(page))
            except PaperUnavailable as missing:
                raise click.ClickException(str(missing)) from missing
    said = {"report": str(target)} | ({"pdf": str(paper)} if pdf else {})
    print_json(said) if as_json else click.echo("Report in " + " and ".join(said.values()))


def _record(folder: Path, version: Artifact) -> Any:
    """What a test of bias found, where there was one of this version."""
    try:
        return load_audit(folder, version.manifest.version, version.manifest_hash).content
    except AuditRefused:
        return None


@model.command("explain")
@click.argument("case")
@click.option(
    "--data", "files", type=FILE, required=True, multiple=True, help="The file that holds the case."
)
@click.option("--model", "folder", type=FILE, required=True, help="The model version.")
@JSON
def explain_command(case: str, files: tuple[Path, ...], folder: Path, as_json: bool) -> None:
    """shap's values of one case (a request id) beside our own."""
    from training.explain import case_named, explain

    with refusals_told():
        version = load(folder)
        found = explain(version, case_named(read_cases(version.area, files), case))
    if as_json:
        print_json(found)
        return
    rows = [
        (each["label"], each["value"], f"{each['ours']:+.6f}", f"{each['shap']:+.6f}", f"{each['reach']:.2f}")
        for each in found["contributions"]
    ]
    title = f"Log-odds towards {found['toward']}: base {found['base']:+.4f}, score {found['score']:+.4f}"
    print_table(title, ("fact", "value", "ours", "shap", "± (90 %)"), rows, numbers=2)
    click.echo(f"Largest difference between ours and shap's: {found['largest_difference']:.1e}")


def mean_said(mean: dict[str, float]) -> str:
    """A mean and its standard error."""
    return f"{mean['value']:.4f} ± {mean['standard_error']:.4f}"
