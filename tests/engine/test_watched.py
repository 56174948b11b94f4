"""A process listens to what is looked at once, however many scans it keeps the results of."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
added = []
plain = sys.addaudithook
sys.addaudithook = lambda hook: (added.append(hook), plain(hook))
from pathlib import Path
from stockade.engine.watched import Recorder
for _ in range(3):
    recorder = Recorder()
    with recorder.recording():
        Path(sys.argv[1]).read_bytes()
    assert sys.argv[1] in recorder._files
    Path(sys.argv[2]).exists()
assert len(added) == 1, added
"""


def test_one_hook_hears_for_all() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, __file__, sys.executable], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
