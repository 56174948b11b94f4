"""SHA-256 without what it costs to load it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def sha256() -> Callable[[bytes], Any]:
    """SHA-256 as Python itself has it; `hashlib` loads OpenSSL, which takes longer than all fingerprints of a scan."""
    for name in ("_sha2", "_sha256"):  # from 3.12 on, and before
        try:
            found: Callable[[bytes], Any] = import_module(name).sha256
        except (ImportError, AttributeError):
            continue
        return found
    import hashlib

    return hashlib.sha256
