"""`skoen model compare`: two versions on the same later cases."""

from pathlib import Path
from typing import Any

import click

from models.artifact import load
from training.command_model import FILE, FILES, JSON, SEED, mean_said, refusals_told
from training.console import Steps, print_json, print_table
from training.dataset import read_cases


@click.command("compare")
@click.argument("a", type=FILE, metavar="A")
@click.argument("b", type=FILE, metavar="B")
@FILES
@SEED
@JSON
def compare_command(a: Path, b: Path, files: tuple[Path, ...], seed: int, as_json: bool) -> None:
    """Two versions on the same later cases, with a tuned unrestricted model as yardstick."""
    from training.compare import compare

    with refusals_told(), Steps(3, quiet=as_json).shown() as steps:
        steps("Reading")
        first, second = load(a), load(b)
        data = read_cases(first.area, files)
        steps("Comparing")
        found = compare(first, second, data, seed)
    if as_json:
        print_json(found)
        return
    rows = [
        (each["name"], mean_said(each["log_loss"]), mean_said(each["accuracy"]) if each["accuracy"] else "")
        for each in found["models"]
    ]
    head = ("model", "log-loss ± standard error", "same level as the human")
    print_table(f"On {found['n']} cases from {found['tested_from'][:10]} on", head, rows, numbers=1)
    facts = [(each["sentence"], f"{each['a']:.1%}", f"{each['b']:.1%}") for each in found["facts"][:10]]
    print_table("Share of all pull", ("fact", "A", "B"), facts, numbers=1)
    click.echo(f"{found['verdict'].replace('_', ' ')}: loss of A less loss of B {mean_said(found['better'])}")
    click.echo(_alike(found["alike"]))


def _alike(told: dict[str, Any]) -> str:
    said = f"same level in {told['level']['share']:.1%}"
    if told["strongest"] is None:
        return said
    strongest, order = told["strongest"], told["order"]
    return (
        f"{said}, same strongest fact in {strongest['value']:.1%} (A fitted again: "
        f"{strongest['fitted_again']:.1%}), Kendall's tau of the five strongest {order['value']:.2f} "
        f"({order['fitted_again']:.2f})"
    )
