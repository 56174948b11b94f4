"""The command line: a thin shell over `stockade.api`."""

from __future__ import annotations

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """The console script."""
    # A command is one short piece of work that keeps what it makes, from what it imports on; looking for garbage is a
    # third of its time.
    gc.disable()
    try:
        from stockade.cli._run import run

        run()
    except KeyboardInterrupt:  # which may come while the program is still being loaded
        sys.stderr.write("interrupted\n")
        leave(130)


def leave(code: int) -> NoReturn:
    """End the process at once: freeing what a scan made, object by object, takes a tenth of its time."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 0
    os._exit(code)
