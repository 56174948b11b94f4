"""Small helpers for tests of the CloudFormation input."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stockade.inputs.load import load
from stockade.model.app import App
from stockade.model.value import Value


def read(folder: Path, text: str, name: str = "template.yaml", **parameters: str) -> App:
    """The application of one template."""
    (folder / name).write_text(text, encoding="utf-8")
    return load(folder / name, parameters)


def write(folder: Path, **files: str) -> Path:
    """Files by name; `__` in a name is a slash, and `.yaml` is added."""
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def shown(value: Value[Any] | None) -> str:
    """What a value is, for assertions."""
    assert value is not None
    return value.show()


def cases(value: Value[Any]) -> dict[str, str]:
    """Every case of a value: what holds under which premises."""
    return {" and ".join(p.text for p in when): leaf.show() for when, leaf in value.leaves()}


def kinds(app: App) -> dict[str, str]:
    """The gaps of an application: kind by what."""
    return {gap.what: gap.kind for gap in app.gaps}
