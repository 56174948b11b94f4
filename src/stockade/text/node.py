"""One tree for YAML and JSON: scalars, mappings and sequences, each with its span.

Nodes are compared by identity: two equal texts at two places are two things. They can be made by others too (a
language extension that expands a loop), with whatever span says best where they come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import msgspec

from stockade.text.document import Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

ScalarValue: TypeAlias = str | int | float | bool | None

MAX_DEPTH = 200
"""How deep nodes may be nested in what a reader gives, aliases followed; so every walker may recurse."""

UNRESOLVED_ALIAS = "*"
"""The tag of a scalar that stands for an alias without an anchor; no YAML tag is spelled so."""


class Scalar(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A single value.

    Attributes:
        span: the value as written, with its tag, anchor and quotes; an empty span where nothing is written (`Key:`).
        value: the value it has for YAML 1.1 as PyYAML reads it, or for JSON. Dates stay text. A tagged scalar's value
            is its `raw`.
        raw: the text after unquoting, unescaping and folding: what somebody who wants a string gets.
        tag: a tag such as `!Ref`; `!!binary` or `!!python/name:x` for YAML's own and its inert ones; None without
            one. The tags that only say a type (`!!str 5`) are honoured in `value` and not kept.
        style: `plain`, `single`, `double`, `literal`, `folded`, or `json` for everything read from JSON.
    """

    span: Span
    value: ScalarValue
    raw: str
    tag: str | None = None
    style: str = "plain"

    def __repr__(self) -> str:
        tag = f"{self.tag} " if self.tag else ""
        return f"<{tag}{self.value!r} at {self.span.line}:{self.span.column}>"


class Entry(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A key and its value in a mapping.

    Attributes:
        key: the key; its `raw` is the name, whatever YAML would make of it (`on`, `2012-10-17`).
        value: the value; for an alias the very node that the anchor names.
        merged: whether it came through a merge (`<<`), so that it is written elsewhere.
        alias: where the alias is, when the value is written as one.
    """

    key: Scalar
    value: Node
    merged: bool = False
    alias: Span | None = None

    @property
    def value_span(self) -> Span:
        """Where the value is written in this entry: the alias, if it is one."""
        return self.alias if self.alias is not None else self.value.span

    @property
    def span(self) -> Span:
        """From the key's start to the value's end."""
        end = self.value_span
        if end.doc is not self.key.span.doc or end.end < self.key.span.end:
            return self.key.span
        return Span(self.key.span.doc, self.key.span.start, end.end)

    def __repr__(self) -> str:
        return f"<{self.key.raw!r}: {self.value!r}>"


class Mapping(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Keys with values, in the order in which they are written.

    Attributes:
        span: from the first key (or tag, anchor or brace) to the end of the last value (or brace).
        entries: what counts: of a key that is written twice the last one, and what was merged and not overridden,
            first.
        tag: a tag such as `!If`, or None.
        flow: whether it is written with braces; always so in JSON.
        shadowed: entries that a later one with the same key makes void.
        merges: the `<<` entries as written.
    """

    span: Span
    entries: tuple[Entry, ...]
    tag: str | None = None
    flow: bool = False
    shadowed: tuple[Entry, ...] = ()
    merges: tuple[Entry, ...] = ()
    _index: dict[str, Entry] | None = None

    def get(self, key: str) -> Node | None:
        """The value of a key, or None; of a key that is there twice the last value, as AWS has it."""
        entry = self.entry(key)
        return None if entry is None else entry.value

    def entry(self, key: str) -> Entry | None:
        """The entry of a key, or None; of a key that is there twice the last one."""
        index = self._index
        if index is None:
            index = {entry.key.raw: entry for entry in self.entries}
            msgspec.structs.force_setattr(self, "_index", index)
        return index.get(key)

    def keys(self) -> tuple[str, ...]:
        """The names of the keys, each once."""
        return tuple(dict.fromkeys(entry.key.raw for entry in self.entries))

    def written(self) -> list[Entry]:
        """Every entry in this mapping's own text, in order: the `<<` and shadowed ones too, what was merged in not."""
        if not self.shadowed and not self.merges:
            return list(self.entries)
        own = [entry for entry in self.entries if not entry.merged]
        own += self.shadowed
        own += self.merges
        own.sort(key=lambda entry: entry.key.span.start)
        return own

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self.entry(key) is not None

    def __repr__(self) -> str:
        tag = f"{self.tag} " if self.tag else ""
        return f"<{tag}mapping of {len(self.entries)} at {self.span.line}:{self.span.column}>"


class Sequence(msgspec.Struct, frozen=True, eq=False, gc=False):
    """Values in order.

    Attributes:
        span: from the first dash (or tag, anchor or bracket) to the end of the last item (or bracket).
        items: the values; an alias is the very node that its anchor names.
        tag: a tag such as `!Join`, or None.
        flow: whether it is written with brackets; always so in JSON.
        aliases: for each item that is written as an alias, its index and where the alias is.
    """

    span: Span
    items: tuple[Node, ...]
    tag: str | None = None
    flow: bool = False
    aliases: tuple[tuple[int, Span], ...] = ()

    def item_span(self, index: int) -> Span:
        """Where an item is written in this sequence: the alias, if it is one."""
        for place, span in self.aliases:
            if place == index:
                return span
        return self.items[index].span

    def __repr__(self) -> str:
        tag = f"{self.tag} " if self.tag else ""
        return f"<{tag}sequence of {len(self.items)} at {self.span.line}:{self.span.column}>"


Node: TypeAlias = Scalar | Mapping | Sequence


class Parsed(msgspec.Struct, frozen=True):
    """What a file's text says.

    Attributes:
        roots: one node for each document in the file (YAML may hold several); empty if nothing could be read.
        problems: what is wrong, in the order of the text.
    """

    roots: tuple[Node, ...]
    problems: tuple[Problem, ...]

    @property
    def root(self) -> Node | None:
        """The first document's node, or None."""
        return self.roots[0] if self.roots else None


def walk(root: Node) -> Iterator[Node]:
    """Every node under and with `root`, without keys, each once however many aliases lead to it, in order."""
    stack: list[Node] = [root]
    seen: set[int] = set()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Mapping):
            stack.extend(entry.value for entry in reversed(node.entries))
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.items))


def to_python(node: Node) -> object:
    """The plain Python value of a tree: dict, list and scalars; tags are ignored, scalars give their `value`.

    Shared nodes become shared objects, so that a tree of aliases does not grow.
    """
    done: dict[int, object] = {}
    stack: list[tuple[Node, bool]] = [(node, False)]
    while stack:
        current, ready = stack.pop()
        if id(current) in done:
            continue
        if isinstance(current, Scalar):
            done[id(current)] = current.value
        elif not ready:
            stack.append((current, True))
            children = (
                current.items if isinstance(current, Sequence) else tuple(entry.value for entry in current.entries)
            )
            stack.extend((child, False) for child in children)
        elif isinstance(current, Sequence):
            done[id(current)] = [done[id(item)] for item in current.items]
        else:
            done[id(current)] = {entry.key.raw: done[id(entry.value)] for entry in current.entries}
    return done[id(node)]
