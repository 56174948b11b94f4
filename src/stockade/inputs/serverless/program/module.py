"""One file of a program: what it declares, imports and exports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stockade.inputs.serverless.program.values import Function, Lazy, Namespace, Scope, Value, computed, scalar
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node
from stockade.text.script import Script, named, unquoted

if TYPE_CHECKING:
    from tree_sitter import Node as Syntax

    from stockade.inputs.serverless.program.evaluate import Evaluator

FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
VARIABLES = frozenset({"lexical_declaration", "variable_declaration"})
# Statements that hold statements.
_BLOCKS = frozenset({
    "statement_block", "if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement",
    "try_statement", "catch_clause", "finally_clause", "switch_statement", "switch_body", "switch_case", "switch_default",
})  # fmt: skip
_CHANGES = frozenset({"push", "unshift", "splice", "pop", "shift", "sort", "reverse", "set", "delete"})
_ASSIGNMENTS = frozenset({"assignment_expression", "augmented_assignment_expression"})
_EXPORTS = ("module.exports", "exports")
_NESTED = 12  # how deep patterns may be nested


class Module:
    """A file, with its names, each found when it is asked for.

    Attributes:
        exports: what it exports by name; `default` among them.
        assigned: what `module.exports` or `export =` is.
        changes: where a value is changed after it has been declared, by the name that it was declared with.
    """

    def __init__(self, script: Script, evaluator: Evaluator) -> None:
        self.script = script
        self.path = script.doc.path
        self.evaluator = evaluator
        self.scope = Scope(self)
        self.exports: dict[str, Lazy] = {}
        self.assigned: Lazy | None = None
        self._common = False  # whether it exports by assigning to `exports`
        self.changes: dict[str, Span] = {}
        self._places: dict[str, Span] = {}  # where names are declared
        self._all: list[str] = []  # the specifiers of `export * from`
        self._node: Mapping | None = None
        for statement in named(script.root):
            self._statement(statement)
        for statement in named(script.root):
            self._changes(statement)

    @property
    def start(self) -> Span:
        """The place of the file as a whole."""
        return Span(self.script.doc, 0, 0)

    # ---------------------------------------------------------------------------------------------------- what it gives

    def value(self) -> Value:
        """What `require` gives."""
        return self.assigned.get(self.start) if self.assigned is not None else Namespace(self)

    def default(self) -> Value:
        """What it exports by default: what the framework takes for the configuration."""
        if "default" in self.exports:
            return self.exports["default"].get(self.start)
        return self.value()

    def export(self, name: str, span: Span) -> Value:
        """What it exports by a name; None (`undefined`) where it does not."""
        if name in self.exports:
            return self.exports[name].get(span)
        if self.assigned is not None:
            whole = self.assigned.get(span)
            return whole if name == "default" else self.evaluator.member(whole, name, span)
        if name == "default" and self._common:
            return Namespace(self)
        for specifier in self._all if name != "default" else ():
            found = self.evaluator.imported(specifier, self, span)
            if isinstance(found, Namespace):
                inner = found.module.export(name, span) if self.evaluator.enter() else None
                self.evaluator.leave()
                if inner is not None:
                    return inner
            elif found is not None:
                return found
        return None

    def names(self) -> list[str]:
        """The names of everything that it exports itself."""
        return list(self.exports)

    def node(self) -> Node:
        """Everything that it exports, as one mapping."""
        if self._node is None:
            self._node = Mapping(self.start, ())  # what a circle of imports sees
            entries: list[Entry] = []
            for name, lazy in self.exports.items():
                value = self.evaluator.node(lazy.get(self.start), self.start)
                if value is not None and not (name == "default" and len(self.exports) > 1):
                    entries.append(Entry(scalar(self._places.get(name, value.span), name), value, alias=value.span))
            for specifier in self._all:
                found = self.evaluator.node(self.evaluator.imported(specifier, self, self.start), self.start)
                if type(found) is Mapping:
                    entries += [e for e in found.entries if e.key.raw not in self.exports and e.key.raw != "default"]
                elif found is not None:
                    entries.append(Entry(scalar(found.span, "..."), computed(found.span, spread=True)))
            self._node = Mapping(self.start, tuple(entries), flow=True)
        return self._node

    # ------------------------------------------------------------------------------------------------------ statements

    def _statement(self, statement: Syntax) -> None:
        kind = statement.type
        if kind == "import_statement":
            self._import(statement)
        elif kind == "export_statement":
            self._export(statement)
        elif kind == "expression_statement":
            self._expression(statement)
        else:
            self.declare(statement, self.scope)

    def declare(self, statement: Syntax, scope: Scope) -> list[str]:
        """Note what a declaration declares; the answer is its names."""
        if statement.type in FUNCTIONS or statement.type == "class_declaration":
            name = statement.child_by_field_name("name")
            if name is None:
                return []
            value: Value = computed(self.script.span(statement))
            if statement.type in FUNCTIONS:
                value = Function(statement, scope)
            scope.names[self.script.text(name)] = Lazy(lambda: value)
            return [self.script.text(name)]
        if statement.type == "enum_declaration":
            name = statement.child_by_field_name("name")
            if name is not None:
                scope.names[self.script.text(name)] = Lazy(lambda: self.evaluator.enum(statement, scope))
                return [self.script.text(name)]
        declared: list[str] = []
        for declarator in named(statement) if statement.type in VARIABLES else ():
            pattern, value_ = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
            if pattern is not None:
                made = self._made(value_, scope)
                declared += self.bind(pattern, made, scope)
        return declared

    def _made(self, syntax: Syntax | None, scope: Scope) -> Lazy:
        return Lazy(lambda: self.evaluator.value(syntax, scope) if syntax is not None else None)

    def bind(self, pattern: Syntax, value: Lazy, scope: Scope, depth: int = 0) -> list[str]:
        """Note the names of a pattern; the answer is those names."""
        if depth > _NESTED:
            return []
        span = self.script.span(pattern)
        kind = pattern.type
        if kind in {"identifier", "shorthand_property_identifier_pattern"}:
            scope.names[self.script.text(pattern)] = value
            if scope is self.scope:
                self._places[self.script.text(pattern)] = span
            return [self.script.text(pattern)]
        if kind in {"assignment_pattern", "object_assignment_pattern"}:
            left, right = pattern.child_by_field_name("left"), pattern.child_by_field_name("right")
            if left is None or right is None:
                return []
            return self.bind(left, self._or(value, right, scope, span), scope, depth + 1)
        if kind not in {"object_pattern", "array_pattern"}:
            return []
        found: list[str] = []
        for index, part in enumerate(named(pattern)):
            if part.type == "rest_pattern":
                inner = named(part)
                if inner:
                    found += self.bind(inner[0], Lazy(lambda: computed(span)), scope, depth + 1)
                continue
            target, name = part, str(index)
            if kind == "object_pattern":
                key, inside = part.child_by_field_name("key"), part.child_by_field_name("value")
                name_ = part.child_by_field_name("left") or part
                if part.type == "pair_pattern" and key is not None and inside is not None:
                    target, name_ = inside, key
                name = self.script.text(name_).strip("'\"")
            found += self.bind(target, self._member(value, name, part), scope, depth + 1)
        return found

    def _member(self, value: Lazy, name: str, syntax: Syntax) -> Lazy:
        span = self.script.span(syntax)
        return Lazy(lambda: self.evaluator.member(value.get(span), name, span))

    def _or(self, value: Lazy, default: Syntax, scope: Scope, span: Span) -> Lazy:
        """A value, or where there is none what a pattern says."""

        def make() -> Value:
            found = value.get(span)
            missing = found is None or self.evaluator.is_unset(found)
            return self.evaluator.value(default, scope) if missing else found

        return Lazy(make)

    # --------------------------------------------------------------------------------------------- what comes and goes

    def _specifier(self, syntax: Syntax) -> str:
        source = syntax.child_by_field_name("source")
        return unquoted(self.script.text(source)[1:-1]) if source is not None else ""

    def _import(self, statement: Syntax) -> None:
        specifier, span = self._specifier(statement), self.script.span(statement)
        for clause in named(statement):
            if clause.type == "import_require_clause":
                names = [c for c in named(clause) if c.type == "identifier"]
                wanted = self._specifier(clause)
                if names:
                    self.scope.names[self.script.text(names[0])] = self._whole(wanted, span)
            for part in named(clause) if clause.type == "import_clause" else ():
                if part.type == "identifier":
                    self.scope.names[self.script.text(part)] = self._of(specifier, "default", span)
                elif part.type == "namespace_import" and named(part):
                    self.scope.names[self.script.text(named(part)[0])] = self._whole(specifier, span)
                for name, own in self._specified(part, "import_specifier"):
                    self.scope.names[own] = self._of(specifier, name, span)

    def _specified(self, clause: Syntax, kind: str) -> Iterator[tuple[str, str]]:
        """The names in braces: what a thing is called there, and here."""
        for part in named(clause):
            name = part.child_by_field_name("name") if part.type == kind else None
            if name is not None:
                alias = part.child_by_field_name("alias") or name
                yield self.script.text(name).strip("'\""), self.script.text(alias).strip("'\"")

    def _of(self, specifier: str, name: str, span: Span) -> Lazy:
        def make() -> Value:
            found = self.evaluator.imported(specifier, self, span)
            if not isinstance(found, Namespace):
                return found if name == "default" else self.evaluator.member(found, name, span)
            inner = found.module.export(name, span)
            if inner is None:
                return computed(span, f"`{specifier}` exports no `{name}` that can be seen", kind="undefined")
            return inner

        return Lazy(self._deep(make, span))

    def _whole(self, specifier: str, span: Span) -> Lazy:
        return Lazy(self._deep(lambda: self.evaluator.imported(specifier, self, span), span))

    def _deep(self, make: Callable[[], Value], span: Span) -> Callable[[], Value]:
        """A value for which one goes down another level."""

        def deeper() -> Value:
            try:
                if not self.evaluator.enter():
                    return self.evaluator.limit(span)
                return make()
            finally:
                self.evaluator.leave()

        return deeper

    def _export(self, statement: Syntax) -> None:
        specifier, span = self._specifier(statement), self.script.span(statement)
        declaration, value = statement.child_by_field_name("declaration"), statement.child_by_field_name("value")
        words = [self.script.text(child) for child in statement.children if not child.is_named]
        if declaration is not None:
            names = self.declare(declaration, self.scope)
            for name in names:
                self.exports["default" if "default" in words else name] = self.scope.names[name]
            if not names and "default" in words:
                self.exports["default"] = Lazy(lambda: Function(declaration, self.scope))
            return
        if value is not None:
            self.exports["default"] = self._made(value, self.scope)
            return
        if "=" in words:
            inner = named(statement)
            if inner:
                self.assigned = self._made(inner[-1], self.scope)
            return
        parts = named(statement) if "type" not in words else []
        spaces = [part for part in parts if part.type == "namespace_export"]
        for part in spaces:
            if named(part):
                self.exports[self.script.text(named(part)[0])] = self._whole(specifier, span)
        if "*" in words and specifier and not spaces and "type" not in words:
            self._all.append(specifier)
        for part in parts:
            for name, own in self._specified(part, "export_specifier") if part.type == "export_clause" else ():
                self.exports[own] = self._of(specifier, name, span) if specifier else self._local(name, span)

    def _local(self, name: str, span: Span) -> Lazy:
        def make() -> Value:
            found = self.scope.find(name)
            return found.get(span) if found is not None else computed(span, f"`{name}` is not declared here")

        return Lazy(make)

    def _expression(self, statement: Syntax) -> None:
        """`module.exports = …` and `exports.name = …`."""
        inner = named(statement)
        if not inner or inner[0].type != "assignment_expression":
            return
        left, right = inner[0].child_by_field_name("left"), inner[0].child_by_field_name("right")
        if left is None or right is None:
            return
        target = self.script.text(left)
        while right.type == "assignment_expression":  # `module.exports = exports = …`
            right = right.child_by_field_name("right") or named(right)[-1]
        if target == "module.exports":
            self.assigned = self._made(right, self.scope)
        elif left.type == "member_expression":
            owner, name = left.child_by_field_name("object"), left.child_by_field_name("property")
            if owner is not None and name is not None and self.script.text(owner) in _EXPORTS:
                self._common = True
                self.exports[self.script.text(name)] = self._made(right, self.scope)

    # --------------------------------------------------------------------------------------------------------- changes

    def _changes(self, root: Syntax) -> None:
        """Note what the statements of the file itself change of what has been declared."""
        todo = [root]
        while todo:
            statement = todo.pop()
            if statement.type in _BLOCKS:
                todo += named(statement)
            elif statement.type == "expression_statement" and named(statement):
                expression = named(statement)[0]
                target = self._changed(expression)
                name = self._root(target) if target is not None else None
                if name is not None and name in self.scope.names:
                    self.changes.setdefault(name, self.script.span(expression))

    def _changed(self, expression: Syntax) -> Syntax | None:
        """What an expression changes."""
        if expression.type in _ASSIGNMENTS:
            return expression.child_by_field_name("left")
        if expression.type == "unary_expression" and self.script.text(expression).startswith("delete"):
            return expression.child_by_field_name("argument")
        called = expression.child_by_field_name("function") if expression.type == "call_expression" else None
        if called is None or called.type != "member_expression":
            return None
        owner, method = called.child_by_field_name("object"), called.child_by_field_name("property")
        if owner is None or method is None:
            return None
        if self.script.text(called) == "Object.assign":
            arguments = expression.child_by_field_name("arguments")
            return next(iter(named(arguments)), None) if arguments is not None else None
        return owner if self.script.text(method) in _CHANGES else None

    def _root(self, syntax: Syntax) -> str | None:
        """The name with which an expression begins."""
        while syntax.type in {"member_expression", "subscript_expression", "non_null_expression"}:
            inner = syntax.child_by_field_name("object") or next(iter(named(syntax)), None)
            if inner is None:
                return None
            syntax = inner
        return self.script.text(syntax) if syntax.type == "identifier" else None
