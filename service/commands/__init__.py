"""Operations from the command line: every verb of the service is named here, and lives in a module beside."""

from importlib import import_module

import click

COMMANDS = (
    "service.commands.access:access",
    "service.commands.backup:backup",
    "service.commands.capacity:capacity",
    "service.commands.challenge:challenge",
    "service.commands.citizen:citizen",
    "service.commands.data:data",
    "service.commands.database:database",
    "service.commands.decisions:decisions",
    "service.commands.demo:demo",
    "service.commands.documents:documents",
    "service.commands.governance:phase",
    "service.commands.governance:unit",
    "service.commands.incident:incident",
    "service.commands.keystore:keystore",
    "service.commands.limits:limits",
    "service.commands.log:log",
    "service.commands.log_export:log",
    "service.commands.model:model",
    "service.commands.monitor:model",
    "service.commands.proof:log",
    "service.commands.register:register",
    "service.commands.report:report",
    "service.commands.restore:restore",
    "service.commands.retention:retention",
    "service.commands.retirement:log",
    "service.commands.rights:rights_",
    "service.commands.selftest:selftest",
    "service.commands.serve:serve",
    "service.commands.shadow:shadow",
    "service.commands.signer:signer",
    "service.commands.stop:release",
    "service.commands.stop:stop",
    "service.commands.trial:trial",
    "service.commands.units:units",
    "service.commands.users:users",
)
"""`module:name` of each group or verb; an underscore after the name keeps it from shadowing another.

To add one, add its line; groups of the same name become one.
"""


def groups(only: str | None = None) -> click.Group:
    """A tree of the service's verbs; the program merges it with the workshop's by name.

    With `only` what stands under another first word is not loaded.
    """
    tree = click.Group("service")
    for place in COMMANDS:
        module, _, name = place.partition(":")
        if only in (None, name.rstrip("_")):
            command: click.Command = getattr(import_module(module), name)
            _add(tree, command)
    return tree


def _add(tree: click.Group, command: click.Command) -> None:
    present = tree.commands.get(command.name or "")
    if not (isinstance(present, click.Group) and isinstance(command, click.Group)):
        tree.add_command(command)
        return
    for verb in command.commands.values():
        present.add_command(verb)
