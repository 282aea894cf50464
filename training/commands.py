"""The workshop's verbs: `skoen data …` and `skoen model …`."""

import click

VERBS = ("data", "model")


def groups(only: str | None = None) -> click.Group:
    """A tree of the workshop's groups; the program merges them with the service's by name.

    With `only` nothing is loaded for another first word.
    """
    tree = click.Group("training")
    if only not in (None, *VERBS):
        return tree
    from training.command_audit import audit_command, audit_decisions_command, vault_command
    from training.command_compare import compare_command
    from training.command_data import data
    from training.command_model import model
    from training.command_release import note_command, reproduce_command

    for verb in (audit_command, audit_decisions_command, compare_command, note_command, reproduce_command):
        model.add_command(verb)
    data.add_command(vault_command)
    for group in (data, model):
        if only in (None, group.name):
            tree.add_command(group)
    return tree
