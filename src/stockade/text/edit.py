"""Edits: what to replace in a file's text, so that everything else stays as it is.

Each function here answers with one `Edit`; `apply_edits` applies several at once. An edit is computed for the
document as it was read: after applying, read again before computing further ones. A change that cannot be made is an
`EditError`.
"""

from __future__ import annotations

from msgspec.structs import replace

from stockade.errors import EditError
from stockade.patterns import regex
from stockade.text import _block, _flow
from stockade.text._columns import Place
from stockade.text._flow import Change
from stockade.text._render import Manner, Plain, Tagged, json_scalar, manner_of, render_flow, yaml_key, yaml_scalar
from stockade.text.document import Document, Span
from stockade.text.edits import Edit
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence

__all__ = [
    "EditError",
    "Plain",
    "Tagged",
    "insert_entry",
    "insert_item",
    "remove_entry",
    "remove_item",
    "replace_node",
    "set_scalar",
]


_LONELY_KEY = regex(r"[{,]\s*[\w-]+$")


def set_scalar(node: Node, value: Plain) -> Edit:
    """Write another value in the place of a node: `replace_node`, in the node's own document.

    The quotes stay as they are where the new value can have them; a text that YAML would take for something else is
    quoted; a comment behind the value and an anchor before it stay.
    """
    return replace_node(node.span.doc, node, value)


def replace_node(doc: Document, node: Node, value: Plain) -> Edit:
    """Write any value in the place of any node, in the style of its surroundings.

    Raises:
        EditError: the node is not one of this document as it was read, or the value can't be written there.
    """
    _check(doc, node)
    if doc.syntax == "json":
        return _edit(doc, Change(node.span.start, node.span.end, _flow_text(doc, node, value, manner_of(doc))))
    place = _place_of(node)
    if not place.flow:
        return _edit(doc, _block.replace(doc, node, value, place))
    start, text = node.span.start, doc.text
    written = _block.anchor_of(node) + _flow_text(doc, node, value, _flow_manner(doc, node))
    if place.parent == "mapping" and place.lead is None:  # `{a}`: a key alone
        if _LONELY_KEY.search(text, max(0, place.after - 200), place.after) is None:
            raise EditError(
                f"the key at line {node.span.line} of {doc.path} has no colon", hint="write a colon behind it first"
            )
        return _edit(doc, Change(place.after, place.after, f": {written}"))
    if start > 0 and text[start - 1] in ":,":
        written = f" {written}"
    return _edit(doc, Change(start, node.span.end, written))


def insert_entry(doc: Document, mapping: Mapping, key: str, value: Plain, *, after: str | None = None) -> Edit:
    """Write a new entry into a mapping, behind the entry `after` or else at the end.

    Raises:
        EditError: the key is there already, `after` is not, or the entry can't be written there.
    """
    _check(doc, mapping)
    written = mapping.written()
    # The index first: a template has thousands of resources, and each may get another one beside it.
    if (mapping.merges or mapping.entry(key) is not None) and any(entry.key.raw == key for entry in written):
        raise EditError(
            f"{key} is there already, at line {mapping.span.line} of {doc.path}", hint="replace its value instead"
        )
    index = len(written) - 1
    if after is not None:
        index = _index_of(doc, mapping, written, after)
    if not mapping.flow:
        return _edit(doc, _block.insert_entry(doc, mapping, index, key, value))
    if not written and _opens_a_block(doc, mapping):
        filled: Plain = {key: value}
        return replace_node(doc, mapping, filled if mapping.tag is None else Tagged(mapping.tag, filled))
    manner = _flow_manner(doc, mapping)

    def render(base: str | None) -> str:
        name = json_scalar(key) if manner.json else yaml_key(key, manner, flow=True)
        return name + (":" if manner.compact else ": ") + render_flow(value, manner, base=base if manner.json else None)

    if _is_braceless(doc, mapping):
        return _edit(doc, Change(mapping.span.start, mapping.span.end, f"{{{mapping.span.text}, {render(None)}}}"))
    return _edit(doc, _flow.insert(doc, mapping, _flow.entry_parts(mapping), index, render, manner))


def remove_entry(doc: Document, mapping: Mapping, key: str) -> Edit:
    """Remove an entry, with its line and the comment on it; the last one leaves `{}`.

    Raises:
        EditError: the key is not there, is there twice, or comes from a merge.
    """
    _check(doc, mapping)
    written = mapping.written()
    index = _index_of(doc, mapping, written, key)
    if sum(entry.key.raw == key for entry in written) > 1:
        raise EditError(
            f"{key} is there twice, at line {mapping.span.line} of {doc.path}", hint="remove one of the two by hand"
        )
    if len(written) == 1 and (not mapping.flow or _is_braceless(doc, mapping)):
        empty: Plain = {}
        return replace_node(doc, mapping, empty if mapping.tag is None else Tagged(mapping.tag, empty))
    if mapping.flow:
        return _edit(doc, _flow.remove(doc, mapping, _flow.entry_parts(mapping), index))
    return _edit(doc, _block.remove_entry(doc, mapping, index))


def insert_item(doc: Document, sequence: Sequence, value: Plain) -> Edit:
    """Write a new item at the end of a sequence.

    Raises:
        EditError: the item can't be written there.
    """
    _check(doc, sequence)
    if not sequence.flow:
        return _edit(doc, _block.insert_item(doc, sequence, value))
    if not sequence.items and _opens_a_block(doc, sequence):
        filled: Plain = [value]
        return replace_node(doc, sequence, filled if sequence.tag is None else Tagged(sequence.tag, filled))
    manner = _flow_manner(doc, sequence)

    def render(base: str | None) -> str:
        return render_flow(value, manner, base=base if manner.json else None)

    parts = _flow.item_parts(sequence)
    return _edit(doc, _flow.insert(doc, sequence, parts, len(parts) - 1, render, manner))


def remove_item(doc: Document, sequence: Sequence, index: int) -> Edit:
    """Remove an item, with its lines and the comment behind it; the last one leaves `[]`.

    Raises:
        EditError: there is no such item.
    """
    _check(doc, sequence)
    if not 0 <= index < len(sequence.items):
        raise EditError(
            f"there is no item {index} in the list at line {sequence.span.line} of {doc.path}", hint="count from 0"
        )
    if sequence.flow:
        return _edit(doc, _flow.remove(doc, sequence, _flow.item_parts(sequence), index))
    if len(sequence.items) == 1:
        empty: Plain = []
        return replace_node(doc, sequence, empty if sequence.tag is None else Tagged(sequence.tag, empty))
    return _edit(doc, _block.remove_item(doc, sequence, index))


# ---------------------------------------------------------------------------------------------------------------------


def _edit(doc: Document, change: Change) -> Edit:
    return Edit(Span(doc, change.start, change.end), change.text)


def _check(doc: Document, node: Node) -> None:
    if node.span.doc is not doc:
        raise EditError(
            f"a value of {node.span.doc.path} can't be edited in {doc.path}",
            hint="name the document that it was read from",
        )
    if doc.syntax in ("typescript", "javascript"):
        language = {"typescript": "TypeScript", "javascript": "JavaScript"}[doc.syntax]
        raise EditError(f"{doc.path} is a program in {language}, which is read but not edited", hint="edit it by hand")
    if doc.syntax not in ("yaml", "json"):
        raise EditError(f"{doc.path} is neither YAML nor JSON", hint="edit it by hand")


def _index_of(doc: Document, mapping: Mapping, written: list[Entry], key: str) -> int:
    entry = mapping.entry(key)
    if entry is not None and not entry.merged:
        return written.index(entry)
    for index in range(len(written) - 1, -1, -1):
        if written[index].key.raw == key:
            return index
    where = f"at line {mapping.span.line} of {doc.path}"
    if mapping.entry(key) is not None:
        raise EditError(f"{key} comes from a merge and is not written {where}", hint="edit what is merged")
    raise EditError(f"there is no {key} {where}", hint="check the spelling of the key")


def _place_of(node: Node) -> Place:
    """Where a node of a YAML file stands; JSON is edited without the parser of YAML."""
    from stockade.text._place import find_place

    return find_place(node)


def _opens_a_block(doc: Document, empty: Mapping | Sequence) -> bool:
    """Whether an empty collection (`{}`, `[]`) stands where a block can."""
    return doc.syntax == "yaml" and "#" not in empty.span.text and not _place_of(empty).flow


def _is_braceless(doc: Document, mapping: Mapping) -> bool:
    """Whether a mapping is a single pair in a flow sequence: `[a: 1]`."""
    return mapping.flow and doc.text[mapping.span.end - 1 : mapping.span.end] != "}"


def _flow_manner(doc: Document, node: Node) -> Manner:
    """The manner of a flow collection: where its texts are all in double quotes, so are new ones."""
    manner = manner_of(doc)
    if manner.json:
        return manner
    texts: list[Scalar] = []
    if isinstance(node, Mapping):
        texts = [entry.key for entry in node.written()]
    elif isinstance(node, Sequence):
        texts = [item for item in node.items if isinstance(item, Scalar) and isinstance(item.value, str)]
    quoted = bool(texts) and all(text.style == "double" for text in texts)
    return replace(manner, quoted=quoted)


def _flow_text(doc: Document, node: Node, value: Plain, manner: Manner) -> str:
    if not manner.json:
        if isinstance(node, Scalar) and isinstance(value, str) and node.style in ("single", "double"):
            return yaml_scalar(value, manner, flow=True, style=node.style)
        return render_flow(value, manner)
    on_one_line = not isinstance(node, Scalar) and node.span.end - node.span.start > 2 and "\n" not in node.span.text
    if manner.compact or on_one_line or "\n" not in doc.text:
        return render_flow(value, manner)
    return render_flow(value, manner, base=_flow.indentation_at(doc.text, node.span.start))
