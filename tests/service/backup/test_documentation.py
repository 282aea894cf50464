"""What the operations page tells people to type exists."""

from service.program import assemble, registered
from tests.house.test_readme import commands, unknown_verb
from tests.parts.tree import ROOT


def test_every_command_on_the_operations_page_exists() -> None:
    page = (ROOT / "service" / "backup" / "README.md").read_text(encoding="utf-8")
    program = assemble(registered())

    found = list(commands(page))
    assert len(found) == 4
    assert [unknown_verb(words, program) for words in found] == [None] * 4
