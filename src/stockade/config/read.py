"""Finds configuration and reads it: `stockade.toml`, `[tool.stockade]` of `pyproject.toml`, the user's, the environment's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, get_args, get_type_hints

import msgspec
from msgspec import Struct
from msgspec.structs import fields

from stockade.config.settings import NOT_IN_ENVIRONMENT, PATHS, WRITTEN, PerPath, Settings, Suppress
from stockade.errors import ConfigError
from stockade.folders import user_configuration
from stockade.near import did_you_mean
from stockade.patterns import regex
from stockade.text import toml
from stockade.text.document import Document, Problem, Span, read_document

FILE = "stockade.toml"
_SHARED = "pyproject.toml"
_TABLE = ("tool", "stockade")
_STEP = regex(r"\.([\w-]+)|\[(\d+)\]")
_TABLES: dict[str, type[PerPath | Suppress]] = {"per-path": PerPath, "suppress": Suppress}


class Origin(Struct, frozen=True):
    """Where a setting comes from: in words, and the place where it is written in a file."""

    what: str
    span: Span | None = None

    def __str__(self) -> str:
        return self.what if self.span is None else f"{self.what}:{self.span.line}"


DEFAULT = Origin("default")


class Configuration(Struct, frozen=True, kw_only=True):
    """The settings that are in force, with where each comes from.

    Attributes:
        settings: their values.
        origins: by the setting's name; of tables by `name.key`; of `per-path` and `suppress` by `name[number]`.
        folder: the project's: paths are relative to it. None where no project is configured.
        files: every file that was read.
    """

    settings: Settings
    origins: Mapping[str, Origin] = {}
    folder: Path | None = None
    files: tuple[Path, ...] = ()

    def origin(self, name: str) -> Origin:
        """Where a setting comes from."""
        return self.origins.get(name, DEFAULT)


class _Layer(Struct, frozen=True):
    """What one place says: values by name, as they are typed, and where each is written."""

    values: dict[str, Any]
    origins: dict[str, Origin]


def read_configuration(
    path: Path, *, file: Path | None = None, environment: Mapping[str, str] | None = None
) -> Configuration:
    """What is configured for scans of a path: by the user, by its project, and by the environment, the later winning.

    `file` is read in place of what the project has. Lists are replaced, tables are joined; `per-path` and `suppress` are
    added to what was said before. Raises ConfigError with the place of what can't be right.
    """
    layers: list[_Layer] = []
    files: list[Path] = []
    environment = os.environ if environment is None else environment
    own = user_configuration(environment)
    if own is not None and own.is_file():
        layers.append(_read(own, str(own), (), is_trusted=True))
        files.append(own)
    found = (file, ()) if file is not None else project_file(path)
    if found is not None:
        place, table = found
        layers.append(_read(place, _shown(place), table, is_trusted=file is not None))
        files.append(place)
    layers.append(_of_environment(environment))
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for layer in layers:
        _lay_over(values, origins, layer)
    return Configuration(
        settings=Settings(**{name.replace("-", "_"): value for name, value in values.items()}),
        origins=origins,
        folder=found[0].parent if found is not None else None,
        files=tuple(files),
    )


def _lay_over(values: dict[str, Any], origins: dict[str, Origin], layer: _Layer) -> None:
    shift = {name: len(values.get(name, ())) for name in _TABLES}
    for name, value in layer.values.items():
        if isinstance(value, dict):
            values[name] = {**values.get(name, {}), **value}
        elif name in _TABLES:
            values[name] = (*values.get(name, ()), *value)
        else:
            values[name] = value
    for name, origin in layer.origins.items():
        table, bracket, number = name.rstrip("]").partition("[")
        origins[f"{table}[{shift[table] + int(number)}]" if bracket else name] = origin


def project_file(path: Path) -> tuple[Path, tuple[str, ...]] | None:
    """The configuration of the project that a path belongs to, and the table in it that holds the settings.

    The nearest counts, up to the folder of the repository; outside of one, up to the current folder.
    """
    for folder in _folders(path):
        sys.audit("stockade.asked", str(folder / FILE))
        if (folder / FILE).is_file():
            return folder / FILE, ()
        shared = folder / _SHARED
        if shared.is_file() and "tool.stockade" in _text(shared):
            return shared, _TABLE
    return None


def _folders(path: Path) -> Iterator[Path]:
    start = (path if path.is_dir() else path.parent).resolve()
    chain = [start, *start.parents]
    top = next((folder for folder in chain if (folder / ".git").exists()), None)
    if top is None:
        here = Path.cwd()
        top = here if here in chain else start
    for folder in chain:
        yield folder
        if folder == top:
            return


def _text(path: Path) -> str:
    document = read_document(path, path.name)
    return document.text if isinstance(document, Document) else ""


def _shown(path: Path) -> str:
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


# ------------------------------------------------------------------------------------------------------------ one file


def _read(path: Path, shown: str, table: tuple[str, ...], *, is_trusted: bool) -> _Layer:
    """What a file says. One that is not trusted came with what is scanned, and names no files to write but its project's."""
    import tomllib

    document = read_document(path, shown)
    if isinstance(document, Problem):
        raise ConfigError(f"{shown}: {document.message}", hint=document.remedy or "correct the path")
    try:
        data: Any = tomllib.loads(document.text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{shown} is not TOML: {error}", hint="https://toml.io says how it is written") from None
    for key in table:
        data = data.get(key, {}) if isinstance(data, dict) else {}
    if not isinstance(data, dict):
        raise ConfigError(f"{shown}: `tool.stockade` is no table", hint="write [tool.stockade]")
    return _File(document, shown, table, path.parent, is_trusted=is_trusted).layer(data)


class _File:
    """One file of settings, and what is wrong with it by place."""

    def __init__(
        self, document: Document, shown: str, table: tuple[str, ...], folder: Path, *, is_trusted: bool
    ) -> None:
        self.is_trusted = is_trusted
        self.places = toml.places(document)
        self.shown = shown
        self.table = table
        self.folder = folder

    def layer(self, data: dict[str, Any]) -> _Layer:
        hints = get_type_hints(Settings)
        names = {field.encode_name: field.name for field in fields(Settings)}
        values: dict[str, Any] = {}
        origins: dict[str, Origin] = {}
        for key, value in data.items():
            if key not in names:
                self._unknown((key,), names, "setting")
            self._inside(key, value)
            converted = self._converted(value, hints[names[key]], (key,))
            values[key] = self._resolved(key, converted)
            origins |= self._origins(key, converted)
        return _Layer(values, origins)

    def _inside(self, key: str, value: object) -> None:
        """What has a type of its own knows its keys, too."""
        if key in _TABLES and isinstance(value, list):
            known = [field.encode_name for field in fields(_TABLES[key])]
            for index, item in enumerate(value):
                for inner in item if isinstance(item, dict) else ():
                    if inner not in known:
                        self._unknown((key, index, inner), known, f"key of `{key}`")

    def _converted(self, value: object, type_: Any, path: toml.Path) -> Any:  # noqa: ANN401 - of the type that is asked for
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            what, _, where = str(error).partition(" - at `$")
            steps = tuple(m[1] if m[1] is not None else int(m[2]) for m in _STEP.finditer(where))
            given = what.removeprefix("Invalid enum value ")
            if given == what:
                self.fail((*path, *steps), what[:1].lower() + what[1:])
            choices = sorted(_choices(type_))
            near = did_you_mean(given.strip("'"), choices)
            self.fail(
                (*path, *steps), f"{given.replace(chr(39), '`')} can't be", near or f"use one of {', '.join(choices)}"
            )

    def _resolved(self, key: str, value: Any) -> Any:  # noqa: ANN401 - as it came
        if key not in PATHS or not value:
            return value
        joined = [self._place(key, one) for one in ((value,) if isinstance(value, str) else value)]
        return joined[0] if isinstance(value, str) else tuple(joined)

    def _place(self, key: str, value: str) -> str:
        form, sign, name = value.rpartition("=") if key == "format" else ("", "", value)
        if key == "format" and not sign:
            return value
        place = self.folder / name
        inside = place.resolve().is_relative_to(self.folder.resolve())
        if key in WRITTEN and not (inside or self.is_trusted):
            self.fail(
                (key,), f"`{name}` is outside of the project", "name it on the command line, or in your own settings"
            )
        return f"{form}{sign}{place}"

    def _origins(self, key: str, value: object) -> dict[str, Origin]:
        found = {key: Origin(self.shown, self.span((key,)))}
        if isinstance(value, dict):
            found |= {f"{key}.{name}": Origin(self.shown, self.span((key, name))) for name in value}
        elif key in _TABLES and isinstance(value, tuple):
            found |= {f"{key}[{n}]": Origin(self.shown, self.span((key, n))) for n in range(len(value))}
        return found

    def span(self, path: toml.Path) -> Span | None:
        """Where something is written, or what holds it."""
        steps = (*self.table, *path)
        return next((self.places[steps[:n]] for n in range(len(steps), 0, -1) if steps[:n] in self.places), None)

    def _unknown(self, path: toml.Path, known: Iterable[str], what: str) -> NoReturn:
        hint = did_you_mean(str(path[-1]), known) or f"there are {', '.join(known)}"
        self.fail(path, f"there is no {what} `{path[-1]}`", hint)

    def fail(self, path: toml.Path, what: str, hint: str = "") -> NoReturn:
        """Say what is wrong, and where."""
        name = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        raise wrong(Origin(self.shown, self.span(path)), what if "no " in what else f"`{name}`: {what}", hint)


def _choices(type_: Any) -> set[str]:  # noqa: ANN401 - a type, of which there are many kinds
    """The words that a type is made of, wherever in it."""
    if isinstance(type_, str):
        return {type_}
    inner = get_type_hints(type_).values() if type_ in _TABLES.values() else get_args(type_)
    return {word for part in inner for word in _choices(part)}


def wrong(origin: Origin, what: str, hint: str = "") -> ConfigError:
    """The error about something that is configured, with its place."""
    place = origin.what if origin.span is None else f"{origin.what}:{origin.span.line}:{origin.span.column}"
    return ConfigError(f"{place}: {what}", hint=hint or "`stockade config show` names every setting")


# --------------------------------------------------------------------------------------------------------- environment


def variable_of(name: str) -> str:
    """The variable of the environment that a setting has."""
    return f"STOCKADE_{name.upper().replace('-', '_')}"


def _of_environment(environment: Mapping[str, str]) -> _Layer:
    hints = get_type_hints(Settings)
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for field in fields(Settings):
        name = field.encode_name
        given = environment.get(variable_of(name), "")
        if not given or name in NOT_IN_ENVIRONMENT:
            continue
        origin = Origin(f"environment variable {variable_of(name)}")
        several = isinstance(field.default, tuple)
        words = [word.strip() for word in given.split(",") if word.strip()]
        try:
            values[name] = msgspec.convert(words if several else given, hints[field.name], strict=False)
        except msgspec.ValidationError as error:
            raise wrong(origin, str(error).partition(" - at")[0].lower()) from None
        origins[name] = origin
    return _Layer(values, origins)
