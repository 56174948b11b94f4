"""Writing to standard output, whatever it is: a terminal, a pipe, an encoding that lacks our signs."""

from __future__ import annotations

import os
import sys

import click

_WIDTH = 100
# What stands for our own signs where an encoding lacks them.
_PLAIN = str.maketrans({"…": "...", "·": "-"})


def wants_colour(color: str) -> bool:
    """Whether text is to be coloured: as `--color` says, else as the environment does, else on a terminal."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") != "0":
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def terminal_width() -> int:
    """How many columns text may have: as `COLUMNS` says, else as the terminal does, else 100.

    As `shutil.get_terminal_size` has it, which costs the import of every format of archives.
    """
    said = os.environ.get("COLUMNS", "")
    if said.isdecimal() and int(said):
        return int(said)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _WIDTH if sys.__stdout__ else _WIDTH
    except (OSError, ValueError):
        return _WIDTH


def write_text(text: str) -> None:
    """Print text for people. What the terminal's encoding lacks is written in another way, and never an error."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        text = text.translate(_PLAIN).encode(encoding, "backslashreplace").decode(encoding)
    click.echo(text, nl=False, color=True)


def write_bytes(data: bytes) -> None:
    """Print what is for machines: its bytes are the same on every system and in every locale."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
