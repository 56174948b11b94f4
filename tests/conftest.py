"""What all tests share: real projects are only read where somebody names them."""

from __future__ import annotations

import os

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that read real projects, unless STOCKADE_CORPUS names a folder of them."""
    if os.environ.get("STOCKADE_CORPUS"):
        return
    kept = [item for item in items if item.get_closest_marker("corpus") is None]
    config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("corpus") is not None])
    items[:] = kept
