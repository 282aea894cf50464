"""A package that is not the one in the lock is not installed, wherever it came from."""

import base64
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.parts.tree import ROOT

NAME = "harmless-1.0-py3-none-any.whl"
META = "harmless-1.0.dist-info"


def a_wheel(folder: Path, code: str) -> Path:
    """A package of one module."""
    files = {
        "harmless.py": code,
        f"{META}/METADATA": "Metadata-Version: 2.1\nName: harmless\nVersion: 1.0\n",
        f"{META}/WHEEL": "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    listed = [f"{name},sha256={_digest(text)},{len(text)}" for name, text in files.items()]
    files[f"{META}/RECORD"] = "\n".join([*listed, f"{META}/RECORD,,"]) + "\n"
    with zipfile.ZipFile(folder / NAME, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(name, text)
    return folder / NAME


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def install(folder: Path, lock: str) -> subprocess.CompletedProcess[str]:
    """Install by a lock as `make setup` does, from a folder instead of an index."""
    (folder / "lock").write_text(lock, encoding="utf-8")
    options = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:", "--require-hashes"]
    offline = ["--no-index", "--find-links", str(folder), "--no-cache-dir", "--target", str(folder / "into")]
    words = [sys.executable, "-m", "pip", "install", *options, *offline, "-r", str(folder / "lock")]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_a_wheel_with_one_changed_byte_is_refused(tmp_path: Path) -> None:
    wheel = a_wheel(tmp_path, "x = 1\n")
    published = wheel.read_bytes()
    lock = f"harmless==1.0 --hash=sha256:{hashlib.sha256(published).hexdigest()}\n"
    wheel.write_bytes(published.replace(b"x = 1", b"x = 2"))
    refused = install(tmp_path, lock)

    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert not (tmp_path / "into").exists()

    wheel.write_bytes(published)
    taken = install(tmp_path, lock)
    assert (taken.returncode, taken.stderr) == (0, "")
    assert (tmp_path / "into" / "harmless.py").read_text() == "x = 1\n"


def test_a_package_without_a_hash_is_refused(tmp_path: Path) -> None:
    a_wheel(tmp_path, "x = 1\n")
    refused = install(tmp_path, "harmless==1.0\n")

    assert refused.returncode != 0
    assert "Hashes are required" in refused.stderr
    assert not (tmp_path / "into").exists()


def test_everything_is_installed_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    installs = [line for line in makefile.splitlines() if "/pip install" in line and "uv==" not in line]

    (ours,) = (line for line in installs if "--no-deps --no-build-isolation --editable ." in line)
    others = [line for line in installs if line != ours]
    assert "--only-binary :all: --require-hashes -r requirements.lock" in others[0]
    assert all("--only-binary :all: --require-hashes -r " in line for line in others)
    assert "$(NPM) ci --ignore-scripts" in makefile
