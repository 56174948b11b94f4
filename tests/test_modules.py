from __future__ import annotations

import sys
from pathlib import Path

import pytest

from stockade.modules import modules


def test_modules_and_packages_by_name_but_private_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "shelf"
    (package / "b").mkdir(parents=True)
    (package / "__pycache__").mkdir()
    for name in ("__init__.py", "c.py", "_d.py", "a.py", "b/__init__.py", "note.txt"):
        (package / name).touch()
    monkeypatch.syspath_prepend(tmp_path)

    try:
        assert [module.__name__ for module in modules("shelf")] == ["shelf.a", "shelf.b", "shelf.c"]
        assert "shelf._d" not in sys.modules
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "shelf"]:
            del sys.modules[name]
