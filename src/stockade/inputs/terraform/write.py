"""Writes intents back into configurations: the lens tables, read the other way.

A value is changed where it is written: at the attribute, or behind a variable's default, a local value, a module's argument.
Where that can't be told, or others may depend on it in another way, `FixError` names the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from stockade.errors import EditError, FixError
from stockade.inputs.lens import Lens
from stockade.inputs.terraform.configuration import attribute
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.modules import Copy, Instance
from stockade.inputs.terraform.tables import tables
from stockade.model.app import Resource, Site
from stockade.model.intent import Add, Here, Intent, New, Remove, Set, To, Unset
from stockade.model.value import File
from stockade.text.document import Document, Span
from stockade.text.edit import Edit, apply_edits
from stockade.text.hcl import edit as hcl_edit
from stockade.text.hcl import nodes as hcl
from stockade.text.hcl.edit import Encoded, Nested, Raw

# What the provider wants as a text in JSON, which people write by `jsonencode`.
_JSON = frozenset({"redrive_policy", "redrive_allow_policy", "policy", "assume_role_policy", "event_pattern"})
_HERE = {
    "account": ("aws_caller_identity", "account_id"),
    "region": ("aws_region", "name"),
    "partition": ("aws_partition", "partition"),
}
# What stands for CloudFormation's `Ref` of a type, where it is not `id`.
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
_ATTACHMENT = "aws_iam_role_policy_attachment"
_MAX_STEPS = 20


def write(intents: Iterable[Intent]) -> list[tuple[Document, Edit]]:
    """The edits that make these intents true. Raises FixError, with the reason, where that can't be written."""
    wanted = list(intents)
    edits = _Writer().run(wanted)
    by_document = _by_document(edits)
    try:
        for document, own in by_document:
            apply_edits(document, own)
    except EditError:
        # Two of them move the same lines: each is made by itself then, and the lines are moved once for all of them.
        with hcl_edit.each_alone(document for document, _ in by_document):
            alone = _by_document(_Writer().run(wanted))
        return [(document, edit) for document, own in alone for edit in hcl_edit.in_order(document, own)]
    return edits


def _by_document(edits: list[tuple[Document, Edit]]) -> list[tuple[Document, list[Edit]]]:
    found: dict[int, tuple[Document, list[Edit]]] = {}
    for document, edit in edits:
        found.setdefault(id(document), (document, []))[1].append(edit)
    return list(found.values())


class _Missing(Struct, eq=False):
    """What is to be inserted into a body where nothing stands yet: attributes and nested blocks of one name."""

    document: Document
    into: hcl.Body
    name: str
    value: Any


class _Writer:
    def __init__(self) -> None:
        self.edits: list[tuple[Document, Edit]] = []
        self.names: dict[int, tuple[str, str]] = {}  # type and name of new resources
        self.missing: dict[tuple[int, str], _Missing] = {}
        self.sources: dict[tuple[int, str], str] = {}  # data sources that are added, by module and type

    def run(self, intents: list[Intent]) -> list[tuple[Document, Edit]]:
        for intent in intents:
            if isinstance(intent, New):
                self.names[id(intent)] = _new_name(intent)
        for intent in intents:
            if isinstance(intent, New):
                self._new(intent)
            elif isinstance(intent, Set):
                self._set(intent)
            elif isinstance(intent, Unset):
                self._unset(intent.resource, intent.field)
            elif isinstance(intent, Add):
                self._add(intent)
            else:
                self._remove(intent)
        bodies: dict[int, list[_Missing]] = {}
        for gap in self.missing.values():
            bodies.setdefault(id(gap.into), []).append(gap)
        for gaps in bodies.values():
            self._fill(gaps)
        return self.edits

    def _fill(self, gaps: list[_Missing]) -> None:
        """Write what is missing in one body."""
        document, into = gaps[0].document, gaps[0].into
        blocks = {gap.name: gap.value for gap in gaps if isinstance(gap.value, Nested)}
        values = {gap.name: _encoded(gap.name, gap.value) for gap in gaps if gap.name not in blocks}
        self.edits += [(document, edit) for edit in hcl_edit.insert_members(document, into, values, blocks)]

    # -------------------------------------------------------------------------------------------------------- values

    def plain(self, value: Any, at: Declared) -> Any:  # noqa: ANN401 - a fix may state any plain data
        """A value of an intent in HCL."""
        if isinstance(value, To):
            return Raw(self._reference(value, at))
        if isinstance(value, Here):
            return Raw(self._here(value.what, at))
        if isinstance(value, list):
            return [self.plain(v, at) for v in value]
        if isinstance(value, dict):
            return {k: self.plain(v, at) for k, v in value.items()}
        return value

    def _reference(self, to: To, at: Declared) -> str:
        if isinstance(to.resource, New):
            type_, name = self.names[id(to.resource)]
            return f"{type_}.{name}.{_attribute(type_, to.attribute)}"
        other = _declared(to.resource)
        copy, own = _copy(other), _copy(at)
        if copy.module is not own.module:
            raise FixError(
                f"`{other.address}` is in another module: pass its {_attribute(other.type, to.attribute)} in"
            )
        key = copy.key
        shown = f"{copy.declaration.type}.{copy.declaration.name}"
        if key.symbolic or (key.shown and own.key.shown):
            if key.each != own.key.each or key.text != own.key.text:
                raise FixError(f"which of the instances of `{shown}` is meant differs")
            shown += "[each.key]" if key.each else "[count.index]"
        else:
            shown += key.shown
        return f"{shown}.{_attribute(other.type, to.attribute)}"

    def _here(self, what: str, at: Declared) -> str:
        """A reference to a data source, which is declared if the module has none yet."""
        type_, name = _HERE[what]
        module = _copy(at).module
        for own_type, own_name in module.module.data:
            if own_type == type_ and attribute(module.module.data[own_type, own_name], "count") is None:
                return f"data.{type_}.{own_name}.{name}"
        key = (id(module.module), type_)
        if key not in self.sources:
            self.sources[key] = "current"
            document, file = _file_of(at)
            edit = hcl_edit.append_block(document, file.body, "data", (type_, "current"), {}, after=_block(at))
            self.edits.append((document, edit))
        return f"data.{type_}.{self.sources[key]}.{name}"

    # ------------------------------------------------------------------------------------------------------- intents

    def _set(self, intent: Set) -> None:
        if intent.resource.site is not None and intent.resource.site.table == "variable":
            self._set_of_variable(intent.resource.site, intent.field, intent.value)
            return
        found, lens, base = _place(intent.resource, intent.field)
        _own(found)
        self._put(found, base, lens, self.plain(intent.value, found))

    def _put(self, found: Declared, base: tuple[str | int, ...], lens: Lens, value: Any) -> None:  # noqa: ANN401
        block = _block(found)
        body = _nested_body(block.body, base, found)
        steps = list(lens.path)
        document = block.span.doc
        while len(steps) > 1:
            step = steps[0]
            if step.isdigit() or step == "*":
                steps.pop(0)
                continue
            stated = body.attributes.get(step)
            if stated is not None:
                self._put_into(document, stated.expr, steps[1:], value, _copy(found).module)
                return
            inner = _block_of(body, step)
            if inner is None:
                self._insert(document, body, steps, value)
                return
            body = inner.body
            steps.pop(0)
        stated = body.attributes.get(steps[0])
        if stated is None:
            self._insert(document, body, steps, value)
            return
        self._replace(stated.expr, value, _copy(found).module, _copy(found).scope.names)

    def _insert(self, document: Document, body: hcl.Body, steps: list[str], value: Any) -> None:  # noqa: ANN401
        name, *inner = [s for s in steps if not s.isdigit() and s != "*"]
        made: Any = value
        if inner and name in _JSON:
            for step in reversed(inner):
                made = {step: made}
        elif inner:
            for index, step in enumerate(reversed(inner)):
                made = {step: made}
                if index < len(inner) - 1:
                    made = Nested(made)
            made = Nested(made)
        have = self.missing.get((id(body), name))
        if have is None:
            self.missing[id(body), name] = _Missing(document, body, name, made)
            return
        if not _merged(have.value, made):
            raise FixError(f"`{name}` would be written twice")

    def _put_into(
        self,
        document: Document,
        expr: hcl.Expr,
        steps: list[str],
        value: Any,  # noqa: ANN401 - plain data
        module: Instance,
    ) -> None:
        """Into an object, or a call of `jsonencode` with one."""
        expr = _unwrapped(expr)
        if type(expr) is hcl.Call and expr.name == "jsonencode" and len(expr.args) == 1:
            expr = _unwrapped(expr.args[0])
        steps = [s for s in steps if not s.isdigit() and s != "*"]
        if type(expr) is not hcl.Object:
            raise FixError("the value is computed there")
        for entry in expr.entries:
            if type(entry.key) is hcl.Constant and entry.key.value == steps[0]:
                if len(steps) > 1:
                    self._put_into(document, entry.value, steps[1:], value, module)
                else:
                    self._replace(entry.value, value, module, {})
                return
        made: Any = value
        for step in reversed(steps[1:]):
            made = {step: made}
        self.edits.append((document, hcl_edit.insert_entry(document, expr, steps[0], made)))

    def _replace(self, expr: hcl.Expr, value: Any, module: Instance, names: dict[str, Any]) -> None:  # noqa: ANN401
        """Make an expression be a value: where it is written, or where what it names is."""
        written = expr
        expr, module = self._source(expr, module, names)
        if isinstance(value, Raw) and module.project.is_value(expr.span):
            raise FixError(
                f"it is set by the value of a variable (`{written.span.text}`), which can't refer to a resource"
            )
        if module.call is not None:
            raise FixError(f"the module's own code decides it (`{expr.span.doc.path}`): change what is passed to it")
        if type(expr) is hcl.Conditional:
            for option in (expr.then, expr.otherwise):
                branch = _unwrapped(option)
                if type(branch) is hcl.Constant and branch.value == value:
                    continue
                self._replace(branch, value, module, names)
            return
        if type(expr) in (hcl.Constant, hcl.Tuple, hcl.Object) or (
            type(expr) is hcl.Template and not any(isinstance(p, hcl.If | hcl.Loop) for p in expr.parts)
        ):
            self.edits.append((expr.span.doc, hcl_edit.set_value(expr.span.doc, expr, value)))
            return
        shown = " ".join(expr.span.text.split())
        raise FixError(f"the value is computed there (`{shown if len(shown) < 60 else shown[:59] + '…'}`)")

    def _source(self, expr: hcl.Expr, module: Instance, names: dict[str, Any]) -> tuple[hcl.Expr, Instance]:
        """The expression behind names: the default of a variable, a local value, the argument of a call."""
        for _ in range(_MAX_STEPS):
            expr = _unwrapped(expr)
            if type(expr) is not hcl.Attr or type(expr.of) is not hcl.Name or expr.of.name in names:
                return expr, module
            root, name = expr.of.name, expr.name
            if root == "local" and name in module.module.locals:
                expr = module.module.locals[name].expr
            elif root == "var" and name in module.module.variables:
                expr, module = self._behind_variable(module, name)
                names = {}
            else:
                return expr, module
        raise FixError("it is named by way of too many other values")

    @staticmethod
    def _behind_variable(module: Instance, name: str) -> tuple[hcl.Expr, Instance]:
        call = module.caller
        if call is not None and name in call.block.body.attributes:
            return call.block.body.attributes[name].expr, call.module
        if call is None and name in module.given:
            found = module.project.value_expression(module.given[name].span)
            if found is None:
                raise FixError(f"the value of `var.{name}` was given from outside")
            return found, module
        default = attribute(module.module.variables[name], "default")
        if default is None:
            raise FixError(f"the value of `var.{name}` is given from outside")
        return default, module

    def _unset(self, resource: Resource, field: str) -> None:
        site = _site(resource)
        if site.table == "variable":
            body = site.block.body
            self.edits.append((site.document, hcl_edit.remove_attribute(site.document, body, field)))
            return
        found, lens, base = _place(resource, field)
        _own(found)
        body = _nested_body(_block(found).body, base, found)
        for step in lens.path[:-1]:
            inner = _block_of(body, step)
            if inner is None:
                raise FixError(f"`{lens.path[-1]}` is not written there")
            body = inner.body
        if lens.path[-1] not in body.attributes:
            raise FixError(f"`{lens.path[-1]}` is not written there")
        document = _block(found).span.doc
        self.edits.append((document, hcl_edit.remove_attribute(document, body, lens.path[-1])))

    def _set_of_variable(self, site: Site, field: str, value: Any) -> None:  # noqa: ANN401
        name = "sensitive" if field == "hidden" else field
        body: hcl.Body = site.block.body
        stated = body.attributes.get(name)
        if stated is not None:
            self.edits.append((site.document, hcl_edit.set_value(site.document, stated.expr, value)))
        else:
            self.edits.append((site.document, hcl_edit.insert_attributes(site.document, body, {name: value})))

    def _add(self, intent: Add) -> None:
        site = _site(intent.resource)
        found = _declared(intent.resource)
        _own(found)
        if site.table == "aws_iam_role" and intent.field == "managed":
            self._attach(found, intent.value)
            return
        found, lens, base = _place(intent.resource, intent.field)
        body = _nested_body(_block(found).body, base, found)
        document = _block(found).span.doc
        for step in lens.path[:-1]:
            inner = _block_of(body, step)
            if inner is None:
                self._insert(document, body, list(lens.path), [self.plain(intent.value, found)])
                return
            body = inner.body
        stated = body.attributes.get(lens.path[-1])
        if stated is None:
            self._insert(document, body, [lens.path[-1]], [self.plain(intent.value, found)])
            return
        expr, module = self._source(stated.expr, _copy(found).module, _copy(found).scope.names)
        if type(expr) is not hcl.Tuple or module.call is not None:
            raise FixError("the list is computed there")
        self.edits.append((expr.span.doc, hcl_edit.insert_item(expr.span.doc, expr, self.plain(intent.value, found))))

    def _attach(self, role: Declared, arn: str) -> None:
        """A managed policy on a role: into its own list, or as an attachment beside it."""
        block, document = _block(role), _block(role).span.doc
        own = block.body.attributes.get("managed_policy_arns")
        if own is not None:
            expr = _unwrapped(own.expr)
            if type(expr) is not hcl.Tuple:
                raise FixError("the list is computed there")
            self.edits.append((document, hcl_edit.insert_item(document, expr, arn)))
            return
        copy = _copy(role)
        repeated = {
            n: block.body.attributes[n].expr.span.text for n in ("count", "for_each") if n in block.body.attributes
        }
        key = "[count.index]" if "count" in repeated else "[each.key]" if "for_each" in repeated else ""
        stem = f"{copy.declaration.name}_{_snake(arn.rpartition('/')[2])}"
        name = _free(copy.module, _ATTACHMENT, stem)
        content: dict[str, Any] = {n: Raw(text) for n, text in repeated.items()}
        content |= {"role": Raw(f"aws_iam_role.{copy.declaration.name}{key}.name"), "policy_arn": arn}
        _, file = _file_of(role)
        labels = (_ATTACHMENT, name)
        self.edits.append(
            (document, hcl_edit.append_block(document, file.body, "resource", labels, content, after=block))
        )

    def _remove(self, intent: Remove) -> None:
        if not isinstance(intent.origin, File):
            raise FixError("it is not written in a file")
        target = intent.origin.span
        found = _declared(intent.resource)
        project = _copy(found).module.project
        file = next((f for f in project.read_files if f.document is target.doc), None)
        if file is None or project.is_foreign(target.doc.path):
            raise FixError("it is not written in the configuration")
        document = target.doc
        for block in file.body.blocks:
            if not block.span.covers(target):
                continue
            for node, parent in _within(block.body, target):
                if isinstance(node, hcl.Expr) and isinstance(parent, hcl.Tuple) and _same(node.span, target):
                    index = next(i for i, item in enumerate(parent.items) if item is node)
                    self.edits.append((document, hcl_edit.remove_item(document, parent, index)))
                    return
                if isinstance(node, hcl.Block) and isinstance(parent, hcl.Body) and _same(node.span, target):
                    self.edits.append((document, hcl_edit.remove_block(document, parent, node)))
                    return
            whole = block.type == "resource" and block.labels[:1] == (_ATTACHMENT,)
            if whole or _same(block.span, target):
                if "for_each" in block.body.attributes:
                    raise FixError("one resource attaches several policies there")
                self.edits.append((document, hcl_edit.remove_block(document, file.body, block)))
                return
        raise FixError("it does not stand in a written list there")

    def _new(self, intent: New) -> None:
        found = _declared(intent.beside)
        _own(found)
        type_, name = self.names[id(intent)]
        table = tables()[type_]
        content: dict[str, Any] = {}
        for field, value in intent.fields.items():
            steps = [s for s in table.fields[field].path if not s.isdigit() and s != "*"]
            made: Any = self.plain(value, found)
            if len(steps) > 1 and steps[0] in _JSON:
                inner: Any = made
                for step in reversed(steps[1:]):
                    inner = {step: inner}
                have = content.get(steps[0])
                if isinstance(have, dict):
                    have.update(inner)
                else:
                    content[steps[0]] = inner
                continue
            for step in reversed(steps[1:]):
                made = Nested({step: made})
            have = content.get(steps[0])
            if have is None or not _merged(have, made):
                content[steps[0]] = made
        content = {key: _encoded(key, value) for key, value in content.items()}
        document, file = _file_of(found)
        block = _block(found)
        for word in ("count", "for_each"):
            if word in block.body.attributes:
                raise FixError(f"`{found.address}` is one of several that `{word}` makes")
        self.edits.append(
            (document, hcl_edit.append_block(document, file.body, "resource", (type_, name), content, after=block))
        )


# ----------------------------------------------------------------------------------------------------------------- places


def _site(resource: Resource) -> Site:
    if resource.site is None:
        raise FixError(f"`{resource.address}` is not written anywhere")
    return resource.site


def _declared(resource: Resource) -> Declared:
    context = _site(resource).context
    if not isinstance(context, Declared):
        raise FixError(f"`{resource.address}` is not written as a resource")
    return context


def _copy(found: Declared) -> Copy:
    if not isinstance(found.written, Copy):
        raise FixError("the configuration is not at hand: scan it together with its plan")
    return found.written


def _own(found: Declared) -> None:
    """That the resource is written in the user's own files."""
    copy = _copy(found)
    if copy.module.call is not None:
        raise FixError(f"`{found.address}` is declared by a module that is fetched: change what is passed to it")


def _block(found: Declared) -> hcl.Block:
    return _copy(found).declaration.block


def _file_of(found: Declared) -> tuple[Document, hcl.HclFile]:
    document = _block(found).span.doc
    for file in _copy(found).module.module.files:
        if file.document is document:
            return document, file
    raise FixError("the file is not at hand")


def _place(resource: Resource, field: str) -> tuple[Declared, Lens, tuple[str | int, ...]]:
    """The instance, the lens and the block inside of it that say a field."""
    site = _site(resource)
    found = _declared(resource)
    joined = getattr(found, "joined", {}).get(field)
    if joined is not None:
        other, table = joined
        lens = table.fields.get(field)
        if lens is not None:
            return other, lens, ()
    table = tables().get(site.table)
    lens = table.fields.get(field) if table is not None else None
    if lens is None:
        raise FixError(f"there is no known place for `{field}` of {site.table}")
    return found, lens, site.base


def _nested_body(body: hcl.Body, base: tuple[str | int, ...], found: Declared) -> hcl.Body:
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


def _block_of(body: hcl.Body, name: str) -> hcl.Block | None:
    if any(b.type == "dynamic" and b.labels[:1] == (name,) for b in body.blocks):
        raise FixError(f"`{name}` is written by a dynamic block")
    return next((b for b in body.blocks if b.type == name), None)


def _unwrapped(expr: hcl.Expr) -> hcl.Expr:
    while True:
        if type(expr) is hcl.Paren:
            expr = expr.inner
        elif type(expr) is hcl.Template and len(expr.parts) == 1 and isinstance(expr.parts[0], hcl.Fill):
            expr = expr.parts[0].expr
        else:
            return expr


def _same(left: Span, right: Span) -> bool:
    return left.doc is right.doc and left.start == right.start and left.end == right.end


def _within(body: hcl.Body, target: Span) -> Iterator[tuple[Any, Any]]:
    """The nodes that cover a place, each with what it stands in; the inner ones last."""
    for found in body.attributes.values():
        if found.span.covers(target):
            yield from _within_expr(found.expr, found, target)
    for block in body.blocks:
        if block.span.covers(target):
            yield block, body
            yield from _within(block.body, target)


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


def _attribute(type_: str, word: str) -> str:
    """The attribute that is AWS's word of a type."""
    if word == "Arn":
        return "arn"
    if word == "Ref":
        return _REF.get(type_, "id")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", word).lower()


def _snake(word: str) -> str:
    found = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", word)
    return re.sub(r"\W+", "_", found).strip("_").lower() or "this"


def _free(module: Instance, type_: str, stem: str) -> str:
    name, number = stem, 1
    while (type_, name) in module.module.resources:
        number += 1
        name = f"{stem}_{number}"
    return name


def _new_name(intent: New) -> tuple[str, str]:
    """The type and the name of a new resource."""
    found = next(
        (
            t
            for t in tables().values()
            if t.makes is intent.kind and t.type.startswith("aws_") and "/" not in t.type
            and all(f in t.fields and not t.fields[f].by for f in intent.fields)
        ),
        None,
    )  # fmt: skip
    if found is None:
        raise FixError(f"no resource type for a {intent.kind.kind} with these fields")
    beside = _copy(_declared(intent.beside))
    own = beside.declaration.name
    words = _snake(intent.name.rpartition(".")[2])
    stem = words if own in words else f"{own}_{words}"
    return found.type, _free(beside.module, found.type, stem)


def _encoded(name: str, value: Any) -> Any:  # noqa: ANN401 - plain data
    """A value as it is written: an object by `jsonencode` where the provider wants a text."""
    if name in _JSON and isinstance(value, dict):
        return Encoded(value)
    return value


def _merged(have: Any, more: Any) -> bool:  # noqa: ANN401 - plain data with blocks
    """Put more into what is to be written; whether that was possible."""
    if isinstance(have, Nested) and isinstance(more, Nested):
        return _merged(have.content, more.content)
    if isinstance(have, dict) and isinstance(more, dict):
        for key, value in more.items():
            if key in have:
                if not _merged(have[key], value):
                    return False
            else:
                have[key] = value
        return True
    return False
