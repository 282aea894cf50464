"""The program `skoen`: the verbs that each package registers, put together into one command line.

A package registers under the entry-point group `skoen.commands` a function that returns a click group, and
loads no more of it than a first word asks for. Groups of the same name become one, so that `skoen model
train` (the workshop's) and `skoen model promote` (the service's) stand side by side without either importing
the other.
"""

import copy
import errno
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import entry_points

import click

OURS = ("service", "models", "training")
OF_A_FILE = frozenset({
    errno.ENOENT, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO,
    errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.EBUSY,
})  # fmt: skip
"""What the system says of a file or a disk that somebody named, and can mend."""


class VerbTwice(Exception):
    """Two packages registered the same verb, and at least one of them is not a group."""


class Program(click.Group):
    """Shows our own errors as a sentence, and those of files; another is a fault and keeps its traceback."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb, turning an error of our own into a message unless the traceback is asked for."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            told = None if ctx.params["traceback"] else sentence_of(error)
            if told is None:
                raise
            raise click.ClickException(told) from error


def sentence_of(error: Exception) -> str | None:
    """What to tell of an error of our own, or of a file that cannot be read or written; None of another."""
    if is_ours(error):
        return str(error) or type(error).__name__
    if isinstance(error, OSError) and error.errno in OF_A_FILE:
        return ": ".join(str(each) for each in (error.filename, error.strerror) if each)
    return None


def is_ours(error: Exception) -> bool:
    """Whether one of our own packages defined the error, and so wrote its sentence for people."""
    return type(error).__module__.partition(".")[0] in OURS


def registered(only: str | None = None) -> Iterable[click.Group]:
    """The trees of commands of every installed package, in the order of the packages' names.

    With `only` they hold what stands under that first word, and the rest is not loaded.
    """
    for entry in sorted(entry_points(group="skoen.commands"), key=lambda entry: entry.name):
        try:
            groups = entry.load()
        except ModuleNotFoundError as missing:
            # A machine that only serves may go without the workshop.
            if missing.name not in {entry.module, entry.module.partition(".")[0]}:
                raise
            continue
        yield groups(only)


def add(group: click.Group, command: click.Command, name: str) -> None:
    """Hang a command under a group; a group that is already there takes in the new one's verbs."""
    present = group.commands.get(name)
    if not isinstance(command, click.Group):
        if present is not None:
            raise VerbTwice(f"Two packages register the verb '{name}' under '{group.name}'.")
        group.add_command(command, name)
        return
    if present is None:
        present = copy.copy(command)
        present.commands = {}
        group.add_command(present, name)
    if not isinstance(present, click.Group):
        raise VerbTwice(f"'{name}' under '{group.name}' is a verb in one package and a group in another.")
    for inner_name, inner in command.commands.items():
        add(present, inner, inner_name)


def assemble(trees: Iterable[click.Group]) -> Program:
    """One program from several trees; the roots' own names do not matter."""
    program = Program(
        "skoen",
        help="Similar cases, explanations and a provable record for § 140 visitation.",
        params=[click.Option(["--traceback"], is_flag=True, help="Show where an error arose.")],
    )
    for tree in trees:
        for name, command in tree.commands.items():
            add(program, command, name)
    return click.version_option(package_name="skoen")(program)


def first_word(words: Sequence[str]) -> str | None:
    """The verb among the words that were typed: every option before it is a flag."""
    return next((word for word in words if not word.startswith("-")), None)


def main() -> None:
    """The console script: what is not asked for is not loaded, and for a word nobody knows all is."""
    program = assemble(registered(first_word(sys.argv[1:])))
    if not program.commands:
        program = assemble(registered())
    program(prog_name="skoen")
