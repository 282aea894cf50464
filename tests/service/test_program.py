"""The one program is put together from what each package registers."""

import errno
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from service.program import VerbTwice, assemble, first_word, registered


class OurRefusal(Exception):
    """Stands for any error that one of our packages defines."""


OurRefusal.__module__ = "service.errors"


def tree(**groups: list[click.Command]) -> click.Group:
    root = click.Group("any")
    for name, commands in groups.items():
        root.add_command(click.Group(name, commands={command.name or "": command for command in commands}))
    return root


def verb(name: str, error: Exception | None = None) -> click.Command:
    def callback() -> None:
        if error:
            raise error
        click.echo(f"{name} was run")

    return click.Command(name, callback=callback)


def test_groups_of_the_same_name_become_one() -> None:
    program = assemble([tree(model=[verb("promote")]), tree(model=[verb("train")])])

    assert CliRunner().invoke(program, ["model", "train"]).output == "train was run\n"
    assert CliRunner().invoke(program, ["model", "promote"]).output == "promote was run\n"


def test_putting_together_leaves_the_registered_trees_alone() -> None:
    registered = tree(model=[verb("promote")])

    assemble([registered, tree(model=[verb("train")])])

    group = registered.commands["model"]
    assert isinstance(group, click.Group)
    assert list(group.commands) == ["promote"]


@pytest.mark.parametrize("second", [verb("train"), click.Group("train")])
def test_a_verb_registered_twice_is_refused(second: click.Command) -> None:
    with pytest.raises(VerbTwice):
        assemble([tree(model=[verb("train")]), tree(model=[second])])


def test_an_error_of_ours_is_a_sentence() -> None:
    program = assemble([tree(model=[verb("promote", OurRefusal("Nobody approved it."))])])

    result = CliRunner().invoke(program, ["model", "promote"])

    assert (result.exit_code, result.output) == (1, "Error: Nobody approved it.\n")


def test_an_error_of_ours_keeps_its_traceback_when_asked() -> None:
    program = assemble([tree(model=[verb("promote", OurRefusal())])])

    assert isinstance(CliRunner().invoke(program, ["--traceback", "model", "promote"]).exception, OurRefusal)


def test_a_foreign_error_is_a_fault_and_is_not_dressed_up() -> None:
    program = assemble([tree(model=[verb("promote", ZeroDivisionError())])])

    assert isinstance(CliRunner().invoke(program, ["model", "promote"]).exception, ZeroDivisionError)


def test_a_file_that_cannot_be_written_is_named_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file, and no folder")

    def train() -> None:
        (tmp_path / "models" / "work").mkdir()

    program = assemble([tree(model=[click.Command("train", callback=train)])])

    result = CliRunner().invoke(program, ["model", "train"])

    assert (result.exit_code, result.output) == (
        1,
        f"Error: {tmp_path / 'models' / 'work'}: Not a directory\n",
    )
    asked = CliRunner().invoke(program, ["--traceback", "model", "train"])
    assert isinstance(asked.exception, NotADirectoryError)


def test_a_full_disk_is_a_sentence() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    program = assemble([tree(model=[verb("train", full)])])

    result = CliRunner().invoke(program, ["model", "train"])

    assert (result.exit_code, result.output) == (1, "Error: No space left on device\n")


def test_a_connection_that_breaks_is_a_fault() -> None:
    program = assemble([tree(model=[verb("train", ConnectionResetError(errno.ECONNRESET, "reset"))])])

    assert isinstance(CliRunner().invoke(program, ["model", "train"]).exception, ConnectionResetError)


def test_each_first_word_brings_its_whole_group_and_nothing_else() -> None:
    everything = assemble(registered())

    for name, command in everything.commands.items():
        alone = assemble(registered(name)).commands
        assert list(alone) == [name]
        if isinstance(command, click.Group):
            group = alone[name]
            assert isinstance(group, click.Group)
            assert sorted(group.commands) == sorted(command.commands)


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["log", "verify"], "log"),
        (["--traceback", "model", "train"], "model"),
        (["--help"], None),
        ([], None),
    ],
)
def test_the_first_word_stands_after_the_flags(words: list[str], first: str | None) -> None:
    assert first_word(words) == first


def test_what_is_not_asked_for_is_not_loaded() -> None:
    others = ("training.command_model", "service.commands.model")
    asked = (
        "import sys; from service.program import registered; list(registered('log'));"
        f"print([each for each in {others} if each in sys.modules])"
    )

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout

    assert said == "[]\n"


def test_a_word_nobody_knows_is_named_with_the_help() -> None:
    result = CliRunner().invoke(assemble(registered()), ["nosuch"])

    assert (result.exit_code, "No such command 'nosuch'" in result.output) == (2, True)
