"""One module's folder, read: its blocks by what they declare, override files merged.

https://developer.hashicorp.com/terraform/language/files and …/files/override, as of 2026-11-28.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from msgspec import Struct

from stockade.inputs.terraform.disk import Disk
from stockade.model.app import Gap
from stockade.text.document import Problem, Span
from stockade.text.hcl.nodes import Attr, Attribute, Block, Body, Expr, HclFile

SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")


def is_configuration(name: str) -> bool:
    """Whether a file of this name is a part of a module."""
    return name.endswith(SUFFIXES) and not name.startswith((".", "~", "#"))


def is_override(name: str) -> bool:
    """Whether a file of this name changes what the others say."""
    stem = name
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.endswith(suffix):
            stem = name.removesuffix(suffix)
            break
    return stem == "override" or stem.endswith("_override")


class Module(Struct, frozen=True, eq=False):
    """A module as it is written. `folder` is relative to the scanned root ("" is the root itself)."""

    folder: str
    files: tuple[HclFile, ...]
    variables: dict[str, Block]
    locals: dict[str, Attribute]
    outputs: dict[str, Block]
    resources: dict[tuple[str, str], Block]
    data: dict[tuple[str, str], Block]
    calls: dict[str, Block]
    providers: tuple[Block, ...]
    settings: tuple[Block, ...]  # the `terraform` blocks
    gaps: tuple[Gap, ...]

    @property
    def paths(self) -> frozenset[str]:
        """The paths of its files."""
        return frozenset(f.document.path for f in self.files)


def read_module(disk: Disk, folder: str, names: Iterable[str] | None = None) -> Module:
    """The module in a folder (or of these files of it)."""
    own = [n for n in (disk.names(folder) if names is None else names) if is_configuration(n)]
    own = _preferred(own)
    ordered = [n for n in own if not is_override(n)] + [n for n in own if is_override(n)]
    files: list[HclFile] = []
    gaps: list[Gap] = []
    for name in ordered:
        path = posixpath.join(folder, name) if folder else name
        file = read_file(disk, path)
        if isinstance(file, Problem):
            gaps.append(problem_gap(file, hides=True))
            continue
        files.append(file)
        gaps += [problem_gap(p, hides=p.kind in {"syntax", "limit"}) for p in file.problems]
    reader = _Reader()
    for file in files:
        reader.take(file, override=is_override(posixpath.basename(file.document.path)))
    return Module(
        folder=folder,
        files=tuple(files),
        variables=reader.variables,
        locals=reader.locals,
        outputs=reader.outputs,
        resources=reader.resources,
        data=reader.data,
        calls=reader.calls,
        providers=tuple(reader.providers),
        settings=tuple(reader.settings),
        gaps=(*gaps, *reader.gaps),
    )


def read_file(disk: Disk, path: str) -> HclFile | Problem:
    """One file of configuration or of values, in either syntax."""
    if path.endswith(".json"):
        from stockade.text.hcl.json import read_hcl_json

        return disk.parsed(path, "json", read_hcl_json)
    from stockade.text.hcl.read import read_hcl

    return disk.parsed(path, "hcl", read_hcl)


def _preferred(names: list[str]) -> list[str]:
    """OpenTofu reads `main.tofu` instead of a `main.tf` beside it."""
    tofu = {n for n in names if n.endswith((".tofu", ".tofu.json"))}
    return [n for n in names if n in tofu or n.replace(".tf", ".tofu") not in tofu]


def problem_gap(problem: Problem, *, hides: bool) -> Gap:
    """What keeps a file, or a part of it, from being read, as a gap."""
    return Gap(
        what=problem.path,
        why=problem.message,
        remedy=problem.remedy,
        kind=problem.kind,
        path=problem.path,
        span=problem.span,
        hides=hides,
    )


class _Reader:
    def __init__(self) -> None:
        self.variables: dict[str, Block] = {}
        self.locals: dict[str, Attribute] = {}
        self.outputs: dict[str, Block] = {}
        self.resources: dict[tuple[str, str], Block] = {}
        self.data: dict[tuple[str, str], Block] = {}
        self.calls: dict[str, Block] = {}
        self.providers: list[Block] = []
        self.settings: list[Block] = []
        self.gaps: list[Gap] = []

    def take(self, file: HclFile, *, override: bool) -> None:
        pairs: dict[str, dict[tuple[str, str], Block]] = {"resource": self.resources, "data": self.data}
        single: dict[str, dict[str, Block]] = {
            "module": self.calls,
            "variable": self.variables,
            "output": self.outputs,
        }
        for stated in file.body.attributes.values():
            self.gaps.append(
                Gap(
                    what=f"`{stated.name}`",
                    why="an argument has no place outside of the blocks",
                    remedy="write it into a block, or as one",
                    kind="wrong-shape",
                    path=file.document.path,
                    span=stated.name_span,
                    hides=stated.name in pairs or stated.name in single,
                )
            )
        for block in file.body.blocks:
            labels = block.labels
            if block.type in pairs and len(labels) == 2:
                self._put(pairs[block.type], (labels[0], labels[1]), block, override=override)
            elif block.type in single and len(labels) == 1:
                self._put(single[block.type], labels[0], block, override=override)
            elif block.type == "locals":
                self._locals(block, override=override)
            elif block.type == "provider":
                self.providers.append(block)
            elif block.type == "terraform":
                self.settings.append(block)
            elif block.type in pairs or block.type in single:
                self.gaps.append(
                    Gap(
                        what=f"a `{block.type}` block",
                        why="it has not the labels that it needs",
                        remedy="give it its type and its name" if block.type in pairs else "give it its name",
                        kind="wrong-shape",
                        path=file.document.path,
                        span=block.header,
                        hides=True,
                    )
                )
            elif block.type == "check":
                for data in block.body.of("data"):
                    if len(data.labels) == 2:
                        self.data.setdefault((data.labels[0], data.labels[1]), data)

    def _locals(self, block: Block, *, override: bool) -> None:
        for name, stated in block.body.attributes.items():
            if name in self.locals and not override:
                self._twice(stated.name_span, f"local.{name}")
            else:
                self.locals[name] = stated

    def _put(self, into: dict, key: object, block: Block, *, override: bool) -> None:  # type: ignore[type-arg]
        have = into.get(key)
        if have is None:
            into[key] = block
        elif override:
            into[key] = overridden(have, block)
        else:
            shown = ".".join(key) if isinstance(key, tuple) else str(key)
            self._twice(block.header, f"`{shown}`")

    def _twice(self, span: Span, what: str) -> None:
        self.gaps.append(
            Gap(
                what=what,
                why="it is declared twice, and Terraform refuses that",
                remedy="remove one of the two",
                kind="duplicate",
                path=span.doc.path,
                span=span,
                hides=True,
            )
        )


def overridden(block: Block, by: Block) -> Block:
    """A block after an override file: its attributes are replaced one by one, nested blocks all of a type."""
    attributes = block.body.attributes | by.body.attributes
    types = {b.type for b in by.body.blocks} | {b.labels[0] for b in by.body.blocks if b.type == "dynamic" and b.labels}
    kept = [
        b
        for b in block.body.blocks
        if b.type not in types and not (b.type == "dynamic" and b.labels and b.labels[0] in types)
    ]
    body = Body(block.body.span, attributes, (*kept, *by.body.blocks))
    return Block(block.span, block.type, block.labels, block.header, body)


def attribute(block: Block, name: str) -> Expr | None:
    """The expression of an attribute, or None."""
    found = block.body.attributes.get(name)
    return found.expr if found is not None else None


def alias_of(written: Block) -> str:
    """The alias of the provider that a resource or data source names; empty for the default one."""
    provider = attribute(written, "provider")
    return provider.name if type(provider) is Attr else ""


def provider_of(written: Block) -> str:
    """As `alias_of`, with a word of its own for one that is chosen by a key (`aws.by_region["eu-west-1"]`), or is no `aws`."""
    provider = attribute(written, "provider")
    if provider is None:
        return ""
    text = provider.span.text.strip('"')
    return text.partition(".")[2] if text == "aws" or text.startswith("aws.") else text
