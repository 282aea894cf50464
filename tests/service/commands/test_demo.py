"""`skoen demo prepare` where a signer remembers another log: refused before anything is made."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from service.commands import groups
from service.program import assemble


def test_a_signer_that_remembers_another_log_is_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    var = tmp_path / "var"
    for folder in ("synthetic", "models"):
        (var / folder).mkdir(parents=True)
    (tmp_path / "var-signer").mkdir()
    (tmp_path / "var-signer" / "state.json").write_bytes(b"{}")
    monkeypatch.setenv("SKOEN_VAR", str(var))
    words = ["demo", "prepare", "--synthetic", str(var / "synthetic"), "--models", str(var / "models")]

    result = CliRunner().invoke(assemble([groups()]), words)

    assert result.exit_code == 1
    assert "remembers the log of another database" in result.output
    assert sorted(path.name for path in var.iterdir()) == ["models", "synthetic"]
