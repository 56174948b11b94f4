"""What the AWS CDK says about the templates that it writes: the cloud assembly that `cdk synth` leaves in `cdk.out`.

An assembly is a folder with a manifest. It names stacks with their template and environment, manifests of assets (code that
is uploaded when a stack is deployed), and further assemblies, one for each stage. What is read here is what is written there;
templates are read as any others.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import Struct

from stockade.patterns import regex

MANIFEST = "manifest.json"
MARK = "cdk.out"
"""The name of the folder that `cdk synth` makes, and of a file in every assembly, which holds the version alone."""
MAX_MANIFEST = 64 * 1024 * 1024
"""The size in bytes from which a manifest is not read."""
_STACK = "aws:cloudformation:stack"
_NESTED = "cdk:cloud-assembly"
_ASSETS = "cdk:asset-manifest"
_FRAME = regex(r"\(?((?:[A-Za-z]:)?[/\\][^()]*?):(\d+)(?::\d+)?\)?$")
_MOST_STAGES = 500
_BESIDE = (".assets.json", ".metadata.json")
_ALONE = frozenset({MANIFEST, MARK, "tree.json", "validation-report.json", "integ.json"})


class Stack(Struct, frozen=True, eq=False, kw_only=True):
    """One stack of an assembly, which a template is deployed as.

    Attributes:
        app: the folder of the outermost assembly; all stacks of one program share it.
        path: the path of the stack's construct, such as `Prod/Orders`; `stage` is the part before the stack's own.
        name: what CloudFormation calls it.
        account, region: the environment that it is made for; empty where the program leaves it open.
        assets: where code is, relative to the scanned root, by the key of its object or the tag of its image.
        handlers: the paths of constructs that the library says are its own.
        places: the line of the user's program that made a construct, by its path, where the CDK has kept it.
        constructs: the paths of constructs by template and logical id, since not every template says them.
    """

    app: str
    path: str
    stage: str
    name: str
    account: str
    region: str
    template: str
    assets: dict[str, str]
    handlers: tuple[str, ...] = ()
    places: dict[str, str]
    constructs: dict[str, dict[str, str]]


class Assembly(Struct, frozen=True, eq=False, kw_only=True):
    """One assembly with all that are nested in it.

    `templates`: by path, which stack a template is deployed as or by. `known`: every other file and folder that is
    spoken for. `stale`: templates that no manifest names. `missing`: templates that are named and not there.
    """

    templates: dict[str, Stack]
    known: frozenset[str]
    stale: tuple[str, ...]
    missing: tuple[str, ...]
    lookups: int  # values of the account that were not known to the program, which used stand-ins
    unread: tuple[str, ...]  # manifests that can't be read


def read_assembly(folder: str, shown: str, names: set[str]) -> Assembly | None:
    """The assembly in a folder whose files have these names; None if there is none, or it is a part of another's."""
    if MANIFEST not in names or not (MARK in names or _named(folder)):
        return None
    reader = _Reader(folder, shown)
    if not reader.read("", ""):
        return None
    return reader.assembly()


def _named(folder: str) -> bool:
    name = os.path.basename(os.path.abspath(folder))
    return name == MARK or name.endswith(".snapshot")


class _Reader:
    def __init__(self, folder: str, shown: str) -> None:
        self.folder = folder
        self.shown = shown
        self.templates: dict[str, Stack] = {}
        self.known: set[str] = set()
        self.stale: list[str] = []
        self.missing: list[str] = []
        self.unread: list[str] = []
        self.lookups = 0
        self._seen: set[str] = set()

    def assembly(self) -> Assembly:
        return Assembly(
            templates=self.templates,
            known=frozenset(self.known),
            stale=tuple(self.stale),
            missing=tuple(self.missing),
            lookups=self.lookups,
            unread=tuple(self.unread),
        )

    def read(self, within: str, stage: str) -> bool:
        """Read the assembly in a folder of the outermost one; whether it is one."""
        if within in self._seen or len(self._seen) > _MOST_STAGES:
            return False
        self._seen.add(within)
        manifest = self._json(posixpath.join(within, MANIFEST))
        artifacts = _mapping(_mapping(manifest).get("artifacts"))
        kinds = {_mapping(artifact).get("type") for artifact in artifacts.values()}
        if not isinstance(_mapping(manifest).get("version"), str) or not kinds & {_STACK, _NESTED, _ASSETS}:
            return False
        absent = _mapping(manifest).get("missing")
        self.lookups += len(absent) if isinstance(absent, list) else 0
        assets: dict[str, str] = {}
        nested: list[str] = []
        for artifact in _of_type(artifacts, _ASSETS):
            self._read_assets(posixpath.join(within, _text(artifact, "properties", "file")), assets, nested)
        stacks = [self._stack(artifact, within, stage, assets, nested) for artifact in _of_type(artifacts, _STACK)]
        for artifact in _of_type(artifacts, _NESTED):
            inner = posixpath.normpath(posixpath.join(within, _text(artifact, "properties", "directoryName")))
            if _inside(inner):
                self.known.add(self._path(inner))
                self.read(inner, _text(artifact, "properties", "displayName") or posixpath.basename(inner))
        self._nested(nested, [stack for stack in stacks if stack is not None])
        self._others(within)
        return True

    def _stack(
        self, artifact: dict[str, Any], within: str, stage: str, assets: dict[str, str], nested: list[str]
    ) -> Stack | None:
        file = posixpath.normpath(posixpath.join(within, _text(artifact, "properties", "templateFile")))
        if not _inside(file):
            return None
        account, _, region = _text(artifact, "environment").removeprefix("aws://").partition("/")
        path = _text(artifact, "displayName").partition(" (")[0] or posixpath.basename(file).partition(".")[0]
        metadata = _mapping(artifact.get("metadata"))
        beside = _text(artifact, "additionalMetadataFile")
        if beside:
            metadata = metadata | _mapping(self._json(posixpath.join(within, beside)))
        handlers: list[str] = []
        for construct, entries in metadata.items():
            for entry in entries if isinstance(entries, list) else ():
                kind, data = _mapping(entry).get("type"), _mapping(entry).get("data")
                if kind == "aws:cdk:asset":
                    self._old_asset(_mapping(data), within, assets, nested)
                elif isinstance(kind, str) and kind.startswith("aws:cdk:is-custom-resource-handler-"):
                    handlers.append(construct.removeprefix("/"))
        stack = Stack(
            app=self.shown,
            path=path,
            stage=stage,
            name=_text(artifact, "properties", "stackName") or path.replace("/", "-"),
            account=account if account.isdigit() else "",
            region="" if region == "unknown-region" else region,
            template=self._path(file),
            assets=assets,
            handlers=tuple(dict.fromkeys(handlers)),
            places=self._places(metadata),
            constructs=self._constructs(metadata, within, file),
        )
        self._take(file, stack)
        return stack

    def _constructs(self, metadata: dict[str, Any], within: str, file: str) -> dict[str, dict[str, str]]:
        """The paths of constructs, by the template of the stack (nested ones have logical ids of their own)."""
        inner: dict[str, str] = {}
        for construct, data in _entries(metadata, "aws:cdk:templateFile"):
            inner[f"{construct}/"] = self._path(posixpath.join(within, data))
        inner = dict(sorted(inner.items(), key=lambda item: -len(item[0])))
        found: dict[str, dict[str, str]] = {}
        for construct, data in _entries(metadata, "aws:cdk:logicalId"):
            template = next((t for path, t in inner.items() if construct.startswith(path)), self._path(file))
            known = found.setdefault(template, {})
            # Where it is not said which construct is a stack, one id may stand for several.
            known[data] = "" if data in known else construct.removeprefix("/")
        return found

    def _places(self, metadata: dict[str, Any]) -> dict[str, str]:
        """Where constructs are made, from the traces of the program: the innermost line that is not a package's."""
        project = os.path.dirname(os.path.realpath(self.folder)) + os.sep
        found: dict[str, str] = {}
        for construct, entries in metadata.items():
            for entry in map(_mapping, entries if isinstance(entries, list) else ()):
                frames = entry.get("data") if entry.get("type") == "aws:cdk:creationStack" else entry.get("trace")
                for frame in frames if isinstance(frames, list) else ():
                    line = _FRAME.search(frame) if isinstance(frame, str) and "node_modules" not in frame else None
                    if line is not None and line[1].startswith(project):
                        path = line[1].removeprefix(project).replace(os.sep, "/")
                        place = posixpath.normpath(posixpath.join(self.shown, "..", path))
                        found.setdefault(construct.removeprefix("/"), f"{place}:{line[2]}")
                        break
        return found

    def _take(self, file: str, stack: Stack) -> None:
        path = self._path(file)
        if os.path.isfile(os.path.join(self.folder, file)):
            self.templates.setdefault(path, stack)
        else:
            self.missing.append(path)

    def _nested(self, files: list[str], stacks: list[Stack]) -> None:
        """Templates of nested stacks are assets; which stack deploys one is said by its file's name, if by anything."""
        for file in dict.fromkeys(files):
            if self._path(file) in self.templates:
                continue
            name = posixpath.basename(file)
            own = [s for s in stacks if name.startswith(posixpath.basename(s.template).removesuffix(".template.json"))]
            owner = max(own or stacks, key=lambda s: len(s.template), default=None)
            if owner is not None:
                self._take(file, owner)

    def _read_assets(self, file: str, assets: dict[str, str], nested: list[str]) -> None:
        manifest = _mapping(self._json(file))
        within = posixpath.dirname(file)
        for entry in _mapping(manifest.get("files")).values():
            path = posixpath.normpath(posixpath.join(within, _text(_mapping(entry), "source", "path")))
            if path.endswith(".template.json") and _inside(path):
                nested.append(path)
            for place in _mapping(_mapping(entry).get("destinations")).values():
                key = _text(_mapping(place), "objectKey")
                if key and _text(_mapping(entry), "source", "path"):
                    assets[key] = self._path(path)
        for entry in _mapping(manifest.get("dockerImages")).values():
            folder = _text(_mapping(entry), "source", "directory")
            for place in _mapping(_mapping(entry).get("destinations")).values():
                tag = _text(_mapping(place), "imageTag")
                if tag and folder:
                    assets[tag] = self._path(posixpath.normpath(posixpath.join(within, folder)))

    def _old_asset(self, entry: dict[str, Any], within: str, assets: dict[str, str], nested: list[str]) -> None:
        """An asset as stacks of version 1 of the CDK name it: by the parameters that say where it has been uploaded."""
        path = posixpath.normpath(posixpath.join(within, _text(entry, "path")))
        if path.endswith(".template.json") and _inside(path):
            nested.append(path)
        elif _text(entry, "path"):
            for name in ("s3KeyParameter", "imageTag", "imageNameParameter"):
                if _text(entry, name):
                    assets[_text(entry, name)] = self._path(path)

    def _others(self, within: str) -> None:
        """Note which files of a folder are spoken for, and which templates are not."""
        try:
            with os.scandir(os.path.join(self.folder, within)) as found:
                entries = sorted(found, key=lambda e: e.name)
        except OSError:
            return
        for entry in entries:
            path = self._path(posixpath.join(within, entry.name))
            if entry.name in _ALONE or entry.name.endswith(_BESIDE) or entry.name.startswith("asset."):
                self.known.add(path)
            elif path in self.templates or path in self.known:
                continue
            elif entry.name.endswith(".template.json") or (
                entry.name.startswith("assembly-") and os.path.isfile(os.path.join(entry.path, MANIFEST))
            ):
                self.stale.append(path)

    def _path(self, file: str) -> str:
        """A path of the assembly from the scanned root."""
        return posixpath.normpath(posixpath.join(self.shown, file))

    def _json(self, file: str) -> Any:  # noqa: ANN401 - whatever a file holds
        if not _inside(posixpath.normpath(file)):
            return None
        path = os.path.join(self.folder, file)
        data = b""
        try:
            if os.path.realpath(path).startswith(os.path.realpath(self.folder) + os.sep):
                with open(path, "rb") as stream:
                    data = stream.read(MAX_MANIFEST + 1)
        except (OSError, ValueError):  # a name may be none that a file can have
            pass
        try:
            return msgspec.json.decode(data if len(data) <= MAX_MANIFEST else b"")
        except (msgspec.DecodeError, RecursionError):
            self.unread.append(self._path(file))
            return None


def _inside(path: str) -> bool:
    """Whether a path, relative to the outermost assembly, stays in it."""
    return path != ".." and not path.startswith(("../", "/"))


def _of_type(artifacts: dict[str, Any], kind: str) -> Iterator[dict[str, Any]]:
    return (found for found in map(_mapping, artifacts.values()) if found.get("type") == kind)


def _entries(metadata: dict[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    """The constructs that have an entry of a kind that is a text, with the text."""
    for construct, entries in metadata.items():
        for entry in map(_mapping, entries if isinstance(entries, list) else ()):
            if entry.get("type") == kind and isinstance(entry.get("data"), str):
                yield construct, entry["data"]


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: dict[str, Any], *path: str) -> str:
    found: object = value
    for step in path:
        found = _mapping(found).get(step)
    return found if isinstance(found, str) else ""
