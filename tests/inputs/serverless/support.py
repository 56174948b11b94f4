"""Services that are written in a test."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from stockade.inputs.given import Variables
from stockade.inputs.load import load
from stockade.model.app import App, Function

HEAD = "service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n"


def app_of(folder: Path, text: str, files: dict[str, str] | None = None, variables: Variables | None = None) -> App:
    """The application of a service in a folder, with further files beside it."""
    for name, content in {"serverless.yml": dedent(text), **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return load(folder, variables=variables)


def function_of(app: App, key: str = "f") -> Function:
    """The function with this key."""
    return next(f for f in app.functions if f.address == key)


def shown(app: App, name: str, key: str = "f") -> str:
    """An environment variable of a function, as people see it."""
    return next(v.value.show() for v in function_of(app, key).environment if v.name == name)
