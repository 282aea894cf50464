"""The offline verifier as its users have it: a copied file, started where nothing of the project is known."""

import atexit
import importlib.util
import io
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from unittest import mock

from tests.parts.exports import VKEY, Files, write_zip
from tests.parts.tree import ROOT

VERIFIER = ROOT / "service/log/offline/skoen_verify.py"


@dataclass(frozen=True)
class Verdict:
    """Exit code and what was printed."""

    code: int
    said: str

    @property
    def faults(self) -> list[str]:
        """The lines that name a fault."""
        return [line for line in self.said.splitlines() if line[:2].isdigit()]


@cache
def module() -> ModuleType:
    """The verifier, loaded from its file."""
    spec = importlib.util.spec_from_file_location("skoen_verify", VERIFIER)
    assert spec and spec.loader
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def judged(file: Path, *, held: Iterable[Path] = (), vkeys: Iterable[str] = (VKEY,)) -> Verdict:
    """What the verifier says, run in this process: for what is tried thousands of times."""
    said = io.StringIO()
    with (
        mock.patch.object(sys, "argv", _arguments("skoen_verify.py", file, held, vkeys)),
        redirect_stdout(said),
    ):
        code: int = module().main()
    return Verdict(code, said.getvalue())


@cache
def outsiders_python() -> Path:
    """A Python with the installed packages and without the project, which an editable install adds to all."""
    home = Path(tempfile.mkdtemp(prefix="skoen-outsider-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    venv.create(home, symlinks=True)
    packages = next(home.glob("lib/python*/site-packages"))
    # A folder named in a .pth file is searched, and the .pth files inside it are not read.
    (packages / "packages.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return home / "bin" / "python"


def judged_alone(
    folder: Path, file: Path, *, held: Iterable[Path] = (), vkeys: Iterable[str] = (VKEY,)
) -> Verdict:
    """What a copy of the verifier says in an empty folder, in a process that cannot import the project."""
    folder.mkdir(exist_ok=True)
    copy = shutil.copy(VERIFIER, folder / "skoen_verify.py")
    found = subprocess.run(
        [outsiders_python(), "-I", *_arguments(str(copy), file, held, vkeys)],
        cwd=folder, env={}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert found.stderr == ""
    return Verdict(found.returncode, found.stdout)


def judged_files(folder: Path, files: Files, *, held: Iterable[bytes] = (), pinned: bool = True) -> Verdict:
    """What the verifier says of these files as a zip, with held checkpoints by content."""
    paths = []
    for number, content in enumerate(held):
        paths.append(folder / f"held-{number}.txt")
        paths[-1].write_bytes(content)
    vkeys = (VKEY,) if pinned else ()
    return judged(write_zip(folder / "export.zip", files), held=paths, vkeys=vkeys)


def _arguments(program: str, file: Path, held: Iterable[Path], vkeys: Iterable[str]) -> list[str]:
    given = [program, str(file)]
    for path in held:
        given += ["--held", str(path)]
    for vkey in vkeys:
        given += ["--vkey", vkey]
    return given
