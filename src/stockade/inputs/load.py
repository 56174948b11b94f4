"""Reads everything below a path into one application."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from pathlib import Path

from stockade.errors import NothingToScan, UsageError
from stockade.inputs import walk
from stockade.inputs.cloudformation import read as cloudformation
from stockade.inputs.cloudformation.evaluate import Given
from stockade.model.app import App, Gap, Resource, Source
from stockade.model.link import link
from stockade.text.document import Document, Problem, read_document
from stockade.text.json import read_json
from stockade.text.node import Mapping
from stockade.text.yaml import read_yaml


def load(
    root: Path,
    parameters: MappingABC[str, str] | None = None,
    *,
    replaced: MappingABC[str, str] | None = None,
) -> App:
    """The application that the files below `root` declare (or that one file declares).

    `replaced` holds texts by path that stand for what the files hold: how a fix is verified before it is written.
    """
    if not root.exists():
        raise UsageError(f"there is no file or folder `{root}`", hint="check the path; it is relative to the current folder")
    found, sources, gaps = _read_all(root, replaced or {})
    given = {name: Given(value, "--parameters") for name, value in (parameters or {}).items()}
    resources: list[Resource] = []
    if found:
        resources, more = cloudformation.read(found, given)
        gaps += more
    elif not gaps:
        raise NothingToScan(
            f"nothing to scan in `{root}`",
            hint="looked for CloudFormation and SAM templates (.yaml, .yml, .json, .template) by their content",
        )
    return link(resources, tuple(sources), tuple(gaps))


def _read_all(
    root: Path, replaced: MappingABC[str, str]
) -> tuple[list[tuple[Document, Mapping]], list[Source], list[Gap]]:
    found: list[tuple[Document, Mapping]] = []
    sources: list[Source] = []
    gaps: list[Gap] = []
    for path, shown in walk.candidates(root):
        document = read_document(path, shown)
        if isinstance(document, Problem):
            gaps.append(_gap(document, hides=False))
            continue
        if shown in replaced:
            document = Document(shown, replaced[shown], syntax=document.syntax, bom=document.bom, encoding=document.encoding)
        parsed = read_json(document) if document.syntax == "json" else read_yaml(document)
        templates = [r for r in parsed.roots if isinstance(r, Mapping) and cloudformation.accepts(r)]
        named = not root.is_dir()
        if templates or named or (parsed.problems and _may_be_template(document)):
            gaps += [_gap(p, hides=p.kind in {"syntax", "limit"}) for p in parsed.problems]
        if templates:
            sources.append(Source(document, parsed.roots))
            found += [(document, t) for t in templates]
    return found, sources, gaps


def _may_be_template(document: Document) -> bool:
    return "AWSTemplateFormatVersion" in document.text or "AWS::" in document.text


def _gap(problem: Problem, *, hides: bool) -> Gap:
    return Gap(
        what=f"{problem.path}",
        why=problem.message,
        remedy=problem.remedy,
        kind=problem.kind,
        path=problem.path,
        span=problem.span,
        hides=hides,
    )


