"""What the AWS CDK leaves in and beside the templates that it writes.

In them: construct paths and the places of assets, where the program was run by the CDK's command. Beside them: the cloud
assembly (`inputs/assembly.py`), which says the same of every program, and which stack and environment a template is for.
"""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from stockade.inputs.assembly import Stack
from stockade.inputs.cloudformation.parameters import Given
from stockade.knowledge.cdk import handler_of, singleton
from stockade.model.value import Via
from stockade.patterns import regex
from stockade.text.node import Mapping, Node, Scalar, Sequence

if TYPE_CHECKING:
    from stockade.inputs.cloudformation.template import Template

# The parameter by which a template of the CDK asks for what `cdk bootstrap` makes.
_BOOTSTRAP = "BootstrapVersion"
_OWN = "the CDK's library makes it for "
# Those by which one asked for assets before there was a bootstrap version.
_ASSET = regex(r"AssetParameters[0-9a-f]{64}")
# How the key of an asset in a bucket and the tag of one in a repository end.
_DIGEST = regex(r"[0-9A-F]{8}$")
_KEY = regex(r"[0-9a-f]{32,64}(?:\.[\w.]+)?$")


def construct(template: Template, logical_id: str, body: Mapping) -> tuple[Via, ...]:
    """The construct that made a resource, if the CDK wrote its path down, with its line of the program, if it kept that."""
    written = _metadata(body, "aws:cdk:path")
    path = written.raw if written is not None else _told(template, logical_id)
    if not path:
        return ()
    place = template.stack.places.get(path, "") if template.stack is not None else ""
    return (Via(f"construct {path}" + (f" ({place})" if place else ""), written.span if written is not None else None),)


def address(template: Template, logical_id: str, body: Mapping) -> str:
    """What people call a resource: the path of its construct, since the logical id is made of that. Empty without one."""
    return _path(template, logical_id, body).removesuffix("/Resource").removesuffix("/Default")


def refuses(template: Template, logical_id: str, body: Mapping) -> str:
    """Why a resource can't be changed in a template of the CDK, and where it can; empty in any other."""
    if not template.synthesised:
        return ""
    path = _path(template, logical_id, body)
    place = template.stack.places.get(path, "") if template.stack is not None else ""
    what = f"`{address(template, logical_id, body)}`" if path else "it"
    return f"the CDK writes the template: change {what} in {place or 'the program'}"


def _path(template: Template, logical_id: str, body: Mapping) -> str:
    written = _metadata(body, "aws:cdk:path")
    return written.raw if written is not None else _told(template, logical_id)


def _told(template: Template, logical_id: str) -> str:
    """The path of a construct, as the manifest has it."""
    stack = template.stack
    if stack is None:
        return ""
    own = stack.constructs.get(template.name)
    return (stack.constructs.get(stack.template, {}) if own is None else own).get(logical_id, "")


def is_synthesised(parameters: Iterable[str], bodies: Iterable[Node]) -> bool:
    """Whether the CDK wrote a template, by the names of its parameters and the blocks of its resources.

    One resource that says of which construct it is made is enough: the others are the program's as well.
    """
    return any(name == _BOOTSTRAP or _ASSET.match(name) for name in parameters) or any(
        type(body) is Mapping and (_metadata(body, "aws:cdk:path") is not None or _is_metadata(body)) for body in bodies
    )


def _is_metadata(body: Mapping) -> bool:
    """Whether it is the resource by which the CDK counts what its library is used for."""
    type_ = body.get("Type")
    return type(type_) is Scalar and type_.raw == "AWS::CDK::Metadata"


def owned(template: Template, logical_id: str, body: Mapping) -> str:
    """Why people can't change a resource in place although it stands in the template; empty if they can."""
    stack = template.stack
    path = _path(template, logical_id, body)
    purpose = (handler_of(path) if path else "") or singleton(logical_id)
    if purpose == "AwsCustomResource" and "ServiceRoleDefaultPolicy" in logical_id:
        return ""  # it holds the statements that users state
    if purpose:
        return _OWN + purpose
    for handler in stack.handlers if stack is not None else ():
        if path == handler or path.startswith(f"{handler}/"):
            return f"{_OWN}`{handler.rpartition('/')[2]}`"
    return ""


def asset(template: Template, body: Mapping, written: Node | None) -> str | None:
    """The path, relative to the scanned root, of the asset that a property of a resource names; None if it names none.

    The metadata say it of one property; else the key of an object or the tag of an image is looked up in the manifests.
    """
    path = _metadata(body, "aws:asset:path")
    folder = posixpath.dirname(template.name)
    if path is not None:
        return posixpath.normpath(posixpath.join(folder, path.raw))
    if template.stack is None or written is None:
        return None
    assets = template.stack.assets
    for text in _texts(written):
        key = _KEY.search(text)
        if text in assets or (key is not None and key[0] in assets):
            return assets[text if text in assets or key is None else key[0]]
    return None


def environment(stack: Stack) -> dict[str, Given]:
    """What the manifest says of where a stack is deployed, as pseudo parameters."""
    source = f"the CDK's manifest ({stack.path})"
    found = {"AWS::AccountId": stack.account, "AWS::Region": stack.region, "AWS::StackName": stack.name}
    return {name: Given(value, source) for name, value in found.items() if value}


def twin(template: Template, logical_id: str, body: Mapping) -> str:
    """What a resource has in common with those that one program declares alike for other environments; empty if nothing.

    It is the construct's path below its stage, or below its stack where the program makes several stacks of one kind.
    """
    stack = template.stack
    if stack is None or not (stack.stage or template.alike):
        return ""
    path = _path(template, logical_id, body)
    if not path:
        return ""
    if stack.stage:
        return f"{stack.app}~{_without(stack.stage, path.removeprefix(stack.stage))}"
    return f"{stack.app}~{template.alike}~{_without(stack.path, path.removeprefix(stack.path))}"


def _without(outer: str, path: str) -> str:
    """A path without the names that the CDK makes of whole paths, which begin with that of the stage and end in a digest."""
    name = outer.replace("/", "")
    if name not in path:
        return path
    return "/".join(_DIGEST.sub("", part.replace(name, "")) if name in part else part for part in path.split("/"))


def with_alike(templates: list[Template]) -> list[Template]:
    """The templates, of which those know it that one program makes in one way for several environments without stages.

    They have the same functions, by logical ids, which hold digests of paths below the stack, and resources of the same types.
    """
    groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, template in enumerate(templates):
        if template.stack is None or template.stack.stage:
            continue
        types = Counter(_type(section.body) for section in template.resources.values())
        functions = frozenset(s.name for s in template.resources.values() if _type(s.body) == "AWS::Lambda::Function")
        if functions:
            groups[template.stack.app, functions, frozenset(types.items())].append(index)
    result = list(templates)
    for group in groups.values():
        for index in group if len(group) > 1 else ():
            result[index] = replace(templates[index], alike=templates[group[0]].name)
    return result


def _type(body: Node) -> str:
    found = body.get("Type") if type(body) is Mapping else None
    return found.raw if type(found) is Scalar else ""


def _texts(node: Node) -> Iterable[str]:
    """The texts in a node, in the order in which they are written."""
    todo = [node]
    while todo:
        current = todo.pop()
        if type(current) is Scalar:
            yield current.raw
        elif type(current) is Mapping:
            todo += reversed([entry.value for entry in current.entries])
        elif type(current) is Sequence:
            todo += reversed(current.items)


def _metadata(body: Mapping, name: str) -> Scalar | None:
    metadata = body.get("Metadata")
    found = metadata.get(name) if type(metadata) is Mapping else None
    return found if type(found) is Scalar and found.raw else None
