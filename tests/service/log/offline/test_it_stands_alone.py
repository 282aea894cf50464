"""The verifier is one short file that an outsider can read, and that needs nothing of the project."""

import ast
import subprocess
import sys
from pathlib import Path

from tests.parts.exports import VKEY, a_shard, files_of, write_zip
from tests.parts.offline import VERIFIER, judged_alone, outsiders_python

LONGEST = 250


def imported(text: str) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            names.add(str(node.module).partition(".")[0])
    return names


def test_it_is_one_file_of_at_most_250_lines_of_readable_width() -> None:
    lines = VERIFIER.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= 110


def test_it_imports_the_standard_library_and_cryptography_and_nothing_else() -> None:
    assert imported(VERIFIER.read_text(encoding="utf-8")) - sys.stdlib_module_names == {"cryptography"}


def test_it_is_written_for_python_3_9() -> None:
    text = VERIFIER.read_text(encoding="utf-8")

    ast.parse(text, feature_version=(3, 9))
    assert "bit_count" not in text and "strict=" not in text and "removeprefix" not in text
    annotations = [node.annotation for node in ast.walk(ast.parse(text)) if isinstance(node, ast.arg)]
    assert not any(isinstance(each, ast.BinOp) for each in annotations)  # `X | None` is of 3.10


def test_it_runs_where_the_project_is_not(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    imports = [outsiders_python(), "-I", "-c", "import cryptography, service"]
    known = subprocess.run(imports, cwd=empty, env={}, capture_output=True, text=True)
    assert "No module named 'service'" in known.stderr

    found = judged_alone(empty, write_zip(tmp_path / "export.zip", files_of(a_shard())), vkeys=(VKEY,))

    assert found.code == 0
    assert found.said.endswith("I ORDEN / IN ORDER (0)\n")
