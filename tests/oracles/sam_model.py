"""What two models have in common once places, generated names and order are left out: how lower(SAM) is held against
lower(translate(SAM))."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from stockade.inputs.cloudformation.read import read
from stockade.model import app as m
from stockade.model.diff import own_fields, plain
from stockade.model.kinds.faults import FAULTS
from stockade.model.link import link
from stockade.text.document import Document
from stockade.text.json import read_json
from stockade.text.node import Mapping
from stockade.text.yaml import read_yaml

REGION = "us-east-1"
Shape = dict[str, Counter[str]]

# Fields that say how a record was made or that only people read.
_LEFT_OUT: dict[str, frozenset[str]] = {
    "*": frozenset({"tags", "framework_owned", "description"}),
    "permission": frozenset({"generated_by"}),
    # Which service a mapping polls is told by the event in SAM, and by the ARN, if at all, in CloudFormation.
    "event-source": frozenset({"service"}),
    "api": frozenset({"implicit"}),
    "log-group": frozenset({"generated"}),
    "role": frozenset({"generated", "inline", "name"}),
    "policy": frozenset({"form", "template", "name"}),
    # SAM writes the deployment by itself.
    "stage": frozenset({"deployed_api"}),
    # A block in SAM, and a text with substitutions and sorted keys from the transform; what is called is compared.
    "state-machine": frozenset({"definition"}),
    # SAM names the layer after its logical id, which CloudFormation would do by itself.
    "layer": frozenset({"name"}),
}
# Kinds whose identity is what refers to them: they are compared under their logical id.
_NAMED = frozenset(
    {"role", "function", "alias", "api", "stage", "queue", "topic", "table", "bucket", "state-machine", "layer"}
)
_HASHED = {"AWS::Lambda::Version", "AWS::Lambda::LayerVersion", "AWS::ApiGateway::Deployment"}
_REFERENCE = re.compile(r"'(?:reference', '[^']+', '[^']+|unknown', '[^']+)'")
_PLACE = re.compile(r" at \d+$")
_SUFFIX = re.compile(r"[0-9a-f]{10}$")


def load_text(text: str, *, syntax: str, name: str = "template") -> m.App:
    """The application that a template declares."""
    document = Document(name, text, syntax=syntax) if syntax == "json" else Document(name, text, syntax="yaml")
    parsed = read_json(document) if syntax == "json" else read_yaml(document)
    if not isinstance(parsed.root, Mapping):
        raise TypeError("the template is no mapping")
    resources, gaps = read([(document, parsed.root)])
    return link(resources, (m.Source(document, parsed.roots),), tuple(gaps))


def load_plain(template: dict[str, Any]) -> m.App:
    """The application of a template that is plain data."""
    return load_text(json.dumps(template), syntax="json")


def generated_names(template: dict[str, Any]) -> dict[str, str]:
    """Logical ids that end in a hash of what they are made of, without it."""
    found = {}
    for logical_id, resource in template.get("Resources", {}).items():
        if isinstance(resource, dict) and str(resource.get("Type")) in _HASHED:
            found[logical_id] = _SUFFIX.sub("", logical_id)
    return found


def shape_of(app: m.App, names: dict[str, str]) -> Shape:
    """Every record of an application as comparable text, by kind."""
    shape: Shape = {}
    for resource in app.resources:
        if isinstance(resource, m.Policy) and _in_role(resource):
            continue
        if (
            isinstance(resource, m.Other | m.Version) or resource.kind in FAULTS
        ):  # a template is deployable or not by itself
            continue
        fields = _fields(resource, names)
        shape.setdefault(resource.kind, Counter())[_text(fields)] += 1
    return shape


def _in_role(policy: m.Policy) -> bool:
    return "/Policies/" in policy.key


def _fields(resource: m.Resource, names: dict[str, str]) -> dict[str, Any]:
    out = _LEFT_OUT["*"] | _LEFT_OUT.get(resource.kind, frozenset())
    fields = {k: _normal(v, names) for k, v in own_fields(resource).items() if k not in out}
    fields["exists"] = _normal(plain(resource.exists), names)
    if resource.kind in _NAMED:
        logical_id, slash, rest = resource.key.rpartition("#")[2].partition("/")
        fields["id"] = names.get(logical_id, logical_id) + slash + rest
    if isinstance(resource, m.StateMachine):
        # SAM's own definition is a block, the transform's a text with substitutions: what both show are the references.
        fields["calls"] = sorted(set(_REFERENCE.findall(repr(fields.get("calls")))))
    if isinstance(resource, m.Role):
        fields["inline"] = sorted(
            repr((_normal(plain(policy.exists), names), _normal(plain(statement), names)))
            for policy in resource.inline
            for statement in policy.statements
        )
    return {k: v for k, v in fields.items() if v not in (None, (), [], "", ("set", (), True))}


def _normal(item: Any, names: dict[str, str]) -> Any:
    if isinstance(item, tuple):
        if len(item) == 3 and item[0] == "reference":
            return ("reference", names.get(item[1], item[1]), item[2])
        if len(item) == 2 and item[0] == "text":
            return _joined(item[1], names)
        if len(item) == 2 and item[0] == "hole":
            # Some unknowns are named after the place where they are written, or as it is written there.
            if str(item[1]).startswith(("!", "{")) and "resolve:" not in str(item[1]):
                return ("hole", "an expression")
            return {"AWS::Partition": "aws", "AWS::Region": REGION}.get(
                item[1], ("hole", _PLACE.sub(" at …", str(item[1])))
            )
        if len(item) == 3 and item[0] == "set":
            return ("set", tuple(sorted((_normal(i, names) for i in item[1]), key=repr)), item[2])
        if item and all(isinstance(i, tuple) and len(i) == 3 and isinstance(i[2], bool) for i in item):
            return _premises(item)
        return tuple(_normal(i, names) for i in item)
    return item


def _premises(item: tuple[Any, ...]) -> tuple[Any, ...]:
    """Premises without those that others imply: what is `test` is not `prod`."""
    decided = {key for key, _, holds in item if holds}
    return tuple(sorted(p for p in item if p[2] or p[0] not in decided))


def _joined(parts: tuple[Any, ...], names: dict[str, str]) -> Any:
    joined: list[Any] = []
    for part in parts:
        one = _normal(part, names)
        if isinstance(one, str) and joined and isinstance(joined[-1], str):
            joined[-1] += one
        else:
            joined.append(one)
    if len(joined) == 1 and isinstance(joined[0], str):
        return joined[0]
    return ("text", tuple(joined))


def _text(fields: dict[str, Any]) -> str:
    return repr(sorted(fields.items()))


def without_outputs(shape: Shape) -> Shape:
    """The shape but for what the template puts out: there, the transform only writes the ids of what it made."""
    return {kind: records for kind, records in shape.items() if kind != m.Output.kind}


def differences(sam: Shape, translated: Shape) -> list[str]:
    """What is in one and not in the other: `- kind …` only in SAM's model, `+ kind …` only in the translated one."""
    found: list[str] = []
    for kind in sorted(sam.keys() | translated.keys()):
        left, right = sam.get(kind, Counter()), translated.get(kind, Counter())
        found += [f"- {kind} {text}" for text in (left - right).elements()]
        found += [f"+ {kind} {text}" for text in (right - left).elements()]
    return found
