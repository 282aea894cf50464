"""The web is kept from the signing key, also as root; its own files stay within reach."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from service.config import Settings
from service.errors import UnsafeStart
from service.sandbox import beside, is_key_out_of_reach, refuse_mixing, shut_out, version
from tests.parts.forks import forked

Need = Callable[[str, bool], None]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation with a key in the signer's folder beside var."""
    made = Settings.from_environment({"SKOEN_VAR": str(tmp_path / "home" / "var")})
    made.var.mkdir(parents=True)
    made.signer.mkdir()
    (made.signer / "key").write_bytes(bytes(32))
    return made


def in_a_child(work: Callable[[], object]) -> str:
    """Do something in a process that gave up its rights; gives what it said."""
    reader, writer = os.pipe()

    def say() -> None:
        try:
            said = work()
        except OSError as error:
            said = type(error).__name__
        os.write(writer, str(said).encode())

    with forked(say):
        os.close(writer)
        with os.fdopen(reader, "rb") as answer:
            return answer.read().decode()


ATTEMPTS: dict[str, Callable[[Settings], object]] = {
    "read": lambda s: (s.signer / "key").read_bytes(),
    "write": lambda s: (s.signer / "key").open("r+b").close(),
    "truncate": lambda s: os.truncate(s.signer / "key", 0),
    "add": lambda s: (s.signer / "new").write_bytes(b""),
    "remove": lambda s: (s.signer / "key").unlink(),
    "move out": lambda s: (s.signer / "key").rename(s.var / "key"),
    "move the folder": lambda s: s.signer.rename(s.var / "signer"),
    "rename the folder": lambda s: s.signer.rename(s.signer.with_name("other")),
    "link": lambda s: os.link(s.signer / "key", s.var / "key"),
    "through a link": lambda s: (s.var / "link" / "key").read_bytes(),
    "through another process": lambda s: Path(f"/proc/{os.getppid()}/root{s.signer}/key").read_bytes(),
    "out of another's memory": lambda s: Path(f"/proc/{os.getppid()}/mem").open("rb").close(),
    "stop another process": lambda s: os.kill(os.getppid(), 0),
}


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_a_process_that_is_shut_out_cannot(attempt: str, settings: Settings, need: Need) -> None:
    need("Landlock of version 6", version() >= 6)
    (settings.var / "link").symlink_to(settings.signer)

    def work() -> object:
        assert shut_out(settings)
        ATTEMPTS[attempt](settings)
        return "done"

    assert in_a_child(work) in ("PermissionError", "OSError")
    assert [path.name for path in settings.signer.iterdir()] == ["key"]
    assert (settings.signer / "key").read_bytes() == bytes(32)


@pytest.mark.parametrize("attempt", [name for name in ATTEMPTS if "another" not in name])
def test_a_process_that_is_not_shut_out_can(attempt: str, settings: Settings) -> None:
    """Without this the test above could pass for a wrong reason."""
    (settings.var / "link").symlink_to(settings.signer)

    assert in_a_child(lambda: ATTEMPTS[attempt](settings) and "done") != "PermissionError"
    assert in_a_child(lambda: os.kill(os.getppid(), 0)) == "None"


def test_a_process_that_is_shut_out_goes_on_in_its_own_folder(settings: Settings, need: Need) -> None:
    need("Landlock", version() > 0)

    def work() -> object:
        assert shut_out(settings)
        (settings.var / "new").write_text("x")
        (settings.var / "new").rename(settings.var / "newer")
        (settings.var / "folder").mkdir()
        (settings.var / "newer").rename(settings.var / "folder" / "newest")
        (settings.var / "folder" / "newest").unlink()
        Path("/dev/null").write_text("x")
        return is_key_out_of_reach(settings), any(Path("/").iterdir())

    assert in_a_child(work) == "(True, True)"


def test_a_key_that_is_made_later_is_out_of_reach_too(settings: Settings, need: Need) -> None:
    need("Landlock", version() > 0)
    (settings.signer / "key").unlink()
    settings.signer.rmdir()
    reader, writer = os.pipe()

    def work() -> object:
        assert shut_out(settings)
        os.read(reader, 1)
        return is_key_out_of_reach(settings)

    with forked(work) as child:
        settings.signer.mkdir()
        (settings.signer / "key").write_bytes(bytes(32))
        os.write(writer, b"x")
        assert child.wait() == 0


def test_whether_the_key_is_out_of_reach_is_found_out_by_trying(settings: Settings) -> None:
    assert not is_key_out_of_reach(settings)
    (settings.signer / "key").unlink()
    assert is_key_out_of_reach(settings)


def test_without_landlock_nothing_is_given_up_and_that_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.sandbox.version", lambda: 0)

    assert shut_out(settings) is False
    assert not is_key_out_of_reach(settings)


@pytest.mark.parametrize("where", ["var/signer", "var", "database", "keys/signer"])
def test_a_signer_among_the_webs_own_files_is_refused(where: str, settings: Settings, tmp_path: Path) -> None:
    mixed = replace(
        settings,
        signer=tmp_path / "home" / where,
        database_url=f"sqlite:///{tmp_path}/home/database/skoen.db",
        keystore_url=f"sqlite:///{tmp_path}/home/keys/keystore.db",
    )

    with pytest.raises(UnsafeStart, match="SKOEN_SIGNER"):
        refuse_mixing(mixed)
    refuse_mixing(replace(mixed, signer=tmp_path / "home" / "var-signer"))


def test_links_beside_the_path_are_only_names(tmp_path: Path) -> None:
    (tmp_path / "signer").mkdir()
    (tmp_path / "var").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "signer")
    found = set(beside(tmp_path / "signer"))

    assert tmp_path / "var" in found
    assert not {tmp_path / "link", tmp_path / "signer", tmp_path} & found
