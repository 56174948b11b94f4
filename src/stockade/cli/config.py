"""`stockade config`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec
from msgspec.structs import fields

from stockade.cli._configured import ConfiguredCommand, configuration, tailoring
from stockade.cli._output import terminal_width, write_bytes, write_text
from stockade.cli._suggest import Choice
from stockade.config.read import Configuration
from stockade.reports.text import wrapped

_SEVERAL = {"per-path": "path", "suppress": "rule"}


@click.group("config")
def command() -> None:
    """What is configured, and where."""


@command.command("show", cls=ConfiguredCommand)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option("-f", "form", type=Choice(["text", "json"]), default="text", show_default=True, help="Who it is for.")
def show(path: Path, *, form: str) -> None:
    """Each setting that a scan of PATH has, and where it comes from."""
    tailoring(path)  # which finds what is wrong with rules and options
    found = configuration()
    rows = _rows(found)
    if form == "json":
        data = [
            {"setting": name, "value": msgspec.to_builtins(value), "from": _from_data(found, name)}
            for name, value in rows
        ]
        write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")
        return
    write_text("".join(_lines(found, rows, terminal_width())))


def _rows(found: Configuration) -> list[tuple[str, Any]]:
    """Every setting with its value; of tables a row for each entry."""
    rows: list[tuple[str, Any]] = []
    for field in fields(found.settings):
        name, value = field.encode_name, getattr(found.settings, field.name)
        if isinstance(value, dict) and value:
            rows += [(f"{name}.{key}", inner) for key, inner in value.items()]
        elif name in _SEVERAL and value:
            rows += [(f"{name}[{number}]", inner) for number, inner in enumerate(value)]
        else:
            rows.append((name, value))
    return rows


def _from_data(found: Configuration, name: str) -> dict[str, Any]:
    origin = found.origin(name)
    return {"what": origin.what, "line": origin.span.line if origin.span is not None else None}


def _lines(found: Configuration, rows: list[tuple[str, Any]], width: int) -> list[str]:
    longest = max(len(name) for name, _ in rows)
    lines = []
    for name, value in rows:
        text = msgspec.json.encode(_told(value)).decode()
        first, *rest = wrapped(f"{text}  ({found.origin(name)})", width - longest - 2)
        lines.append(f"{name:<{longest}}  {first}\n")
        lines += [" " * (longest + 2) + line + "\n" for line in rest]
    files = ", ".join(map(str, found.files)) or "none was found"
    return [*lines, "\n", *(line + "\n" for line in wrapped(f"files: {files}", width))]


def _told(value: Any) -> Any:  # noqa: ANN401 - of every type that a setting has
    """A value as it is shown: of what has fields of its own, those that are set."""
    if not isinstance(value, msgspec.Struct):
        return value
    return {f.encode_name: own for f in fields(value) if (own := getattr(value, f.name)) not in (None, "", (), {})}
