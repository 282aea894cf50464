"""The two commands say clearly what is wrong before they start anything heavy."""

import os
import re
import socket
import subprocess

from tests.parts.tree import ROOT


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Run make from the root as a person would, even when make is what runs the tests."""
    mine = {name: value for name, value in os.environ.items() if "MAKE" not in name and name != "MFLAGS"}
    return subprocess.run(["make", *words], cwd=ROOT, env=mine, capture_output=True, text=True, timeout=30)


def test_help_lists_every_target_that_is_meant_for_people() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    promised = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()

    assert re.findall(r"^  make (\S+) ", make().stdout, re.MULTILINE) == promised


def test_a_port_that_is_no_number_is_one_clear_line() -> None:
    result = make("run", "PORT=abc")

    assert result.returncode != 0
    assert result.stdout == "PORT must be a number: make run PORT=8001\n"


def test_a_port_in_use_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = make("run", f"PORT={port}")

    assert result.returncode != 0
    assert result.stdout == f"Port {port} is in use. Choose another: make run PORT=8001\n"
