"""What `terraform plan` says of each managed resource, in few words: the oracle of our own evaluator.

A digest holds, for each instance that the plan would make, its type and the attributes that the configuration states for it.
What only the provider adds is left out, since a configuration can't tell it. What has no plain value in JSON, or is not to
be compared letter by letter, stands in an object with one key:

| key | meaning |
|---|---|
| `$unknown` | known only after apply; `"computed"` where it may also be that nothing was stated and the service decides |
| `$pending` | as yet unknown, but only because a policy document waits for resources: the statements that it has by then |
| `$blocks`, `$block_set` | nested blocks, in their order or in an order of our own |
| `$set` | a set, its members in an order of our own |
| `$json` | a text that is JSON, as what it says; not where the text itself is the point (the input of `terraform_data`) |
| `$secret` | something sensitive: the SHA-256 of its text |
| `$write_only` | a value that goes to the provider and never into a plan |
| `$asked` | something that came from outside while planning, from AWS or a file that is made, so no configuration tells it |

Attributes and blocks of which there is none are left out; so are nulls, but not inside of a value.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

# What a configuration states in a body: attributes by name (None), and blocks with what they state in turn.
Stated: TypeAlias = "dict[str, Stated | None]"
Key: TypeAlias = tuple[str, str]

_ABSENT = object()
# What Terraform and the provider are told about the work, and no part of a resource.
_META = {"timeouts", "count", "for_each", "depends_on", "provider", "lifecycle", "provisioner", "connection"}


def digest(plan: Mapping[str, Any], schemas: Mapping[str, Any], folders: Mapping[str, Path]) -> dict[str, Any]:
    """The digest of a plan.

    `plan` is what `terraform show -json` prints, `schemas` what `terraform providers schema -json` does. `folders` has the
    folder of each module by its path without instance keys ("" for the root, "a.b" for a call in a call).
    """
    blocks = _blocks(schemas)
    stated = {path: stated_in(folder) for path, folder in folders.items()}
    made: dict[str, Any] = {}
    for change in plan.get("resource_changes", []):
        if change["mode"] != "managed" or change["change"]["after"] is None:
            continue
        path = ".".join(_calls(change.get("module_address", "")))
        block = blocks[change["provider_name"]][change["type"]]
        names = stated[path][change["type"], change["name"]]
        made[change["address"]] = {
            "type": change["type"],
            "values": _body(
                change["change"]["after"],
                change["change"].get("after_unknown"),
                change["change"].get("after_sensitive"),
                block,
                names,
            ),
        }
        if "configuration" in plan:
            _pending(plan, change, made[change["address"]]["values"])
        tags = _tags(change["change"], names)
        if tags is not None:
            made[change["address"]]["tags_all"] = tags
    return dict(sorted(made.items()))


def _blocks(schemas: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found = {
        provider: {name: schema["block"] for name, schema in held.get("resource_schemas", {}).items()}
        for provider, held in schemas["provider_schemas"].items()
    }
    anything = {"attributes": {"input": {"type": "dynamic"}, "triggers_replace": {"type": "dynamic"}}}
    found.setdefault("terraform.io/builtin/terraform", {}).setdefault("terraform_data", anything)
    return found


def _calls(address: str) -> Iterator[str]:
    """The names of the module calls in an address, without their keys: `module.a["x.y"].module.b` → a, b."""
    rest = address
    while rest:
        rest = rest.removeprefix(".").removeprefix("module.")
        end = next((at for at, char in enumerate(rest) if char in ".["), len(rest))
        yield rest[:end]
        rest = rest[end:]
        if rest.startswith('["'):
            _, length = json.JSONDecoder().raw_decode(rest[1:])
            rest = rest[1 + length + 1 :]
        elif rest.startswith("["):
            rest = rest[rest.index("]") + 1 :]


def _tags(change: Mapping[str, Any], names: Stated) -> Any:  # noqa: ANN401 - what the plan holds
    """All tags, those by default of the provider included; None where the plan can't tell, or has no other than stated."""
    tags = change["after"].get("tags_all")
    if not isinstance(tags, dict) or not tags or change.get("after_unknown", {}).get("tags_all") is True:
        return None
    hidden = change.get("after_sensitive", {}).get("tags_all")
    if hidden or ("tags" in names and change["after"].get("tags") == tags):
        return None
    return dict(sorted(tags.items()))


# ------------------------------------------------------------------------------------------- documents read at apply


def _pending(plan: Mapping[str, Any], change: Mapping[str, Any], values: dict[str, Any]) -> None:
    for name, value in values.items():
        if isinstance(value, dict) and "$unknown" in value:
            document = document_of(plan, change, name)
            if document is not None:
                statements = list(statements_of(document))
                if "$unknown" not in json.dumps(statements):
                    values[name] = {"$pending": statements}


def document_of(plan: Mapping[str, Any], change: Mapping[str, Any], attribute: str) -> Mapping[str, Any] | None:
    """The planned read of the data source whose text an attribute is; None if it is not just that, or is merged."""
    module = plan["configuration"]["root_module"]
    for call in _calls(change.get("module_address", "")):
        module = module["module_calls"][call]["module"]
    [stated] = [one for one in module["resources"] if one["address"] == f"{change['type']}.{change['name']}"]
    expression = stated.get("expressions", {}).get(attribute, {})
    named = expression.get("references", []) if isinstance(expression, dict) else []
    texts = [one for one in named if one.endswith(".json")]
    if len(texts) != 1 or not texts[0].startswith("data.aws_iam_policy_document."):
        return None
    address = ".".join(part for part in (change.get("module_address"), texts[0].removesuffix(".json")) if part)
    for other in plan["resource_changes"]:
        if other["address"] == address:
            found: Mapping[str, Any] = other["change"]
            merged = any(found["after"].get(name) for name in ("source_policy_documents", "override_policy_documents"))
            whole = isinstance(found["after_unknown"].get("statement"), list)
            return found if whole and not merged else None
    return None


def statements_of(change: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The statements of a planned document, with what is not known yet marked."""
    marks = change["after_unknown"].get("statement", [])
    for held, unknown in zip(change["after"]["statement"], marks, strict=True):
        made: dict[str, Any] = {"effect": held["effect"] or "Allow"}
        if held["sid"]:
            made["sid"] = held["sid"]
        for name in ("actions", "not_actions", "resources", "not_resources"):
            told = unknown.get(name)
            if told is True:
                made[name] = {"$unknown": True}
            elif held.get(name):
                known = told or [False] * len(held[name])
                made[name] = [
                    {"$unknown": True} if not_yet else value for value, not_yet in zip(held[name], known, strict=True)
                ]
        conditions = [[one["test"], one["variable"]] for one in held.get("condition") or []]
        yield {**made, **({"conditions": sorted(conditions)} if conditions else {})}


# -------------------------------------------------------------------------------------------------------------- values


def _body(
    value: Mapping[str, Any], unknown: object, sensitive: object, block: Mapping[str, Any], stated: Stated
) -> dict[str, Any]:
    """The stated attributes and blocks of a body."""
    found: dict[str, Any] = {}
    attributes = block.get("attributes", {})
    nested = block.get("block_types", {})
    for name, inner in sorted(stated.items()):
        if name in _META:
            continue
        parts = (value.get(name), _in(unknown, name), _in(sensitive, name))
        named = name in attributes
        held = _attribute(*parts, attributes[name], inner) if named else _nested(*parts, nested[name], inner or {})
        if held is not _ABSENT:
            found[name] = held
    return found


def _attribute(
    value: Any,  # noqa: ANN401 - what the plan holds
    unknown: object,
    sensitive: object,
    schema: Mapping[str, Any],
    inner: Stated | None,
) -> Any:  # noqa: ANN401 - what the digest holds
    if schema.get("write_only"):
        return {"$write_only": True}
    if unknown is True:
        return {"$unknown": "computed" if schema.get("computed") else True}
    if value is None:
        return _ABSENT
    if inner is not None and isinstance(value, list):  # an attribute that may be written as blocks
        kind = schema.get("type", ["", ["object", {}]])
        block = {"attributes": {name: {"type": held} for name, held in kind[1][1].items()}}
        bodies = [_body(item, _in(unknown, at), _in(sensitive, at), block, inner) for at, item in enumerate(value)]
        return _blocks_of(bodies, ordered=kind[0] != "set")
    return _value(value, unknown, sensitive, schema.get("type", "dynamic"))


def _nested(
    value: Any,  # noqa: ANN401 - what the plan holds
    unknown: object,
    sensitive: object,
    schema: Mapping[str, Any],
    stated: Stated,
) -> Any:  # noqa: ANN401 - what the digest holds
    if unknown is True:
        return {"$unknown": "computed"}
    if not value:
        return _ABSENT
    block, mode = schema["block"], schema["nesting_mode"]
    if mode in {"single", "group"}:
        return _blocks_of([_body(value, unknown, sensitive, block, stated)], ordered=True)
    bodies = [_body(item, _in(unknown, at), _in(sensitive, at), block, stated) for at, item in enumerate(value)]
    return _blocks_of(bodies, ordered=mode != "set")


def _blocks_of(bodies: list[Any], *, ordered: bool) -> dict[str, Any]:
    return {"$blocks": bodies} if ordered else {"$block_set": _sorted(bodies)}


def _value(value: Any, unknown: object, sensitive: object, kind: Any) -> Any:  # noqa: ANN401 - plan data and types
    """A value by its type: sets are marked, what is not known too, and a text of JSON is opened."""
    if unknown is True:
        return {"$unknown": True}
    if sensitive is True:
        return {"$secret": secret(value)}
    if isinstance(value, dict):
        inner = kind[1] if isinstance(kind, list) else "dynamic"
        return {
            name: _value(
                value.get(name),
                _in(unknown, name),
                _in(sensitive, name),
                inner.get(name, "dynamic") if isinstance(inner, dict) else inner,
            )
            for name in sorted({*value, *_unknown_names(unknown)})
        }
    if isinstance(value, list):
        inner = kind[1] if isinstance(kind, list) else "dynamic"
        items = [
            _value(item, _in(unknown, at), _in(sensitive, at), inner[at] if kind[0] == "tuple" else inner)
            for at, item in enumerate(value)
        ]
        return {"$set": _sorted(items)} if kind[0] == "set" else items
    if isinstance(value, str) and kind != "dynamic" and value.lstrip()[:1] in {"{", "["}:
        try:
            return {"$json": json.loads(value)}
        except ValueError:
            return value
    return value


def _unknown_names(unknown: object) -> list[str]:
    """Names of an object whose values a plan leaves out because they are not known."""
    return [name for name, held in unknown.items() if held is True] if isinstance(unknown, dict) else []


def _in(marks: object, at: str | int) -> object:
    """The marks of a part."""
    if isinstance(marks, dict):
        return marks.get(at)
    if isinstance(marks, list) and isinstance(at, int) and at < len(marks):
        return marks[at]
    return marks if marks is True else None


def _sorted(items: list[Any]) -> list[Any]:
    return sorted(items, key=lambda item: json.dumps(item, sort_keys=True))


def secret(value: Any) -> str:  # noqa: ANN401 - plain data
    """The hash that stands for something sensitive: of a text itself, of anything else its JSON."""
    text = value if isinstance(value, str) else json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


# ------------------------------------------------------------------------------------------------- what is stated at all


def stated_in(folder: Path) -> dict[Key, Stated]:
    """What the files of a module state for each managed resource, dynamic blocks and override files included."""
    found: dict[Key, Stated] = {}
    for file in sorted(folder.iterdir()):
        if file.name.endswith((".tf", ".tofu")):
            each = _native(file)
        elif file.name.endswith((".tf.json", ".tofu.json")):
            each = _in_json(file)
        else:
            continue
        for key, stated in each:
            _merge(found.setdefault(key, {}), stated)
    return found


def _merge(into: Stated, more: Stated) -> None:
    for name, inner in more.items():
        held = into.get(name)
        if inner is not None and held is not None:
            _merge(held, inner)
        elif held is None:
            into[name] = inner


def _native(file: Path) -> Iterator[tuple[Key, Stated]]:
    import tree_sitter
    import tree_sitter_hcl

    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))
    tree = parser.parse(file.read_bytes())
    for body in tree.root_node.named_children:
        for block in body.named_children:
            words = _words(block)
            if words[0] == "resource":
                yield (words[1], words[2]), _native_body(block)


def _words(block: Any) -> list[str]:  # noqa: ANN401 - a node of tree-sitter
    """The keyword of a block, and its labels."""
    return [
        node.text.decode().strip('"') for node in block.named_children if node.type in {"identifier", "string_lit"}
    ] or [""]


def _native_body(block: Any) -> Stated:  # noqa: ANN401 - a node of tree-sitter
    found: Stated = {}
    for body in (node for node in block.named_children if node.type == "body"):
        for node in body.named_children:
            words = _words(node)
            if node.type == "attribute":
                _merge(found, {words[0]: None})
            elif node.type == "block":
                inner = _native_body(node)
                if words[0] == "dynamic":
                    _merge(found, {words[1]: inner.get("content") or {}})
                else:
                    _merge(found, {words[0]: inner})
    return found


def _in_json(file: Path) -> Iterator[tuple[Key, Stated]]:
    held = json.loads(file.read_text(encoding="utf-8"))
    for kinds in _each(held.get("resource", {})):
        for kind, named in kinds.items():
            for names in _each(named):
                for name, bodies in names.items():
                    for body in _each(bodies):
                        yield (kind, name), _json_body(body)


def _each(held: Any) -> list[Any]:  # noqa: ANN401 - plain data
    """In JSON, one of something may stand for a list of it."""
    return held if isinstance(held, list) else [held]


def _json_body(body: Mapping[str, Any]) -> Stated:
    """In JSON an attribute of objects and a block look alike; that it may be a block does no harm to an attribute."""
    found: Stated = {}
    for name, value in body.items():
        if name == "dynamic":
            for labels in _each(value):
                for label, bodies in labels.items():
                    for each in _each(bodies):
                        _merge(found, {label: _json_body(each.get("content", {}))})
        elif name != "//":
            inner: Stated = {}
            for one in _each(value):
                if isinstance(one, dict):
                    _merge(inner, _json_body(one))
            _merge(found, {name: inner or None})
    return found
