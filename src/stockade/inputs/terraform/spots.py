"""Where in a configuration something is written, for the writer of fixes; and what it would concern besides.

`FixError` is raised where that can't be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from stockade.errors import FixError
from stockade.inputs.lens import Lens
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import Call, Copy, Instance, Key
from stockade.inputs.terraform.project import Arguments
from stockade.inputs.terraform.pulumi.documents import Deployed
from stockade.inputs.terraform.tables import tables
from stockade.model.app import Resource, Site
from stockade.model.value import When, remaining
from stockade.text.document import Document, Span
from stockade.text.hcl import nodes as hcl
from stockade.text.hcl.edit import Encoded, Nested, Raw

# What the provider wants as a text in JSON, which people write by `jsonencode`.
JSON_TEXTS = frozenset({"redrive_policy", "redrive_allow_policy", "policy", "assume_role_policy", "event_pattern"})
_GLOBAL = ("aws_iam_",)  # what has no region
_REF = {
    "aws_lambda_function": "function_name",
    "aws_iam_role": "name",
    "aws_cloudwatch_log_group": "name",
    "aws_dynamodb_table": "name",
    "aws_s3_bucket": "bucket",
    "aws_sns_topic": "arn",
    "aws_secretsmanager_secret": "arn",
    "aws_sfn_state_machine": "arn",
}


class Spot(Struct, frozen=True, eq=False):
    """Where an expression stands: what names mean there, and the block that it is in, with its instance's key."""

    scope: Scope
    block: hcl.Block
    key: Key = Key()

    @property
    def module(self) -> Instance:
        """The instance of the module that it stands in."""
        return self.scope.module


class Goal(Struct, frozen=True, eq=False):
    """What is to be written for a field of a resource.

    `value` is as in the intent; `bad` are the cases in which what is there is wrong, None where that is not known.
    `item` says that the value is to be one of a list. `attribute` is its name in the resource's own block.
    """

    found: Declared
    value: Any
    bad: tuple[When, ...] | None
    attribute: str
    item: bool = False


def site_of(resource: Resource) -> Site:
    """Where a resource is written."""
    if resource.site is None:
        raise FixError(f"`{resource.address}` is not written anywhere")
    return resource.site


def declared_of(resource: Resource) -> Declared:
    """The instance that a resource of the model was made of."""
    context = site_of(resource).context
    if not isinstance(context, Declared):
        raise FixError(f"`{resource.address}` is not written as a resource")
    return context


def copy_of(found: Declared) -> Copy:
    """The instance, as the configuration's evaluation has it."""
    if not isinstance(found.written, Copy):
        if isinstance(found.written, Deployed):
            raise FixError("it is read from what Pulumi prints: change the program")
        raise FixError("the configuration is not at hand: scan it together with its plan")
    return found.written


def refuse_foreign(found: Declared) -> None:
    """That the resource is written in the user's own files."""
    copy = copy_of(found)
    if copy.module.call is not None:
        raise FixError(f"`{found.address}` is declared by a module that is fetched: change what is passed to it")


def block_of(found: Declared) -> hcl.Block:
    """The block that an instance is written as."""
    return copy_of(found).declaration.block


def spot_of(found: Declared) -> Spot:
    """Where the block of an instance stands."""
    copy = copy_of(found)
    return Spot(copy.scope, copy.declaration.block, copy.key)


def file_of(block: hcl.Block, module: Instance) -> tuple[Document, hcl.HclFile]:
    """The file of a module that a block stands in."""
    document = block.span.doc
    for file in module.module.files:
        if file.document is document:
            return document, file
    raise FixError("the file is not at hand")


def repeated_as(block: hcl.Block) -> tuple[dict[str, Any], str]:
    """What a block says of its instances, for another block that is there as often, and how that names them."""
    own = block.body.attributes
    said: dict[str, Any] = {n: Raw(own[n].expr.span.text) for n in ("count", "for_each") if n in own}
    return said, "[count.index]" if "count" in said else "[each.key]" if "for_each" in said else ""


def placed_as(block: hcl.Block, type_: str) -> dict[str, Any]:
    """What a block says of where it is, for one of a type that is to be beside it: its provider, and a region of its own."""
    said: dict[str, Any] = {}
    provider = provider_text(block)
    if provider:
        said["provider"] = Raw(provider)
    region = block.body.attributes.get("region")
    if region is not None and not type_.startswith(_GLOBAL):
        inner = unwrapped(region.expr)
        said["region"] = inner.value if type(inner) is hcl.Constant else Raw(inner.span.text)
    return said


def provider_text(block: hcl.Block) -> str:
    """The provider that a block names, as it is written; empty for the default one."""
    stated = block.body.attributes.get("provider")
    return stated.expr.span.text.strip('"') if stated is not None else ""


def is_below(folder: str, module: str) -> bool:
    """Whether a root module lies inside of the folder of a module that it calls: as an example of it, or a test."""
    return folder != module and (not module or folder.startswith(f"{module}/"))


def states_itself(module: Instance, name: str) -> bool:
    """Whether the call of a module states an argument."""
    return module.caller is not None and name in module.caller.block.body.attributes


def scope_of_call(module: Instance) -> Scope:
    """What names mean in the arguments of the call that makes an instance."""
    arguments = module.arguments
    if not isinstance(arguments, Arguments):
        raise FixError(f"what is passed to `{module.prefix.rstrip('.')}` is not at hand")
    return arguments.scope


def key_of_call(module: Instance, call: Call) -> Key:
    """By which key of its call an instance of a module is made."""
    return next((key for key, own in call.made() if own is module), Key())


def name_behind(expr: hcl.Expr, spot: Spot) -> tuple[str, str]:
    """The `local` or `var` that an expression is, and its name; nothing where it is something else."""
    if type(expr) is hcl.Attr and type(expr.of) is hcl.Name and expr.of.name not in spot.scope.names:
        return expr.of.name, expr.name
    return "", ""


def entry_of_each(expr: hcl.Expr) -> str:
    """The entry of `each.value` that an expression is, also where it need not be there; nothing for another one."""
    if type(expr) is hcl.Call and expr.name == "lookup" and len(expr.args) > 1 and _is_each(expr.args[0]):
        key = expr.args[1]
        return key.value if type(key) is hcl.Constant and isinstance(key.value, str) else ""
    if type(expr) is hcl.Call and expr.name == "try" and expr.args:
        expr = expr.args[0]
    return expr.name if type(expr) is hcl.Attr and _is_each(expr.of) else ""


def _is_each(expr: hcl.Expr) -> bool:
    return type(expr) is hcl.Attr and expr.name == "value" and type(expr.of) is hcl.Name and expr.of.name == "each"


def variable_of_each(expr: hcl.Expr) -> str:
    """The variable whose entries `for_each` goes through as they are; nothing where that is something else."""
    expr = unwrapped(expr)
    if type(expr) is hcl.For and type(expr.result) is hcl.Name and expr.result.name == expr.value:
        expr = unwrapped(expr.collection)
    is_variable = type(expr) is hcl.Attr and type(expr.of) is hcl.Name and expr.of.name == "var"
    return expr.name if is_variable and type(expr) is hcl.Attr else ""


def refuse_more(name: str, goal: Goal, module: Instance) -> None:
    """That the resource makes nothing else of a variable than the attribute that is meant."""
    found = copy_of(goal.found)
    if found.module is not module:
        return
    todo: list[Any] = [block_of(goal.found).body]
    seen: set[str] = set()
    while todo:
        node = todo.pop()
        if isinstance(node, hcl.Body):
            todo += [a.expr for a in node.attributes.values() if a.name != goal.attribute]
            todo += [block.body for block in node.blocks]
        elif type(node) is hcl.Attr and type(node.of) is hcl.Name:
            if node.of.name == "var" and node.name == name:
                raise FixError(f"`{name}` decides more of `{found.declaration.shown}` than `{goal.attribute}`")
            if node.of.name == "local" and node.name not in seen and node.name in module.module.locals:
                seen.add(node.name)
                todo.append(module.module.locals[node.name].expr)
        elif isinstance(node, hcl.Expr | hcl.ObjectEntry | hcl.Fill | hcl.If | hcl.Loop):
            for field in node.__struct_fields__:
                inner = getattr(node, field)
                todo += inner if isinstance(inner, tuple) else (inner,)


def in_every_case(cases_: list[When], goal: Goal) -> None:
    """That what is written there is wrong in every case in which it decides."""
    if goal.bad is None:
        return
    left = remaining(cases_, goal.bad)
    if left:
        words = " and ".join(p.text for p in left[0])
        raise FixError("it would also change what is right" + (f" when {words}" if words else ""))


def place_of(resource: Resource, field: str) -> tuple[Declared, Lens, tuple[str | int, ...]]:
    """The instance, the lens and the block inside of it that say a field."""
    site = site_of(resource)
    found = declared_of(resource)
    joined = getattr(found, "joined", {}).get(field)
    if joined is not None:
        other, table = joined
        lens = table.fields.get(field)
        if lens is not None:
            return other, lens, ()
    table = tables().get(site.table)
    lens = table.fields.get(field) if table is not None else None
    if lens is None:
        if site.table.startswith("openapi"):
            raise FixError("the API's OpenAPI definition says it, where no fix is written")
        raise FixError(f"how it is written for `{resource.address}` is not known")
    return found, lens, site.base


def nested_body(body: hcl.Body, base: tuple[str | int, ...], found: Declared) -> hcl.Body:
    """The body of the nested block at a path such as `("statement", 2)`."""
    steps = list(base)
    while steps:
        name = str(steps.pop(0))
        index = int(steps.pop(0)) if steps and isinstance(steps[0], int) else 0
        blocks = [b for b in body.blocks if b.type == name]
        if any(b.type == "dynamic" and b.labels[:1] == (name,) for b in body.blocks) or index >= len(blocks):
            raise FixError(f"`{name}` of `{found.address}` is computed there")
        body = blocks[index].body
    return body


def unwrapped(expr: hcl.Expr) -> hcl.Expr:
    """An expression without the parentheses around it."""
    while True:
        if type(expr) is hcl.Paren:
            expr = expr.inner
        elif type(expr) is hcl.Template and len(expr.parts) == 1 and isinstance(expr.parts[0], hcl.Fill):
            expr = expr.parts[0].expr
        else:
            return expr


def same_span(left: Span, right: Span) -> bool:
    """Whether two places are the same."""
    return left.doc is right.doc and left.start == right.start and left.end == right.end


def within(body: hcl.Body, target: Span) -> Iterator[tuple[Any, Any]]:
    """The nodes that cover a place, each with what it stands in; the inner ones last."""
    for found in body.attributes.values():
        if found.span.covers(target):
            yield from _within_expr(found.expr, found, target)
    for block in body.blocks:
        if block.span.covers(target):
            yield block, body
            yield from within(block.body, target)


def _within_expr(expr: hcl.Expr, parent: Any, target: Span) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any node
    if not expr.span.covers(target):
        return
    yield expr, parent
    inner: tuple[hcl.Expr, ...] = ()
    if isinstance(expr, hcl.Tuple):
        inner = expr.items
    elif isinstance(expr, hcl.Object):
        inner = tuple(e.value for e in expr.entries)
    elif isinstance(expr, hcl.Call):
        inner = expr.args
    elif isinstance(expr, hcl.Paren):
        inner = (expr.inner,)
    elif isinstance(expr, hcl.Conditional):
        inner = (expr.then, expr.otherwise)
    for child in inner:
        yield from _within_expr(child, expr, target)


# ----------------------------------------------------------------------------------------------------------------- names


def attribute_name(type_: str, word: str) -> str:
    """The attribute that is AWS's word of a type."""
    if word == "Arn":
        return "arn"
    if word == "Ref":
        return _REF.get(type_, "id")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", word).lower()


def snake(word: str) -> str:
    """A name as people write it in HCL."""
    found = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word)
    return re.sub(r"\W+", "_", found).strip("_").lower() or "this"


def free_name(module: Instance, type_: str, stem: str) -> str:
    """A name that no resource of the type has in a module yet."""
    return free_name_of(module.module.resources, type_, stem)


def free_name_of(declared: Mapping[tuple[str, str], Any], type_: str, stem: str) -> str:
    """A name that nothing of the type has yet among what is declared."""
    name, number = stem, 1
    while (type_, name) in declared:
        number += 1
        name = f"{stem}_{number}"
    return name


def encoded(name: str, value: Any) -> Any:  # noqa: ANN401 - plain data
    """A value as it is written: an object by `jsonencode` where the provider wants a text."""
    if name in JSON_TEXTS and isinstance(value, dict):
        return Encoded(value)
    return value


def merge_into(have: Any, more: Any) -> bool:  # noqa: ANN401 - plain data with blocks
    """Put more into what is to be written; whether that was possible."""
    if isinstance(have, Nested) and isinstance(more, Nested):
        return merge_into(have.content, more.content)
    if isinstance(have, dict) and isinstance(more, dict):
        for key, value in more.items():
            if key in have:
                if not merge_into(have[key], value):
                    return False
            else:
                have[key] = value
        return True
    return bool(type(have) is type(more) and have == more)
