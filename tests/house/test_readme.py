"""What the README tells people to type exists."""

import re
import shlex
from collections.abc import Iterator

import click

from service.program import assemble, registered
from tests.parts.tree import ROOT

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def commands(text: str) -> Iterator[list[str]]:
    """The commands in the `sh` blocks, as words; continued lines joined, comments and settings dropped."""
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True)
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words.pop(0)
            if words:
                yield words


def unknown_target(words: list[str], makefile: str) -> str | None:
    """What is wrong with a `make …` line, if anything."""
    wanted = [word for word in words[1:] if "=" not in word and not word.startswith("-")]
    missing = [word for word in wanted if word not in TARGET.findall(makefile)]
    return f"make has no target {missing[0]}" if missing else None


def unknown_verb(words: list[str], program: click.Command) -> str | None:
    """What is wrong with a `skoen …` line, if anything: a verb or an option that does not exist."""
    command, rest = program, iter(words[1:])
    for word in rest:
        name, has_value, _ = word.partition("=")
        if name.startswith("--"):
            if name not in {"--help", *options(command)}:
                return f"{command.name} has no option {name}"
            if name in options(command, with_value=True) and not has_value:
                next(rest, None)
        elif isinstance(command, click.Group) and not word.startswith("-"):
            if word not in command.commands:
                return f"{command.name} has no verb {word}"
            command = command.commands[word]
    wants_one = isinstance(command, click.Group) and not command.invoke_without_command
    return f"{command.name} wants a verb" if wants_one and "--help" not in words else None


def options(command: click.Command, with_value: bool = False) -> set[str]:
    """Every spelling of every option of a command; or only of those that are followed by a value."""
    found = [each for each in command.params if isinstance(each, click.Option)]
    chosen = [each for each in found if not with_value or not (each.is_flag or each.count)]
    return {name for each in chosen for name in (*each.opts, *each.secondary_opts)}


def test_every_command_in_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    program = assemble(registered())
    found = []
    for words in commands((ROOT / "README.md").read_text(encoding="utf-8")):
        if words[0] == "make":
            found.append(unknown_target(words, makefile))
        elif words[0].endswith("skoen"):
            found.append(unknown_verb(words, program))

    assert found, "the README has no command"
    assert [what for what in found if what] == []


def test_commands_are_found_in_sh_blocks_only() -> None:
    text = "```sh\nPORT=1 make run  # serve\n\nskoen model \\\n  train x\n```\n```py\nf()\n```\nmake tea\n"

    assert list(commands(text)) == [["make", "run"], ["skoen", "model", "train", "x"]]


def test_a_target_that_does_not_exist_is_noticed() -> None:
    assert unknown_target(["make", "coffee"], "tea: water\n")
    assert not unknown_target(["make", "tea", "PORT=1"], "tea: water\n")


def test_a_verb_or_option_that_does_not_exist_is_noticed() -> None:
    train = click.Command("train", params=[click.Argument(["file"]), click.Option(["--out"])])
    backup = click.Group("backup", params=[click.Option(["--out"])], invoke_without_command=True)
    model = click.Group("model", commands={"train": train})
    program = click.Group("skoen", commands={"model": model, "backup": backup})

    assert unknown_verb(["skoen", "model", "brew"], program)
    assert unknown_verb(["skoen", "model"], program)
    assert unknown_verb(["skoen", "model", "train", "x.csv", "--into", "y"], program)
    assert not unknown_verb(["skoen", "model", "train", "x.csv", "--out", "y"], program)
    assert not unknown_verb(["skoen", "backup", "--out", "y"], program)
    assert unknown_verb(["skoen", "backup", "--out", "y", "z"], program)
