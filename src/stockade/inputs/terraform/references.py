"""Names that a module uses and does not declare, and resources that wait for each other.

Terraform looks at every name before it plans anything, whether or not its value decides something; so this goes through the
configuration as it is written. Nothing is told of a module that was not wholly read.

https://developer.hashicorp.com/terraform/language/expressions/references, as of 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.circles import circles
from stockade.inputs.terraform.configuration import Module
from stockade.model.app import Circle, Missing, Resource, Use
from stockade.model.value import Doubt
from stockade.near import MOST_NAMES, nearest
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance
    from stockade.inputs.terraform.project import Project
    from stockade.text.document import Span

VARIABLE, LOCAL, CALL, DATA, RESOURCE = "variable", "local value", "module call", "data source", "resource"
OUTPUT = "output"
# Arguments whose words are no references.
_WORDS = frozenset({"provider", "providers", "ignore_changes", "iterator"})
# First names that mean something everywhere, or whose blocks are not read.
_GIVEN = frozenset(
    {"each", "count", "self", "path", "terraform", "tofu", "ephemeral", "action", "list", "store", "component"}
)


_GENERATED = Doubt("Terragrunt may add files to the module", "scan what it has generated", "terragrunt")


class Mention(Struct, frozen=True, eq=False):
    """One use of a name, as it is written (`var.stage`), with what comes `behind` it.

    `waits`: what it stands in waits for what is named.
    """

    what: str
    name: str
    span: Span
    holder: str  # the address, within the module, of what it stands in
    waits: bool
    behind: tuple[str, ...] = ()


def lower_references(project: Project, generated: AbstractSet[str]) -> Iterator[Resource]:
    """A record for each name that nothing declares and each circle, once however often a module is called.

    `generated`: the folders of root modules to which something else (Terragrunt) may add files.
    """
    by_folder: dict[str, list[Instance]] = {}
    todo: list[Instance] = list(reversed(project.roots))
    while todo:
        instance = todo.pop()
        if instance.call is None:  # else it was fetched, and is not the user's own
            by_folder.setdefault(instance.folder, []).append(instance)
        todo += reversed(list(instance.children()))
    for instances in by_folder.values():
        first = instances[0]
        added = any(instance.caller is None and instance.folder in generated for instance in instances)
        if not any(gap.hides for gap in first.module.gaps):
            found = Looked(first.module)
            yield from _missing(found, instances, _GENERATED if added else None)
            yield from _circles(found, instances)


# ------------------------------------------------------------------------------------------------------ what is used


class _Walk:
    """Every use of a name in what it is led through."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []

    def _block(self, body: hcl.Body, holder: str, names: frozenset[str]) -> None:
        for stated in body.attributes.values():
            if stated.name not in _WORDS:
                self.expr(stated.expr, holder, names)
        for block in body.blocks:
            if block.type == "dynamic" and block.labels:
                iterator = block.body.attributes.get("iterator")
                own = iterator.expr if iterator is not None else None
                inner = names | {own.name if type(own) is hcl.Name else block.labels[0]}
                for stated in block.body.attributes.values():
                    if stated.name not in _WORDS:
                        self.expr(stated.expr, holder, names if stated.name == "for_each" else inner)
                for content in block.body.blocks:
                    self._block(content.body, holder, inner)
            else:
                self._block(block.body, holder, names)

    def expr(self, expr: hcl.Expr, holder: str, names: frozenset[str]) -> None:
        """Note what an expression uses; `names` are those that mean something else in it."""
        kind = type(expr)
        if kind is hcl.Constant:
            return
        steps = _steps(expr)
        if steps is not None:
            self._named(steps, expr, holder, names)
        if isinstance(expr, hcl.Attr):
            self._of(expr.of, holder, names)
        elif isinstance(expr, hcl.Index):
            self._of(expr.of, holder, names)
            self.expr(expr.key, holder, names)
        elif isinstance(expr, hcl.Splat):
            self._of(expr.of, holder, names)
            self.expr(expr.each, holder, names)
        elif isinstance(expr, hcl.For):
            self.expr(expr.collection, holder, names)
            inner = names | {expr.value, expr.key}
            for part in (expr.result_key, expr.result, expr.condition):
                if part is not None:
                    self.expr(part, holder, inner)
        elif isinstance(expr, hcl.Template):
            self._parts(expr.parts, holder, names)
        else:
            for part in _children(expr):
                self.expr(part, holder, names)

    def _of(self, expr: hcl.Expr, holder: str, names: frozenset[str]) -> None:
        """What stands before a dot or a bracket: a name there was looked at together with what comes behind."""
        if _steps(expr) is None:
            self.expr(expr, holder, names)
        elif isinstance(expr, hcl.Attr | hcl.Splat):
            self._of(expr.of, holder, names)
        elif isinstance(expr, hcl.Index):
            self._of(expr.of, holder, names)
            self.expr(expr.key, holder, names)

    def _parts(self, parts: tuple[hcl.Part, ...], holder: str, names: frozenset[str]) -> None:
        for part in parts:
            if isinstance(part, hcl.Fill):
                self.expr(part.expr, holder, names)
            elif isinstance(part, hcl.If):
                self.expr(part.condition, holder, names)
                self._parts(part.then, holder, names)
                self._parts(part.otherwise, holder, names)
            elif isinstance(part, hcl.Loop):
                self.expr(part.collection, holder, names)
                self._parts(part.body, holder, names | {part.key, part.value})

    def _named(self, steps: list[str], expr: hcl.Expr, holder: str, names: frozenset[str]) -> None:
        root, *rest = steps
        if root in names or root in _GIVEN or not rest:
            return
        if root == "resource":
            root, *rest = rest
            if not rest:
                return
        if root == "var":
            self._note(VARIABLE, rest[0], expr, holder)
        elif root == "local":
            self._note(LOCAL, rest[0], expr, holder)
        elif root == "module":
            self._note(CALL, rest[0], expr, holder)
            if len(rest) > 1:
                self._note(OUTPUT, f"{rest[0]}.{rest[1]}", expr, holder)
        elif root == "data":
            if len(rest) > 1:
                self._note(DATA, f"{rest[0]}.{rest[1]}", expr, holder, tuple(rest[2:]))
        else:
            self._note(RESOURCE, f"{root}.{rest[0]}", expr, holder, tuple(rest[1:]))

    def _note(self, what: str, name: str, expr: hcl.Expr, holder: str, behind: tuple[str, ...] = ()) -> None:
        self.mentions.append(Mention(what, name, expr.span, holder, what in _WAITED, behind))


class Looked(_Walk):
    """Every use of a name in a module."""

    def __init__(self, module: Module) -> None:
        super().__init__()
        for (type_, name), block in module.resources.items():
            self._block(block.body, f"{type_}.{name}", frozenset())
        for (type_, name), block in module.data.items():
            self._block(block.body, f"data.{type_}.{name}", frozenset())
        for name, block in module.calls.items():
            self._block(block.body, f"module.{name}", frozenset())
        for name, stated in module.locals.items():
            self.expr(stated.expr, f"local.{name}", frozenset())
        for file in module.files:
            for block in file.body.blocks:
                # `moved` and the like name what there was before, and `terraform` words of its own.
                if block.type in {"output", "provider", "check", "ephemeral"}:
                    self._block(block.body, "", frozenset())


def mentions_in(expr: hcl.Expr) -> list[Mention]:
    """Every use of a name in an expression."""
    walk = _Walk()
    walk.expr(expr, "", frozenset())
    return walk.mentions


_WAITED = frozenset({LOCAL, DATA, RESOURCE})


def _steps(expr: hcl.Expr) -> list[str] | None:
    """The names of a traversal from its first name on, indexes left out; None if it does not begin with a name."""
    if isinstance(expr, hcl.Name):
        return [expr.name]
    if isinstance(expr, hcl.Attr):
        before = _steps(expr.of)
        return None if before is None else [*before, expr.name]
    if isinstance(expr, hcl.Index):
        return _steps(expr.of)
    if isinstance(expr, hcl.Splat):
        before = _steps(expr.of)
        return None if before is None else [*before, *_behind(expr.each)]
    return None


def _behind(expr: hcl.Expr) -> list[str]:
    """The names behind the star of a splat."""
    if isinstance(expr, hcl.Attr):
        return [*_behind(expr.of), expr.name]
    return _behind(expr.of) if isinstance(expr, hcl.Index) else []


def _children(expr: hcl.Expr) -> Iterator[hcl.Expr]:
    if isinstance(expr, hcl.Call):
        yield from expr.args
    elif isinstance(expr, hcl.Unary):
        yield expr.operand
    elif isinstance(expr, hcl.Binary):
        yield from (expr.left, expr.right)
    elif isinstance(expr, hcl.Conditional):
        yield from (expr.condition, expr.then, expr.otherwise)
    elif isinstance(expr, hcl.Tuple):
        yield from expr.items
    elif isinstance(expr, hcl.Object):
        for entry in expr.entries:
            if not entry.bare:
                yield entry.key
            yield entry.value
    elif isinstance(expr, hcl.Paren):
        yield expr.inner


# ------------------------------------------------------------------------------------------------- what is not there


def _missing(found: Looked, instances: list[Instance], doubt: Doubt | None) -> Iterator[Missing]:
    first = instances[0]
    uses: dict[tuple[str, str], list[Mention]] = {}
    for mention in found.mentions:
        if not _is_there(first, mention):
            uses.setdefault((mention.what, mention.name), []).append(mention)
    for number, ((what, name), own) in enumerate(uses.items()):
        inside = "this module"
        shown, near = _shown(what, name), ""
        if number < MOST_NAMES:
            near = nearest(name, _names(first, what, name))
        if what == OUTPUT:
            call, _, shown = name.partition(".")
            near = near.rpartition(".")[2]
            inside = f"the module that `module.{call}` calls"
        yield Missing(
            address=shown,
            key=f"{first.folder or '.'}#{_shown(what, name)}/Missing",
            type="reference",
            origin=first.places.block(own[0].span),
            what=what,
            inside=inside,
            near=near,
            unsure=doubt,
            uses=tuple(_use(mention, instances) for mention in own),
        )


def _shown(what: str, name: str) -> str:
    words = {VARIABLE: "var.", LOCAL: "local.", CALL: "module.", DATA: "data.", OUTPUT: "module."}
    return words.get(what, "") + name


def _use(mention: Mention, instances: list[Instance]) -> Use:
    holders: tuple[str, ...] = ()
    if mention.holder and not mention.holder.startswith("local."):
        holders = tuple(f"{instance.scope}#{instance.prefix}{mention.holder}" for instance in instances)
    return Use(instances[0].places.block(mention.span), _shown(mention.what, mention.name), holders)


def _is_there(instance: Instance, mention: Mention) -> bool:
    module, name = instance.module, mention.name
    if mention.what == VARIABLE:
        return name in module.variables
    if mention.what == LOCAL:
        return name in module.locals
    if mention.what == CALL:
        return name in module.calls
    if mention.what == OUTPUT:
        called = _called(instance, name.partition(".")[0])
        return called is None or name.partition(".")[2] in called.outputs
    type_, _, own = name.partition(".")
    return (type_, own) in (module.data if mention.what == DATA else module.resources)


def _called(instance: Instance, name: str) -> Module | None:
    """The module that a call calls, if it is at hand and was wholly read."""
    block = instance.module.calls.get(name)
    if block is None:
        return None
    folder = instance.project.folder_of(instance.call_of(name, block.header))
    module = instance.project.module(folder) if folder is not None else None
    return None if module is None or any(gap.hides for gap in module.gaps) else module


def _names(instance: Instance, what: str, name: str) -> list[str]:
    """What may have been meant: of resources and data sources those of the same type, else those of the same name."""
    module = instance.module
    if what == VARIABLE:
        return list(module.variables)
    if what == LOCAL:
        return list(module.locals)
    if what == CALL:
        return list(module.calls)
    if what == OUTPUT:
        call = name.partition(".")[0]
        called = _called(instance, call)
        return [] if called is None else [f"{call}.{output}" for output in called.outputs]
    type_, _, own = name.partition(".")
    declared = module.data if what == DATA else module.resources
    return [f"{t}.{n}" for t, n in declared if t == type_ or n == own]


# ----------------------------------------------------------------------------------------------------------- circles


def _circles(found: Looked, instances: list[Instance]) -> Iterator[Circle]:
    """Resources, data sources and local values that wait for each other."""
    first = instances[0]
    edges: dict[str, list[str]] = {}
    at: dict[tuple[str, str], Mention] = {}
    for mention in found.mentions:
        if mention.holder and mention.waits and _is_there(first, mention):
            name = _shown(mention.what, mention.name)
            edges.setdefault(mention.holder, []).append(name)
            edges.setdefault(name, [])
            at.setdefault((mention.holder, name), mention)
    for way in circles(edges):
        uses = [at[name, way[(index + 1) % len(way)]] for index, name in enumerate(way)]
        yield Circle(
            address=", ".join(way),
            key=f"{first.folder or '.'}#{'/'.join(way)}/Circle",
            type="reference",
            origin=first.places.block(uses[0].span),
            members=way,
            uses=tuple(replace(_use(mention, instances), form=mention.holder) for mention in uses),
        )
