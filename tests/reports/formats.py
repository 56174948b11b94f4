"""Reports by the names that `-f` has for them."""

from __future__ import annotations

from importlib import import_module

from stockade import api


def rendered(result: api.Result, name: str) -> str:
    """A result in one format."""
    report: str = import_module(f"stockade.reports.{name.replace('-', '_')}").render(result)
    return report
