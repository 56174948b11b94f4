"""`python -m stockade`."""

from __future__ import annotations

import subprocess
import sys


def test_the_package_is_the_command_line() -> None:
    found = subprocess.run([sys.executable, "-m", "stockade", "--version"], capture_output=True, text=True, check=True)
    assert found.stdout.startswith("stockade ")
