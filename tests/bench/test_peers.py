"""Peers are measured in an environment of their own, and nothing is claimed of one that is not there."""

import json
import sys
from pathlib import Path

import pytest

from tests.bench import peers


def test_without_their_environment_there_is_no_figure(tmp_path: Path) -> None:
    assert peers.seconds_of(peers.SHAPASH, tmp_path, tmp_path / "bin" / "python") is None


def test_a_peer_that_is_not_installed_has_no_figure(tmp_path: Path) -> None:
    assert peers.seconds_of(peers.SHAPASH, tmp_path, Path(sys.executable)) is None


def test_a_peer_that_fails_is_told_and_not_left_out(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="fremmed"):
        peers.seconds_of("fremmed.peer", tmp_path, Path(sys.executable))


def test_what_a_peer_took_is_the_median_of_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []
    monkeypatch.setattr(peers, "find_spec", lambda name: name)
    monkeypatch.setattr(peers, "_fitted", lambda told: (told, None, None))
    monkeypatch.setattr(peers, "_shapash", lambda *_: lambda: asked.append(1))
    (tmp_path / peers.MODEL).write_text("{}", encoding="utf-8")
    peers.main(peers.SHAPASH, tmp_path)

    assert len(asked) == peers.TIMES + 1, "the first does not count"
    assert json.loads(capsys.readouterr().out) >= 0
