"""The intrinsic functions, each from its argument to a value.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html (as of
2026-11-21).
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

from msgspec.structs import replace

from stockade.inputs.cloudformation.conditions import CONDITION_FUNCTIONS, MAX_OPTIONS
from stockade.inputs.cloudformation.parameters import split_text
from stockade.inputs.cloudformation.template import SAM_TRANSFORM
from stockade.inputs.intrinsic import intrinsic
from stockade.model.value import (
    Default,
    Doubt,
    File,
    Hole,
    Known,
    OneOf,
    Origin,
    Part,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    Via,
    When,
    conjoin,
    one_of,
)
from stockade.patterns import regex
from stockade.text.document import Span
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.evaluate import Evaluator

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
PSEUDO = {
    "AWS::AccountId": "the account",
    "AWS::Partition": "the partition",
    "AWS::Region": "the region",
    "AWS::StackId": "the stack's id",
    "AWS::StackName": "the stack's name",
    "AWS::URLSuffix": "the domain suffix",
}
# Resources that SAM makes without being asked for by name; others start with the name of what they are made for.
_SAM_MAKES = (
    "ApiGatewayDomainName",
    "ServerlessRestApi",
    "ServerlessHttpApi",
    "ServerlessDeploymentApplication",
    "CodeDeployServiceRole",
)
# Attributes that are what the property of their name says: of a VPC, both are its primary range of addresses.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpc.html
_GIVEN_BACK = frozenset({("AWS::EC2::VPC", "CidrBlock")})
# How many keys of a map may be meant: the CDK's maps say for every region what AWS has there.
_MAX_KEYS = 64
_WRONG = "wrong shape"
_TOO_MANY = "it depends on too many conditions at once"
_DYNAMIC = regex(r"\{\{resolve:([^}]*)\}\}")
SUB = regex(r"\$\{([^}]*)\}")

Function: TypeAlias = "Callable[[Evaluator, Node, Node, Span | None], Value[Any]]"


# --------------------------------------------------------------------------------------------------- Ref and Fn::GetAtt


def _ref(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    if type(argument) is not Scalar:
        return _wrong(evaluator, node, "`Ref` wants a name")
    return ref(evaluator, argument.raw, node, key_span)


def ref(evaluator: Evaluator, name: str, node: Node, key_span: Span | None = None) -> Value[Any]:
    """What `Ref` to a name is: a parameter, a pseudo parameter, or a resource's identifier."""
    origin = evaluator.origin(node, key_span)
    made = evaluator.template.made
    if made is not None and name in made.holes:
        hole = made.holes[name]
        # Unlike a parameter, it may turn out to be nothing at all, or no text.
        return Unknown(doubt=hole.doubt, name=hole.shown, origin=origin)
    if name in evaluator.template.parameters:
        value = evaluator.assumed_value(name)
        if type(value) is Unknown:
            return Text(
                parts=(Hole(name, value.doubt),), origin=File(origin.span, key_span, (*origin.via, *value.origin.via))
            )
        return moved(value, origin)
    if name == "AWS::NoValue":
        return Default(v=None, origin=origin)
    if name in PSEUDO:
        given = evaluator.given.get(name)
        if given is not None and isinstance(given.value, str):
            return Known(
                v=given.value, origin=File(origin.span, key_span, (*origin.via, Via(f"{name} from {given.source}")))
            )
        doubt = Doubt(f"{PSEUDO[name]} is known only when the stack is deployed", cause="pseudo parameter")
        return Text(parts=(Hole(name, doubt, plain=name != "AWS::StackId"),), origin=origin)
    if name == "AWS::NotificationARNs":
        return evaluator.unknown(node, "it is known only when the stack is deployed", cause="pseudo parameter")
    return _resource(evaluator, evaluator.renames.get(name, name), "Ref", name, node, origin)


def _resource(evaluator: Evaluator, logical: str, attribute: str, shown: str, node: Node, origin: Origin) -> Value[Any]:
    """A reference to a resource, if there is one of that name."""
    template = evaluator.template
    if logical not in template.resources and not evaluator.renames.get(shown):
        if template.hides:
            doubt = Doubt(f"`{logical}` is made by a macro or module when the stack is deployed", cause="macro")
            if template.made is not None:
                doubt = Doubt(f"`{logical}` is declared by nothing that was read", cause="not read")
            return Unknown(doubt=doubt, name=shown, origin=origin)
        if not made_by_sam(evaluator, logical):
            remedy = "correct the name, or declare the resource"
            evaluator.gap(
                node,
                f"`{shown}`",
                "it refers to a resource that is not in the template",
                kind="undefined",
                remedy=remedy,
            )
            return Unknown(
                doubt=Doubt(f"there is no `{logical}` in the template", remedy, "undefined"), name=shown, origin=origin
            )
    return Text(parts=(Reference(evaluator.key(logical), attribute, shown),), origin=origin)


def made_by_sam(evaluator: Evaluator, logical: str) -> bool:
    """Whether a name is one that SAM may give to a resource that it makes."""
    template = evaluator.template
    if SAM_TRANSFORM not in template.transforms and not evaluator.has_sam:
        return False
    names = evaluator.sam_names
    # By length, not by name: a template may have thousands of functions.
    return logical.startswith(_SAM_MAKES) or any(logical[:end] in names for end in range(len(logical), 0, -1))


def _get_att(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    if type(argument) is Scalar:
        logical, _, attribute = argument.raw.partition(".")
    elif type(argument) is Sequence and len(argument.items) >= 2 and type(argument.items[0]) is Scalar:
        logical = argument.items[0].raw
        rest = evaluator.value(argument.items[1]) if len(argument.items) == 2 else None
        attribute = (
            str(rest.v) if type(rest) is Known else ".".join(i.raw for i in argument.items[1:] if type(i) is Scalar)
        )
    else:
        return _wrong(evaluator, node, "`Fn::GetAtt` wants a resource and an attribute")
    return attribute_of(evaluator, logical, attribute, node)


def attribute_of(evaluator: Evaluator, logical: str, attribute: str, node: Node) -> Value[Any]:
    """What `Fn::GetAtt` of a resource's attribute is."""
    child = evaluator.nested.get(logical)
    origin = evaluator.origin(node)
    shown = f"{logical}.{attribute}"
    if child is not None and attribute.startswith("Outputs."):
        output = child.template.outputs.get(attribute.removeprefix("Outputs."))
        body = output.body if output is not None else None
        written = body.get("Value") if type(body) is Mapping else None
        if written is None:
            evaluator.gap(
                node,
                f"`{shown}`",
                "the nested stack has no such output",
                kind="undefined",
                remedy="declare it under `Outputs`",
            )
            return evaluator.unknown(node, "the nested stack has no such output", cause="undefined", name=shown)
        with evaluator.deeper() as allowed:
            if not allowed:
                return evaluator.unknown(
                    node, "outputs and parameters of nested stacks refer to each other", cause="circular"
                )
            return moved(child.value(written), origin)
    if not attribute:
        return _wrong(evaluator, node, "`Fn::GetAtt` wants an attribute")
    if evaluator.renames:
        # `Function.Alias` (in `Fn::Sub`) and `Function.Version.Version` name a resource that SAM makes.
        first, _, rest = attribute.partition(".")
        renamed = evaluator.renames.get(f"{logical}.{first}")
        if renamed is not None:
            return Text(parts=(Reference(evaluator.key(renamed), rest or "Ref", shown),), origin=origin)
    given_back = _given_back(evaluator, logical, attribute)
    if given_back is not None:
        return moved(given_back, origin)
    return _resource(evaluator, logical, attribute, shown, node, origin)


def _given_back(evaluator: Evaluator, logical: str, attribute: str) -> Value[Any] | None:
    """The property of a resource that an attribute gives back; None where it is another one, or nobody wrote it."""
    resource = evaluator.template.resources.get(logical)
    if resource is None or type(resource.body) is not Mapping:
        return None
    declared, properties = resource.body.get("Type"), resource.body.get("Properties")
    if type(declared) is not Scalar or (declared.raw, attribute) not in _GIVEN_BACK:
        return None
    node = properties.get(attribute) if type(properties) is Mapping else None
    with evaluator.deeper() as allowed:
        value = evaluator.value(node) if node is not None and allowed else None
    return None if isinstance(value, Default) else value


def moved(value: Value[Any], place: File) -> Value[Any]:
    """A value told at the place where it is used; where it comes from is kept in `via`."""
    via = value.origin.via
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, moved(v, place)) for w, v in value.options), origin=place)
    return replace(value, origin=File(place.span, place.key_span, (*place.via, *via)))


# ---------------------------------------------------------------------------------------------------------------- texts


def _sub(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    own: dict[str, Node] = {}
    if type(argument) is Sequence and argument.items and type(argument.items[0]) is Scalar:
        text = argument.items[0].raw
        if len(argument.items) > 1 and type(argument.items[1]) is Mapping:
            own = {e.key.raw: e.value for e in argument.items[1].entries}
    elif type(argument) is Scalar:
        text = argument.raw
    else:
        return _wrong(evaluator, node, "`Fn::Sub` wants a text")
    pieces: list[str | Value[Any]] = []
    last = 0
    for match in SUB.finditer(text):
        if match.start() > last:
            pieces.append(text[last : match.start()])
        name = match.group(1).strip()
        if name.startswith("!"):
            pieces.append("${" + name[1:] + "}")
        elif name in own:
            pieces.append(evaluator.value(own[name]))
        elif "." in name:
            logical, _, attribute = name.partition(".")
            pieces.append(attribute_of(evaluator, logical, attribute, node))
        else:
            pieces.append(ref(evaluator, name, node))
        last = match.end()
    if last < len(text):
        pieces.append(text[last:])
    return concat(evaluator, pieces, node)


def _join(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    if type(argument) is not Sequence or len(argument.items) != 2:
        return _wrong(evaluator, node, "`Fn::Join` wants a delimiter and a list")
    delimiter = evaluator.value(argument.items[0])
    if type(delimiter) is not Known:
        return evaluator.unknown(node, "the delimiter is not known", cause="Fn::Join")
    options: list[tuple[When, Value[Any]]] = []
    for case in evaluator.cases(argument.items[1]):
        items = evaluator.texts(case.node)
        if not items.complete and evaluator.template.made is not None and type(case.node) is Sequence:
            # What a framework does not know is one item here, whatever else it may be where it stands alone.
            items = Relation(tuple(evaluator.value(item) for item in case.node.items))
        if not items.complete:
            hole = Hole(f"joined list at {node.span.start}", items.gaps[0])
            options.append((case.when, Text(parts=(hole,), origin=evaluator.origin(node))))
            continue
        pieces: list[str | Value[Any]] = []
        for item in items:
            if type(item) is Default:
                continue
            if pieces:
                pieces.append(str(delimiter.v))
            pieces.append(item)
        options += _under(case.when, concat(evaluator, pieces, node))
    return _choice(evaluator, options, node)


def concat(evaluator: Evaluator, pieces: list[str | Value[Any]], node: Node) -> Value[Any]:
    """Texts and values one after the other, as one text."""
    origin = evaluator.origin(node)
    options: list[tuple[When, list[Part]]] = [((), [])]
    via: tuple[Via, ...] = ()
    for piece in pieces:
        if isinstance(piece, str):
            for _, parts in options:
                parts.append(piece)
            continue
        leaves = list(piece.leaves())
        via += piece.origin.via
        following: list[tuple[When, list[Part]]] = []
        for when, parts in options:
            for extra, leaf in leaves:
                both = conjoin(when, extra)
                if both is not None:
                    following.append((both, parts + _parts(leaf)))
        if len(following) > MAX_OPTIONS:
            return evaluator.unknown(node, _TOO_MANY, cause="conditions")
        options = following
    known = {v.what for v in origin.via}
    origin = File(origin.span, origin.key_span, origin.via + tuple(v for v in via if v.what not in known))
    return one_of([(when, _text(parts, origin)) for when, parts in options], origin)


def _parts(leaf: Value[Any]) -> list[Part]:
    if isinstance(leaf, Text):
        return list(leaf.parts)
    if isinstance(leaf, Known):
        if isinstance(leaf.v, list):
            return [",".join(str(v.show() if isinstance(v, Value) else v) for v in leaf.v)]
        return ["" if leaf.v is None else str(leaf.v)]
    if isinstance(leaf, Unknown):
        return [Hole(leaf.name or "unknown", leaf.doubt)]
    return []


def _text(parts: list[Part], origin: Origin) -> Value[Any]:
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, str):
            if not part:
                continue
            if joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
        joined.append(part)
    if any(isinstance(p, str) and "{{resolve:" in p for p in joined):
        joined = _dynamic_parts(joined)
    if all(isinstance(p, str) for p in joined):
        return Known(v="".join(p for p in joined if isinstance(p, str)), origin=origin)
    return Text(parts=tuple(joined), origin=origin)


def _dynamic_parts(parts: list[Part]) -> list[Part]:
    """Parts in which `{{resolve:…}}`, also one with references inside, is one unknown part."""
    found: list[Part] = []
    inside: list[Part] | None = None
    for part in parts:
        rest = part if isinstance(part, str) else None
        while rest:
            if inside is None:
                before, mark, rest = rest.partition("{{resolve:")
                if before:
                    found.append(before)
                inside = [] if mark else None
            else:
                before, mark, after = rest.partition("}}")
                inside.append(before)
                rest = after
                if mark:
                    found.append(_dynamic_hole(inside))
                    inside = None
        if not isinstance(part, str):
            (found if inside is None else inside).append(part)
    if inside is not None:
        found += ["{{resolve:", *inside]
    return found


def _dynamic_hole(inside: list[Part]) -> Hole:
    shown = "".join(
        p if isinstance(p, str) else f"${{{p.shown if isinstance(p, Reference) else p.name}}}" for p in inside
    )
    service = shown.partition(":")[0]
    return Hole(
        "{{resolve:" + shown + "}}",
        Doubt(f"it is read from {service} when the stack is deployed", cause="dynamic reference"),
    )


def dynamic(node: Scalar, raw: str, origin: Origin) -> Value[Any]:
    """A text with `{{resolve:…}}`: what is inside is known to the service only."""
    del node
    return _text([raw], origin)


def _base64(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    return evaluator.map(
        evaluator.value(argument), lambda v: base64.b64encode(str(v).encode("utf-8", "replace")).decode(), node
    )


def json_text(evaluator: Evaluator, node: Node) -> Value[Any]:
    """A block as JSON text, with the references that stand in it."""
    kept: list[Value[Any]] = []

    def plain(item: Node) -> Any:  # noqa: ANN401 - any JSON
        cases = evaluator.cases(item)
        if len(cases) != 1 or intrinsic(cases[0].node) is not None:
            value = evaluator.value(item)
            if isinstance(value, Known):
                return (
                    [v if isinstance(v, str) else v.show() for v in value.v] if isinstance(value.v, list) else value.v
                )
            kept.append(value)
            return f"\ue000{len(kept) - 1}\ue001"
        inner = cases[0].node
        if type(inner) is Mapping:
            return {e.key.raw: plain(e.value) for e in inner.entries}
        if type(inner) is Sequence:
            return [plain(i) for i in inner.items]
        return inner.value if type(inner) is Scalar else None

    with evaluator.deeper() as allowed:
        if not allowed:
            return evaluator.unknown(node, "it is nested too deeply", cause="limit")
        dumped = json.dumps(plain(node), ensure_ascii=False)
    pieces: list[Part] = []
    for index, piece in enumerate(re.split("\ue000(\\d+)\ue001", dumped)):
        if index % 2 == 0:
            pieces.append(piece)
            continue
        value = kept[int(piece)]
        if isinstance(value, Text):
            pieces += value.parts
        else:
            doubt = (
                value.doubt if isinstance(value, Unknown) else Doubt("it depends on a condition", cause="conditions")
            )
            pieces.append(Hole(f"block at {node.span.start}", doubt))
    return _text(pieces, evaluator.origin(node))


def _to_json_string(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    return moved(json_text(evaluator, argument), evaluator.origin(node))


# ----------------------------------------------------------------------------------------------------- choices and
# lists


def _under(when: When, value: Value[Any]) -> Iterator[tuple[When, Value[Any]]]:
    for inner, leaf in value.leaves():
        both = conjoin(when, inner)
        if both is not None:
            yield both, leaf


def _choice(
    evaluator: Evaluator, options: list[tuple[When, Value[Any]]], node: Node, most: int = MAX_OPTIONS
) -> Value[Any]:
    if not options:
        return evaluator.unknown(node, "no branch can hold", cause="conditions")
    if len(options) > 1:
        first = options[0][1]
        if type(first) is Known and all(
            type(v) is Known and v.v == first.v and type(v.v) is type(first.v) for _, v in options
        ):
            return first
    if len(options) > most:
        return evaluator.unknown(node, _TOO_MANY, cause="conditions")
    return one_of(options, evaluator.origin(node))


def _if(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    branches = evaluator.branches(argument, node)
    if branches is None:
        return evaluator.unknown(node, "`Fn::If` wants a condition and two values", cause=_WRONG)
    options: list[tuple[When, Value[Any]]] = []
    for when, branch in branches:
        with evaluator.assuming(when):
            options += _under(when, evaluator.value(branch))
    if len(options) > MAX_OPTIONS:
        return evaluator.unknown(node, _TOO_MANY, cause="conditions")
    return (
        one_of(options, evaluator.origin(node))
        if options
        else evaluator.unknown(node, "no branch can hold", cause="conditions")
    )


def _find_in_map(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    default: Node | None = None
    if type(argument) is not Sequence or len(argument.items) < 3:
        return _wrong(evaluator, node, "`Fn::FindInMap` wants a map and two keys")
    if len(argument.items) > 3 and type(argument.items[3]) is Mapping:
        default = argument.items[3].get("DefaultValue")
    options: list[tuple[When, Value[Any]]] = []
    for when, leaf in _map_leaves(evaluator, argument, node):
        found = leaf
        if found is None:
            found = (
                evaluator.unknown(node, "the map has no such key", cause="Fn::FindInMap") if default is None else None
            )
        if found is None and default is not None:
            found = evaluator.listed(default) if type(default) is Sequence else evaluator.value(default)
        if found is not None:
            options += _under(when, found)
    if not options:
        return evaluator.unknown(node, "the key of the map is not known", cause="Fn::FindInMap")
    return _choice(evaluator, options, node, _MAX_KEYS)


def _map_leaves(evaluator: Evaluator, argument: Sequence, node: Node) -> Iterator[tuple[When, Value[Any] | None]]:
    for when, name in evaluator.value(argument.items[0]).leaves():
        if type(name) is not Known or str(name.v) not in evaluator.template.mappings:
            shown = name.show()
            if type(name) is Known:
                yield when, None
                continue
            yield when, evaluator.unknown(node, f"which map `{shown}` is, is not known", cause="Fn::FindInMap")
            continue
        table = evaluator.template.mappings[str(name.v)].body
        for first_when, first in _keys(evaluator, table, argument.items[1]):
            block = table.get(first) if type(table) is Mapping else None
            for second_when, second in _keys(evaluator, block, argument.items[2]):
                outer = conjoin(when, first_when)
                both = conjoin(outer, second_when) if outer is not None else None
                if both is None:
                    continue
                found = block.get(second) if type(block) is Mapping else None
                yield both, None if found is None else _map_value(found, f"mapping {name.v}", node)


def _map_value(found: Node, via: str, node: Node) -> Value[Any]:
    origin = File(node.span, None, (Via(via, found.span),))
    if type(found) is Sequence:
        return Known(v=[i.raw for i in found.items if type(i) is Scalar], origin=origin)
    return Known(v=found.raw if type(found) is Scalar else "", origin=origin)


def _keys(evaluator: Evaluator, block: Node | None, node: Node) -> list[tuple[When, str]]:
    """The keys that a node of `Fn::FindInMap` may mean; those of the block where only the deployment decides."""
    name = _open_name(evaluator, node)
    written = [e.key.raw for e in block.entries] if type(block) is Mapping else []
    keys: list[tuple[When, str]] = []
    if name is not None:
        for key in written:
            keys += [(when, key) for when, truth in evaluator.conditions.atom(name, name, key) if truth]
        if keys:
            return keys
    for when, leaf in evaluator.value(node).leaves():
        if type(leaf) is Known:
            keys.append((when, str(leaf.v)))
            continue
        shown = leaf.show().removeprefix("${").removesuffix("}")
        for key in written:
            for inner, truth in evaluator.conditions.atom(shown, shown, key):
                both = conjoin(when, inner) if truth else None
                if both is not None:
                    keys.append((both, key))
    return keys


def _open_name(evaluator: Evaluator, node: Node) -> str | None:
    """The parameter that a node is, if it was not given and may have more than one value: all of them count."""
    call = intrinsic(node)
    if call is None or call.name != "Ref":
        return None
    name = evaluator.argument(call)
    if type(name) is not Scalar or not evaluator.is_open(name.raw):
        return None
    return name.raw if name.raw in PSEUDO or len(evaluator.allowed(name.raw)) > 1 else None


def _select(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    if type(argument) is not Sequence or len(argument.items) != 2:
        return _wrong(evaluator, node, "`Fn::Select` wants an index and a list")
    options: list[tuple[When, Value[Any]]] = []
    for when, index in evaluator.value(argument.items[0]).leaves():
        position = str(index.v).strip() if type(index) is Known else ""
        for case in evaluator.cases(argument.items[1]):
            both = conjoin(when, case.when)
            if both is not None:
                options += _under(both, _selected(evaluator, position, case.node, node))
    return _choice(evaluator, options, node)


def _selected(evaluator: Evaluator, position: str, items_node: Node | None, node: Node) -> Value[Any]:
    items = evaluator.texts(items_node)
    if position.isdigit() and items.complete and int(position) < len(items):
        return items.items[int(position)]
    if not items.complete and position:
        # The same item of the same unknown list is the same unknown.
        doubt = items.gaps[0]
        shown = " ".join(items_node.span.text.split())[:60] if items_node is not None else "list"
        plain = doubt.cause in {"Fn::GetAZs", "pseudo parameter"}
        return Text(parts=(Hole(f"{shown}[{position}]", doubt, plain=plain),), origin=evaluator.origin(node))
    if items.complete and position:
        return evaluator.unknown(node, f"the list has no item {position}", cause="Fn::Select")
    return evaluator.unknown(node, "the list that is selected from is not wholly known", cause="Fn::Select")


def _split(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    if type(argument) is not Sequence or len(argument.items) != 2:
        return _wrong(evaluator, node, "`Fn::Split` wants a delimiter and a text")
    delimiter = evaluator.value(argument.items[0])
    if type(delimiter) is not Known or not str(delimiter.v):
        return evaluator.unknown(node, "the delimiter is not known", cause="Fn::Split")
    options: list[tuple[When, Value[Any]]] = []
    for when, text in evaluator.value(argument.items[1]).leaves():
        origin = evaluator.origin(node)
        if type(text) is Known:
            options.append((when, Known(v=str(text.v).split(str(delimiter.v)), origin=origin)))
        elif isinstance(text, Text) and all(
            isinstance(p, str) or (isinstance(p, Hole) and p.plain) for p in text.parts
        ):
            options.append((when, Known(v=split_text(text, str(delimiter.v)), origin=origin)))
        elif delimiter.v == ":" and (parts := _parts_of_arn(evaluator, text, node)):
            options.append((when, Known(v=parts, origin=origin)))
        else:
            cause = "pseudo parameter" if text.show() == "${AWS::StackId}" else "Fn::Split"
            options.append(
                (when, evaluator.unknown(node, f"`{text.show()}`, which is split, is not known", cause=cause))
            )
    return one_of(options, evaluator.origin(node))


def _parts_of_arn(evaluator: Evaluator, text: Value[Any], node: Node) -> list[Any]:
    """What is between the colons of the ARN of a function of this template, or of one of its aliases; nothing for others."""
    reference = text.parts[0] if isinstance(text, Text) and len(text.parts) == 1 else None
    if not isinstance(reference, Reference):
        return []
    section = evaluator.template.resources.get(reference.target.rpartition("#")[2])
    body = section.body if section is not None and evaluator.key(section.name) == reference.target else None
    kind = body.get("Type") if type(body) is Mapping else None
    if section is None or type(body) is not Mapping or type(kind) is not Scalar:
        return []
    partition, region, account = (ref(evaluator, f"AWS::{name}", node) for name in ("Partition", "Region", "AccountId"))
    arn, service, function = (Known(v=word, origin=evaluator.origin(node)) for word in ("arn", "lambda", "function"))
    start = [arn, partition, service, region, account, function]
    if kind.raw == "AWS::Lambda::Function" and reference.attribute == "Arn":
        return [*start, ref(evaluator, section.name, node)]
    properties = body.get("Properties")
    if kind.raw == "AWS::Lambda::Alias" and reference.attribute == "Ref" and type(properties) is Mapping:
        stated = [properties.get(name) for name in ("FunctionName", "Name")]
        return [*start, *(evaluator.value(own) for own in stated if own is not None)]
    return []


def _get_azs(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del argument, key_span
    return evaluator.unknown(node, "the zones of a region are known to the account only", cause="Fn::GetAZs")


def _cidr(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    if type(argument) is not Sequence or len(argument.items) not in {2, 3}:
        return _wrong(evaluator, node, "`Fn::Cidr` wants an address block, a count and a number of bits")
    values = [evaluator.value(item) for item in argument.items]
    known = [str(v.v) for v in values if type(v) is Known]
    if len(known) != len(values):
        return evaluator.unknown(node, "the address block is not known", cause="Fn::Cidr")
    import ipaddress

    try:
        block = ipaddress.ip_network(known[0], strict=False)
        width = block.max_prefixlen - int(known[2] if len(known) == 3 else "8")
        count = int(known[1])
        if not 0 < count <= 256:
            return evaluator.unknown(node, "`Fn::Cidr` makes between 1 and 256 blocks", cause=_WRONG)
        found = [str(subnet) for subnet, _ in zip(block.subnets(new_prefix=width), range(count), strict=False)]
    except ValueError:
        return evaluator.unknown(node, f"`{known[0]}` can't be divided so", cause="Fn::Cidr")
    return Known(v=found, origin=evaluator.origin(node))


def _length(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del key_span
    options: list[tuple[When, Value[Any]]] = []
    for case in evaluator.cases(argument):
        items = evaluator.texts(case.node) if not _is_blocks(case.node) else None
        if items is not None and not items.complete:
            options.append((case.when, evaluator.unknown(node, "the list is not wholly known", cause="Fn::Length")))
            continue
        count = len(items) if items is not None else len(case.node.items) if type(case.node) is Sequence else 0
        options.append((case.when, Known(v=count, origin=evaluator.origin(node))))
    return one_of(options, evaluator.origin(node))


def _is_blocks(node: Node | None) -> bool:
    return type(node) is Sequence and any(type(i) is Mapping and intrinsic(i) is None for i in node.items)


# ------------------------------------------------------------------------------------------------- what is known
# elsewhere


def _import_value(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    name = evaluator.value(argument)
    shown = name.show()
    if evaluator.imports is not None:
        with evaluator.deeper() as allowed:
            found = evaluator.imports(shown, evaluator) if allowed else None
        if found is not None:
            return moved(found, evaluator.origin(node, key_span, (Via(f"export {shown}"),)))
    doubt = Doubt(
        f"another stack exports `{shown}`", "scan that stack's template together with this one", "Fn::ImportValue"
    )
    return Text(parts=(Hole(f"ImportValue {shown}", doubt),), origin=evaluator.origin(node))


def _transform(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del argument, key_span
    evaluator.macro_gap(node)
    return Unknown(doubt=evaluator.doubt_of_macro(), origin=evaluator.origin(node))


def _condition(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del argument, key_span
    origin = evaluator.origin(node)
    paths = evaluator.conditions.read(node)
    return one_of([(when, Known(v="true" if truth else "false", origin=origin)) for when, truth in paths], origin)


def _for_each(evaluator: Evaluator, argument: Node, node: Node, key_span: Span | None) -> Value[Any]:
    del argument, key_span
    return evaluator.unknown(node, "a loop stands where a single value belongs", cause=_WRONG)


def _wrong(evaluator: Evaluator, node: Node, why: str) -> Value[Any]:
    evaluator.gap(node, "a call of an intrinsic function", why, kind="wrong-shape", remedy="correct it")
    return evaluator.unknown(node, why, cause=_WRONG)


INTRINSICS: dict[str, Function] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Base64": _base64,
    "Fn::ImportValue": _import_value,
    "Fn::GetAZs": _get_azs,
    "Fn::Cidr": _cidr,
    "Fn::Length": _length,
    "Fn::ToJsonString": _to_json_string,
    "Fn::Transform": _transform,
    **dict.fromkeys(CONDITION_FUNCTIONS, _condition),
}
