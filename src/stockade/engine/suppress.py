"""Inline suppressions: comments in YAML, HCL, TypeScript and JavaScript, `Metadata` in JSON (and in YAML, for those who like it).

    # stockade: ignore[public-function-url] until=2027-03-01 reason="the handler verifies the sender's signature"

A comment covers what begins on the line that it ends or, on a line of its own, what begins on the next line: a property,
an attribute, a block, the call of a module. Directly below the line that opens a block it covers the block. In `Metadata`
of a resource:
`{"Stockade": {"Ignore": [{"rules": ["SK101"], "reason": "…", "until": "2027-03-01"}]}}` covers the resource.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from stockade.engine.findings import Finding
from stockade.model.app import App, Source
from stockade.model.suppression import Audit, Suppression
from stockade.model.value import File
from stockade.patterns import regex
from stockade.rules._base import Rule
from stockade.text.comments import Comment, comments
from stockade.text.document import Document, Span
from stockade.text.hcl import nodes as hcl
from stockade.text.node import Mapping, Node, Scalar, Sequence

_DIRECTIVE = regex(r"stockade:\s*ignore\[([^\]]*)\](.*)", re.IGNORECASE)
_OPTION = regex(r"""(until|reason|owner)=(?:"([^"]*)"|'([^']*)'|(\S+))""")


def parse_directive(comment: Comment | hcl.Comment, covers: Span) -> Suppression | None:
    """The suppression that a comment states."""
    found = _DIRECTIVE.search(comment.text)
    if found is None:
        return None
    options = {m.group(1): next(g for g in m.groups()[1:] if g is not None) for m in _OPTION.finditer(found.group(2))}
    return Suppression(
        source="inline",
        rules=tuple(word.strip() for word in found.group(1).split(",") if word.strip()),
        reason=options.get("reason", ""),
        until=options.get("until"),
        owner=options.get("owner", ""),
        span=comment.span,
        covers=covers,
    )


def apply_suppressions(
    app: App,
    findings: list[Finding],
    rules: Iterable[Rule],
    today: datetime.date,
    foreign: Callable[[Source], list[Suppression]] | None = None,
) -> tuple[list[Finding], tuple[Audit, ...]]:
    """The findings, those that somebody suppressed marked as such; and what became of each suppression.

    `rules` are all that exist, so that a word that names none of them can be told. `foreign` gives what a file says to other
    tools, which nobody has to look after for us.
    """
    stated = {id(source.document): suppressions_of(source) for source in app.sources}
    if foreign is not None:
        for source in app.sources:
            stated[id(source.document)] += foreign(source)
    used: set[int] = set()
    result: list[Finding] = []
    for finding in findings:
        span = finding.span
        chosen = None
        places = [span] if span is not None else []
        if isinstance(finding.subject.origin, File):
            # What a module makes falls under what is said at the call of the module.
            places += [via.span for via in finding.subject.origin.via if via.span is not None]
        if isinstance(finding.origin, File):
            # What a call hands to a module falls under what is said at the module's own line, too.
            places += [via.span for via in finding.origin.via if via.span is not None]
        for suppression in (s for place in places for s in stated.get(id(place.doc), ())):
            if _covers(suppression, finding, places):
                used.add(id(suppression))
                if not suppression.is_expired(today):
                    chosen = chosen or suppression
        result.append(finding if chosen is None else replace(finding, suppressed=chosen))
    names = {word for rule in rules for word in (rule.code.lower(), rule.name)}
    return result, tuple(
        Audit(s, id(s) in used, tuple(word for word in s.rules if word.lower() not in names))
        for group in stated.values()
        for s in group
        if not s.is_foreign
    )


def _covers(suppression: Suppression, finding: Finding, places: list[Span]) -> bool:
    names = {finding.rule.code.lower(), finding.rule.name}
    if not any(word.lower() in names for word in suppression.rules):
        return False
    if suppression.within and not any(text in finding.message for text in suppression.within):
        return False
    return any(suppression.covers.covers(place) for place in places)


def suppressions_of(source: Source) -> list[Suppression]:
    """Every suppression that a source states, in its order."""
    script = source.document.syntax in {"typescript", "javascript"}
    if (source.hcl is None and not source.roots and not script) or "stockade" not in source.document.text.lower():
        return []  # of a plan, which holds no comments, not even the text is looked at
    if script:
        return _in_script(source.document)
    found: list[Suppression] = []
    if source.hcl is not None:
        covered = _hcl_blocks(source.hcl)
        for said in source.hcl.comments:
            if _DIRECTIVE.search(said.text) is not None:
                stated = parse_directive(said, _covered(said, covered, "{", ("#", "//")))
                if stated is not None:
                    found.append(stated)
        return found
    for root in source.roots:
        blocks = _blocks(root)
        for comment in comments(source.document, root):
            if _DIRECTIVE.search(comment.text) is None:
                continue
            suppression = parse_directive(comment, _covered(comment, blocks))
            if suppression is not None:
                found.append(suppression)
        found += _metadata(root)
    return found


def comments_of(source: Source) -> tuple[Comment | hcl.Comment, ...]:
    """The comments of a source."""
    if source.hcl is not None:
        return tuple(source.hcl.comments)
    return tuple(comment for root in source.roots for comment in comments(source.document, root))


def about_line(source: Source, comment: Comment | hcl.Comment) -> Span:
    """What a comment covers that is about what begins on its line or below it."""
    if source.hcl is not None:
        return _covered(comment, _hcl_blocks(source.hcl), "{", ("#", "//"))
    return _covered(comment, {line: span for root in source.roots for line, span in _blocks(root).items()})


def about_block(source: Source, comment: Comment | hcl.Comment) -> Span:
    """What a comment covers that is about the resource or function in which it stands; itself, where it stands in none."""
    holding = [span for span in _outer_blocks(source) if span.start <= comment.span.start <= _last(span)]
    return min(holding, key=_size) if holding else comment.span


def _last(span: Span) -> int:
    """Where the last line of a span ends: a comment behind it still belongs to it."""
    return span.doc.line_start(span.end_line + 1)


def _outer_blocks(source: Source) -> Iterator[Span]:
    """The blocks of Terraform, the resources of a template, the functions and resources of a service."""
    if source.hcl is not None:
        yield from (block.span for block in source.hcl.body.blocks)
    for root in source.roots:
        below = root.get("resources") if isinstance(root, Mapping) else None
        for holder, name in ((root, "Resources"), (root, "functions"), (below, "Resources")):
            group = holder.get(name) if isinstance(holder, Mapping) else None
            yield from (entry.span for entry in group.entries) if isinstance(group, Mapping) else ()


def _in_script(document: Document) -> list[Suppression]:
    """What the comments of a program state."""
    from stockade.text.script import read_script

    script = read_script(document)
    covered: dict[int, Span] = {}
    for span in script.parts():
        line = span.line
        if line not in covered or _size(span) > _size(covered[line]):
            covered[line] = span
    found: list[Suppression] = []
    for comment in script.comments():
        stated = parse_directive(comment, _covered(comment, covered, ("{", "[", "("), ("//", "/*", "*")))
        if stated is not None:
            found.append(stated)
    return found


def _blocks(root: Node) -> dict[int, Span]:
    """By line, the largest entry or item that begins on it; and for the first line inside a block, the block itself."""
    found: dict[int, Span] = {}
    todo: list[Node] = [root]
    seen: set[int] = set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            for entry in node.entries:
                line = entry.key.span.line
                if line not in found or _size(entry.span) > _size(found[line]):
                    found[line] = entry.span
                todo.append(entry.value)
        elif isinstance(node, Sequence):
            for item in node.items:
                line = item.span.line
                if line not in found or _size(item.span) > _size(found[line]):
                    found[line] = item.span
                todo.append(item)
    return found


def _size(span: Span) -> int:
    """How many characters a span takes."""
    return span.end - span.start


def _hcl_blocks(file: hcl.HclFile) -> dict[int, Span]:
    """By line, the largest block, attribute, entry or item that begins on it."""
    found: dict[int, Span] = {}

    def note(span: Span) -> None:
        line = span.line
        if line not in found or _size(span) > _size(found[line]):
            found[line] = span

    todo: list[hcl.Body | hcl.Expr] = [file.body]
    while todo:
        node = todo.pop()
        if isinstance(node, hcl.Body):
            for attribute in node.attributes.values():
                note(attribute.span)
                todo.append(attribute.expr)
            for block in node.blocks:
                note(block.span)
                todo.append(block.body)
        elif isinstance(node, hcl.Object):
            for entry in node.entries:
                note(entry.span)
                todo.append(entry.value)
        elif isinstance(node, hcl.Tuple):
            for item in node.items:
                note(item.span)
                todo.append(item)
        elif isinstance(node, hcl.Call):
            todo += node.args
        elif isinstance(node, hcl.Paren):
            todo.append(node.inner)
        elif isinstance(node, hcl.Conditional):
            todo += (node.then, node.otherwise)
    return found


def _covered(
    comment: Comment | hcl.Comment,
    blocks: dict[int, Span],
    opens: str | tuple[str, ...] = ":",
    marks: tuple[str, ...] = ("#",),
) -> Span:
    """What a comment is about: what begins on its line; of a comment on lines of its own, what begins below them.

    Directly below the line that opens a block, a comment is about the whole block.
    """
    line = comment.span.end_line if comment.own_line else comment.span.line
    if not comment.own_line:
        # The end of a line belongs to what begins on it, or to the line itself within a longer text.
        return blocks.get(line, _whole_line(comment.span.doc, line))
    document = comment.span.doc
    above = comment.span.line - 1
    while above > 0 and document.line_text(above).strip().startswith(marks):
        above -= 1
    opener = blocks.get(above)
    if (
        opener is not None
        and document.line_text(above).split(" #")[0].split(" //")[0].rstrip().endswith(opens)
        and opener.end > comment.span.end
    ):
        return opener
    below = line + 1
    while below <= document.line_count and (
        not document.line_text(below).strip() or document.line_text(below).strip().startswith(marks)
    ):
        below += 1
    return blocks.get(below, _whole_line(document, below))


def _whole_line(document: Document, line: int) -> Span:
    start = document.line_start(line)
    return Span(document, start, start + len(document.line_text(line)))


def _metadata(root: Node) -> list[Suppression]:
    """`Metadata: {Stockade: {Ignore: […]}}` of each resource, which is how JSON says it."""
    resources = root.get("Resources") if isinstance(root, Mapping) else None
    found: list[Suppression] = []
    for entry in resources.entries if isinstance(resources, Mapping) else ():
        metadata = entry.value.get("Metadata") if isinstance(entry.value, Mapping) else None
        own = metadata.get("Stockade") if isinstance(metadata, Mapping) else None
        ignored = own.get("Ignore") if isinstance(own, Mapping) else None
        for item in ignored.items if isinstance(ignored, Sequence) else ():
            if not isinstance(item, Mapping):
                continue
            rules = item.get("rules")
            names = rules.items if isinstance(rules, Sequence) else (rules,) if rules is not None else ()
            words = {key: node.raw for key in ("reason", "until", "owner") if isinstance(node := item.get(key), Scalar)}
            found.append(
                Suppression(
                    source="metadata",
                    rules=tuple(n.raw for n in names if isinstance(n, Scalar)),
                    reason=words.get("reason", ""),
                    until=words.get("until"),
                    owner=words.get("owner", ""),
                    span=item.span,
                    covers=entry.span,
                )
            )
    return found
