"""What the expressions of a program say, where they say it literally.

An expression that would have to be run is `Computed`, with the reason. Nothing of a program is ever executed: a function is
followed only where it does nothing but return an expression.
"""

from __future__ import annotations

import math
import posixpath
from typing import TYPE_CHECKING, TypeAlias

from stockade.inputs.serverless.program.module import FUNCTIONS, VARIABLES, Module
from stockade.inputs.serverless.program.texts import ROOT, TEXT_METHODS, Argument, literal_of, of_text, place_of
from stockade.inputs.serverless.program.values import (
    NOT_RUN,
    Ambient,
    Function,
    Lazy,
    Namespace,
    Scope,
    Value,
    computed,
    is_nothing,
    number,
    pieces_of,
    scalar,
    text_of,
    truth,
    whole,
)
from stockade.text.document import Span
from stockade.text.node import Entry, Mapping, Node, Scalar, Sequence
from stockade.text.script import SPREAD, Computed, Template, is_computed, named, spread_of, unquoted

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Mapping as MappingABC

    from tree_sitter import Node as Syntax

    from stockade.inputs.serverless.program.program import Program

MAX_DEPTH = 90  # of expressions in expressions, calls and imports followed
MAX_STEPS = 300_000
_AMBIENT = frozenset({"Array", "process", "Object", "Promise", "module", "exports", "globalThis"})
_METHODS = frozenset({
    "assign", "concat", "cwd", "entries", "flatMap", "freeze", "fromEntries", "isArray", "join", "keys", "map", "resolve",
    "values",
})  # fmt: skip
_WRAPPERS = frozenset({
    "parenthesized_expression", "as_expression", "satisfies_expression", "non_null_expression", "await_expression",
})  # fmt: skip
_CALLED = frozenset({"arrow_function", "function_expression", "method_definition", "function_declaration"})

_Handler: TypeAlias = "Callable[[Syntax, Scope], Value]"


class Evaluator:
    """Finds the values of expressions of all files of one service."""

    def __init__(self, program: Program, environment: MappingABC[str, str]) -> None:
        self.program = program
        self.environment = environment
        self.depth = 0
        self.steps = 0
        self._handlers: dict[str, _Handler] = {
            "array": self._array,
            "binary_expression": self._binary,
            "call_expression": self._call,
            "identifier": self._identifier,
            "member_expression": self._member_expression,
            "object": self._object,
            "subscript_expression": self._subscript,
            "template_string": self._template,
            "ternary_expression": self._ternary,
            "unary_expression": self._unary,
        }

    # ----------------------------------------------------------------------------------------------------- expressions

    def value(self, syntax: Syntax, scope: Scope) -> Value:
        """The value of an expression."""
        while syntax.type in _WRAPPERS or syntax.type == "type_assertion":
            inner = named(syntax)
            if not inner:
                break
            syntax = inner[-1] if syntax.type == "type_assertion" else inner[0]
        kind = syntax.type
        script = scope.module.script
        if kind == "string":
            return scalar(script.span(syntax), unquoted(script.text(syntax)[1:-1]))
        if kind == "number":
            found = number(script.text(syntax))
            return scalar(script.span(syntax), found) if found is not None else computed(script.span(syntax))
        if kind in {"true", "false", "null"}:
            return scalar(script.span(syntax), {"true": True, "false": False}.get(kind))
        if kind == "undefined":
            return None
        if kind in _CALLED:
            return Function(syntax, scope)
        handler = self._handlers.get(kind)
        if handler is None:
            return computed(script.span(syntax))
        try:
            return handler(syntax, scope) if self.enter() else self.limit(script.span(syntax))
        finally:
            self.leave()

    def enter(self) -> bool:
        """Go down a level; whether there is one left. `leave` has to follow in any case."""
        self.depth += 1
        self.steps += 1
        return self.depth <= MAX_DEPTH and self.steps <= MAX_STEPS

    def leave(self) -> None:
        """Come back from a level."""
        self.depth -= 1

    def _takes(self, count: int) -> bool:
        """Whether there is room for so many more entries or items: what doubles at each step ends here."""
        self.steps += count
        return self.steps <= MAX_STEPS

    def _text(self, span: Span, pieces: list[Scalar]) -> Scalar:
        """One text of parts, as long as there is room for it."""
        return text_of(span, pieces) if self._takes(sum(len(p.raw) for p in pieces) // 64) else self.limit(span)

    def limit(self, span: Span) -> Computed:
        """What is too deep or too much is not read."""
        return computed(span, "the program leads too deep, or to too much", "simplify it", "limit")

    def node(self, value: Value, span: Span) -> Node | None:
        """A value as it stands in a configuration."""
        if isinstance(value, Namespace):
            try:
                return value.module.node() if self.enter() else self.limit(span)
            finally:
                self.leave()
        if isinstance(value, Function):
            return computed(value.scope.module.script.span(value.syntax), "it is a function, and none is run")
        if isinstance(value, Ambient):
            return computed(span)
        if type(value) is Scalar and ROOT in value.raw:
            start, _, rest = value.raw.rpartition(ROOT)
            return computed(span) if start else text_of(span, [computed(span), scalar(span, rest)])
        return value

    def is_unset(self, value: Value) -> bool:
        """Whether a value is a variable of the environment that is not read: what stands behind `||` is meant then."""
        return type(value) is Computed and value.kind == "environment"

    def _identifier(self, syntax: Syntax, scope: Scope) -> Value:
        name, span = scope.module.script.text(syntax), scope.module.script.span(syntax)
        found = scope.find(name)
        if found is not None:
            change = scope.module.changes.get(name)
            if change is not None:
                self.program.changed(change, name)
            return found.get(span)
        if name in _AMBIENT:
            return Ambient(name)
        if name == "__dirname":
            return scalar(span, place_of(posixpath.dirname(scope.module.path)))
        return computed(span)

    def _object(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        entries: dict[str, Entry] = {}
        shadowed: list[Entry] = []
        unknown: list[Entry] = []

        def put(entry: Entry) -> None:
            before = entries.pop(entry.key.raw, None)
            if before is not None:
                shadowed.append(before)
            entries[entry.key.raw] = entry

        for part in named(syntax):
            span = script.span(part)
            if part.type == "spread_element":
                found = self.node(self.value(named(part)[0], scope) if named(part) else None, span)
                if type(found) is Mapping and self._takes(len(found.entries)):
                    for entry in found.entries:
                        if entry.key.raw == SPREAD:
                            unknown.append(entry)
                        else:
                            put(Entry(entry.key, entry.value, merged=True, alias=entry.alias))
                elif is_nothing(found) is not True and truth(found) is not False:
                    unknown.append(self._unknown(span, found))
                continue
            key = self._key(part, scope)
            if key is None:
                if part.type in {"pair", "method_definition"}:
                    unknown.append(self._unknown(span, None))
                continue
            value_ = part.child_by_field_name("value")
            if part.type == "pair" and value_ is not None:
                at = script.span(value_)
                value = self.node(self.value(value_, scope), at)
            elif part.type == "shorthand_property_identifier":
                at = span
                value = self.node(self._identifier(part, scope), at)
            else:
                at, value = span, computed(span)
            if value is None:  # `undefined`: as if it were not there
                entries.pop(key.raw, None)
            else:
                put(Entry(key, value, alias=None if at.covers(value.span) else at))
        return Mapping(script.span(syntax), (*entries.values(), *unknown), flow=True, shadowed=tuple(shadowed))

    def _unknown(self, span: Span, found: Node | None) -> Entry:
        """What stands for entries of which nothing is known."""
        why, remedy, kind = NOT_RUN, "write out what it adds, or scan what `serverless package` makes", "computed"
        if type(found) is Computed:
            why, kind = found.why, found.kind
            remedy = found.remedy or remedy
        return Entry(scalar(span, SPREAD), computed(span, why, remedy, kind, spread=True))

    def _key(self, part: Syntax, scope: Scope) -> Scalar | None:
        """The name of an entry, if it is known."""
        script = scope.module.script
        if part.type == "shorthand_property_identifier":
            return scalar(script.span(part), script.text(part))
        key = part.child_by_field_name("key") or part.child_by_field_name("name")
        if key is None:
            return None
        span, text = script.span(key), script.text(key)
        if key.type == "string":
            return scalar(span, unquoted(text[1:-1]))
        if key.type == "number":
            found = number(text)
            return scalar(span, str(found)) if found is not None else None
        if key.type == "computed_property_name":
            inner = self.value(named(key)[0], scope) if named(key) else None
            if type(inner) is Scalar and inner.tag is None:
                pieces = pieces_of(inner) or ()
                return scalar(span, "".join(piece.raw for piece in pieces))
            return None
        return scalar(span, text)

    def _array(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        items: list[Node] = []
        aliases: list[tuple[int, Span]] = []
        for part in named(syntax):
            span = script.span(part)
            if part.type == "ERROR":
                continue
            if part.type == "spread_element":
                found = self.node(self.value(named(part)[0], scope) if named(part) else None, span)
                if type(found) is Sequence and found.tag is None and self._takes(len(found.items)):
                    items += found.items
                else:
                    items.append(self._unknown(span, found).value)
                continue
            value = self.node(self.value(part, scope), span)
            if value is not None and not span.covers(value.span):
                aliases.append((len(items), span))
            items.append(value if value is not None else scalar(span, None))
        return Sequence(script.span(syntax), tuple(items), flow=True, aliases=tuple(aliases))

    def enum(self, syntax: Syntax, scope: Scope) -> Value:
        """An enumeration of TypeScript, as the mapping that it is when it runs."""
        script = scope.module.script
        body = syntax.child_by_field_name("body")
        entries: list[Entry] = []
        following: int | None = 0
        for part in named(body) if body is not None else ():
            name, value_ = part.child_by_field_name("name") or part, part.child_by_field_name("value")
            span = script.span(name)
            key = scalar(span, script.text(name).strip("'\""))
            value: Node | None = scalar(span, following) if following is not None else computed(span)
            if value_ is not None:
                value = self.node(self.value(value_, scope), span)
            known = type(value) is Scalar and isinstance(value.value, int)
            following = (
                int(value.value) + 1 if known and type(value) is Scalar and isinstance(value.value, int) else None
            )
            if value is not None:
                entries.append(Entry(key, value))
        return Mapping(script.span(syntax), tuple(entries), flow=True)

    def _template(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        span = script.span(syntax)
        pieces: list[Scalar] = []
        at = span.start + 1

        def literal(end: int) -> None:
            if end > at:
                place = Span(script.doc, at, end)
                pieces.append(scalar(place, unquoted(place.text)))

        for part in named(syntax):
            if part.type != "template_substitution":
                continue
            inside = script.span(part)
            literal(inside.start)
            at = inside.end
            pieces += self._pieces(named(part)[0] if named(part) else None, inside, scope)
        literal(span.end - 1)
        return self._text(span, pieces)

    def _pieces(self, syntax: Syntax | None, span: Span, scope: Scope) -> tuple[Scalar, ...]:
        """An expression as parts of a text."""
        found = self.value(syntax, scope) if syntax is not None else None
        if found is None:
            return (scalar(span, "undefined"),)
        return pieces_of(found) or (computed(span),)

    # ------------------------------------------------------------------------------------------------------- operators

    def _ternary(self, syntax: Syntax, scope: Scope) -> Value:
        condition = syntax.child_by_field_name("condition")
        holds = truth(self.value(condition, scope)) if condition is not None else None
        branch = syntax.child_by_field_name("consequence" if holds else "alternative")
        if holds is None or branch is None:
            shown = scope.module.script.text(condition) if condition is not None else ""
            why = f"whether `{' '.join(shown.split())[:60]}` holds is known only when the program runs"
            return computed(scope.module.script.span(syntax), why)
        return self.value(branch, scope)

    def _unary(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        span = script.span(syntax)
        argument, operator = syntax.child_by_field_name("argument"), syntax.child_by_field_name("operator")
        if argument is None or operator is None:
            return computed(span)
        sign = script.text(operator)
        if sign == "void":
            return None
        value = self.value(argument, scope)
        if sign == "!":
            holds = truth(value)
            return computed(span) if holds is None else scalar(span, not holds)
        known = _number_of(value)
        if sign in {"-", "+"} and known is not None:
            return scalar(span, -known if sign == "-" else known)
        return computed(span)

    def _binary(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        span = script.span(syntax)
        left, right, operator = _operands(syntax)
        if left is None or right is None:
            return computed(span)
        if operator == "+":
            return self._sum(syntax, scope)
        first = self.value(left, scope)
        if operator in {"||", "&&", "??"}:
            if operator != "&&" and self.is_unset(first):
                return self.value(right, scope)
            nothing = is_nothing(first)
            goes_on = nothing if operator == "??" else truth(first)
            if goes_on is None:
                return computed(span)
            return self.value(right, scope) if goes_on is (operator != "||") else first
        found = _compared(operator, first, self.value(right, scope))
        return computed(span) if found is None else scalar(span, found)

    def _sum(self, syntax: Syntax, scope: Scope) -> Value:
        """A chain of `+`, which is nested as deep as it is long."""
        script = scope.module.script
        span = script.span(syntax)
        chain: list[Syntax] = []
        current: Syntax | None = syntax
        while current is not None:
            left, right, operator = _operands(current)
            if current.type != "binary_expression" or operator != "+" or left is None or right is None:
                chain.append(current)
                break
            chain.append(right)
            current = left
        total: Value = self.value(chain.pop(), scope)
        pieces: list[Scalar] | None = None
        while chain:
            syntax = chain.pop()
            following = self.value(syntax, scope)
            if pieces is None and _is_numeric(total) and _is_numeric(following):
                total = scalar(span, whole((_number_of(total) or 0) + (_number_of(following) or 0)))
                continue
            texts = _is_text(total) or _is_text(following) or pieces is not None
            if not texts:
                return computed(span)
            more = pieces_of(following) if following is not None else (scalar(span, "undefined"),)
            if pieces is None:
                pieces = list(pieces_of(total) or (computed(span),))
            pieces += more if more is not None else (computed(script.span(syntax)),)
        return self._text(span, pieces) if pieces is not None else total

    # --------------------------------------------------------------------------------------------------------- members

    def _member_expression(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        owner, name = syntax.child_by_field_name("object"), syntax.child_by_field_name("property")
        if owner is None or name is None:
            return computed(script.span(syntax))
        return self._at(self.value(owner, scope), script.text(name), syntax, scope)

    def _subscript(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        owner, index = syntax.child_by_field_name("object"), syntax.child_by_field_name("index")
        key = self.value(index, scope) if index is not None else None
        if owner is None or type(key) is not Scalar or key.tag is not None:
            return computed(script.span(syntax))
        return self._at(self.value(owner, scope), "".join(p.raw for p in pieces_of(key) or ()), syntax, scope)

    def _at(self, owner: Value, name: str, syntax: Syntax, scope: Scope) -> Value:
        if is_nothing(owner) and any(child.type == "optional_chain" for child in syntax.children):
            return None
        return self.member(owner, name, scope.module.script.span(syntax))

    def member(self, owner: Value, name: str, span: Span) -> Value:
        """What stands at a name of a value."""
        if isinstance(owner, Namespace):
            return owner.module.export(name, span)
        if isinstance(owner, Ambient):
            return self._of_ambient(owner, name, span)
        if type(owner) is Mapping:
            found = owner.get(name) if name != SPREAD else None
            if found is None and spread_of(owner) is not None:
                return computed(span)
            return found
        if type(owner) is Sequence and owner.tag is None and spread_of(owner) is None:
            if name == "length":
                return scalar(span, len(owner.items))
            if name.isdecimal():
                return owner.items[int(name)] if int(name[:9]) < len(owner.items) else None
        return computed(span)

    def _of_ambient(self, owner: Ambient, name: str, span: Span) -> Value:
        if owner.name == "globalThis" and name == "process":
            return Ambient("process")
        if owner.name == "process" and name == "env":
            return Ambient("process.env")
        if owner.name == "process.env":
            given = self.environment.get(name)
            if given is not None:
                return scalar(span, given)
            why = f"the environment variable `{name}` is not read"
            return computed(span, why, f"set {name}, and scan with --var-env", "environment")
        return computed(span)

    # ----------------------------------------------------------------------------------------------------------- calls

    def _call(self, syntax: Syntax, scope: Scope) -> Value:
        script = scope.module.script
        span = script.span(syntax)
        called, arguments = syntax.child_by_field_name("function"), syntax.child_by_field_name("arguments")
        if called is None or arguments is None or arguments.type != "arguments":
            return computed(span)
        given = named(arguments)
        text = script.text(called)
        if text in {"require", "import"} and scope.find(text) is None:
            wanted = self.value(given[0], scope) if given else None
            if type(wanted) is Scalar and isinstance(wanted.value, str):
                return self.imported(wanted.value, scope.module, span)
            return computed(span)
        if called.type == "member_expression":
            found = self._method(called, given, span, scope)
            if found is not None:
                return found
        function = self.value(called, scope)
        if not isinstance(function, Function) or any(argument.type == "spread_element" for argument in given):
            return computed(span)
        return self.called(function, [scope.module._made(a, scope) for a in given], span)  # noqa: SLF001

    def _method(self, called: Syntax, given: list[Syntax], span: Span, scope: Scope) -> Value:
        """What the few methods give that only put together what is written; None for all others."""
        script = scope.module.script
        owner_, name_ = called.child_by_field_name("object"), called.child_by_field_name("property")
        if owner_ is None or name_ is None or any(argument.type == "spread_element" for argument in given):
            return None
        name = script.text(name_)
        if name not in _METHODS and name not in TEXT_METHODS:
            return None
        owner = self.value(owner_, scope)
        if type(owner) is Scalar and owner.tag is None and isinstance(owner.value, str) and name in TEXT_METHODS:
            return of_text(name, owner.value, [self._argument(argument, scope) for argument in given], span)
        if name in {"map", "flatMap"} and type(owner) is Sequence and len(given) == 1:
            return self._each(owner, self.value(given[0], scope), span, flat=name == "flatMap")
        values = [self.node(self.value(argument, scope), script.span(argument)) for argument in given]
        if isinstance(owner, Ambient):
            return self._method_of_ambient(owner, name, values, span)
        if type(owner) is Sequence and owner.tag is None:
            return self._method_of_list(owner, name, values, span)
        return None

    def _method_of_ambient(self, owner: Ambient, name: str, values: list[Node | None], span: Span) -> Value:
        called = (owner.name, name)
        if called == ("process", "cwd"):
            return scalar(span, place_of(self.program.paths.folder))
        if called in {("Object", "freeze"), ("Promise", "resolve")} and len(values) == 1:
            return values[0]
        if called == ("Object", "assign") and all(type(v) is Mapping for v in values):
            merged = {e.key.raw: e for v in values if type(v) is Mapping for e in v.entries if e.key.raw != SPREAD}
            unknown = [e for v in values if type(v) is Mapping for e in v.entries if e.key.raw == SPREAD]
            if not self._takes(len(merged)):
                return self.limit(span)
            return Mapping(span, (*merged.values(), *unknown), flow=True)
        if called == ("Array", "isArray") and len(values) == 1 and not is_computed(values[0]):
            return scalar(span, type(values[0]) is Sequence)
        if owner.name == "Object" and len(values) == 1:
            return self._as_list(name, values[0], span)
        return None

    def _as_list(self, name: str, value: Node | None, span: Span) -> Value:
        """What `Object` makes lists of, or of lists."""
        if name in {"keys", "values", "entries"} and type(value) is Mapping and spread_of(value) is None:
            pairs = [(Scalar(e.key.span, e.key.raw, e.key.raw, None, "double"), e.value) for e in value.entries]
            made: list[Node] = [
                key if name == "keys" else inner if name == "values" else Sequence(span, (key, inner), flow=True)
                for key, inner in pairs
            ]
            return Sequence(span, tuple(made), flow=True) if self._takes(len(made)) else self.limit(span)
        if name == "fromEntries" and type(value) is Sequence and value.tag is None:
            entries: dict[str, Entry] = {}
            for item in value.items:
                key = item.items[0] if type(item) is Sequence and len(item.items) == 2 else None
                if type(item) is not Sequence or type(key) is not Scalar or key.tag is not None:
                    return None
                entries[key.raw] = Entry(key, item.items[1])
            return Mapping(span, tuple(entries.values()), flow=True) if self._takes(len(entries)) else self.limit(span)
        return None

    def _each(self, owner: Sequence, function: Value, span: Span, *, flat: bool) -> Value:
        """What a function returns for each item of a list."""
        if not isinstance(function, Function) or owner.tag is not None or spread_of(owner) is not None:
            return None
        made: list[Node] = []
        for index, item in enumerate(owner.items):
            known: list[Value] = [item, scalar(span, index)]
            returned = self.called(function, [Lazy(lambda value=value: value) for value in known], span)  # type: ignore[misc]
            found = self.node(returned, span) or scalar(span, None)
            made += found.items if flat and type(found) is Sequence and found.tag is None else (found,)
        return Sequence(span, tuple(made), flow=True) if self._takes(len(made)) else self.limit(span)

    def _method_of_list(self, owner: Sequence, name: str, values: list[Node | None], span: Span) -> Value:
        if name == "concat":
            items: list[Node] = list(owner.items)
            for value in values:
                items += value.items if type(value) is Sequence else (value,) if value is not None else ()
            return Sequence(span, tuple(items), flow=True) if self._takes(len(items)) else self.limit(span)
        separator = values[0] if values else scalar(span, ",")
        if name == "join" and type(separator) is Scalar:
            pieces: list[Scalar] = []
            for index, item in enumerate(owner.items):
                pieces += (*((separator,) if index else ()), *(pieces_of(item) or (computed(span),)))
            return self._text(span, pieces)
        return None

    def _argument(self, syntax: Syntax, scope: Scope) -> Argument:
        """An argument of a text's method: what it is, or the regular expression of a text that it stands for."""
        text = scope.module.script.text(syntax)
        if syntax.type == "regex":
            return literal_of(text)
        found = self.value(syntax, scope)
        return found.value if type(found) is Scalar and found.tag is None else None

    def called(self, function: Function, given: list[Lazy] | None, span: Span) -> Value:
        """What a function returns, if it does nothing else. `given` are its arguments; None where the framework gives them."""
        try:
            found = self._returned(function, given, span) if self.enter() else self.limit(span)
        finally:
            self.leave()
        if type(found) is Computed and found.kind not in {"environment", "limit"}:
            return computed(span, found.why if found.kind != "computed" else NOT_RUN)
        if type(found) is Template:  # the call is what a reader can do something about
            parts = [computed(span) if type(p) is Computed and p.kind == "computed" else p for p in found.parts]
            return self._text(found.span, list(parts))
        return found

    def _returned(self, function: Function, given: list[Lazy] | None, span: Span) -> Value:
        syntax, module = function.syntax, function.scope.module
        scope = Scope(module, function.scope)
        body = syntax.child_by_field_name("body")
        if body is None or any(child.type == "*" for child in syntax.children):
            return computed(span)
        self._parameters(syntax, given, scope, span)
        if body.type != "statement_block":
            return self.value(body, scope)
        found = self._block(body, scope, span)
        return found[0] if found is not None else None

    def _parameters(self, syntax: Syntax, given: list[Lazy] | None, scope: Scope, span: Span) -> None:
        module = scope.module
        alone, listed = syntax.child_by_field_name("parameter"), syntax.child_by_field_name("parameters")
        patterns = [alone] if alone is not None else named(listed) if listed is not None else []
        for index, pattern in enumerate(patterns):
            value = Lazy(lambda: None)
            if given is None:
                value = Lazy(lambda: computed(span, "the framework says it when it runs"))
            elif index < len(given):
                value = given[index]
            inner = pattern.child_by_field_name("pattern")
            default = pattern.child_by_field_name("value")
            if inner is not None:  # as TypeScript has them
                if default is not None:
                    value = module._or(value, default, scope, span)  # noqa: SLF001
                pattern = inner  # noqa: PLW2901
            if pattern.type == "rest_pattern":
                rest = named(pattern)
                pattern, value = (rest[0] if rest else pattern), Lazy(lambda: computed(span))  # noqa: PLW2901
            module.bind(pattern, value, scope)

    def _block(self, body: Syntax, scope: Scope, span: Span) -> tuple[Value] | None:
        """What a block returns, if it does nothing else; None where it goes on behind the block."""
        module = scope.module
        for statement in named(body):
            if statement.type in VARIABLES or statement.type in FUNCTIONS:
                module.declare(statement, scope)
        for statement in named(body):
            if statement.type == "return_statement":
                inner = named(statement)
                return (self.value(inner[0], scope) if inner else None,)
            if statement.type == "if_statement":
                condition = statement.child_by_field_name("condition")
                holds = truth(self.value(condition, scope)) if condition is not None else None
                branch = statement.child_by_field_name("consequence" if holds else "alternative")
                if holds is None:
                    return (computed(span),)
                if branch is not None and branch.type == "else_clause":
                    branch = next(iter(named(branch)), None)
                if branch is None:
                    continue
                if branch.type == "return_statement":
                    return (self.value(named(branch)[0], scope) if named(branch) else None,)
                found = (
                    self._block(branch, Scope(module, scope), span)
                    if branch.type == "statement_block"
                    else (computed(span),)
                )
                if found is not None:
                    return found
            elif not (statement.type in VARIABLES or statement.type in FUNCTIONS or _is_harmless(statement, scope)):
                return (computed(span),)
        return None

    def imported(self, specifier: str, importer: Module, span: Span) -> Value:
        """What a module gives that is imported by a specifier."""
        return self.program.imported(specifier, importer, span)


def _is_harmless(statement: Syntax, scope: Scope) -> bool:
    """Whether a statement says nothing about what is returned: a directive, a message, a type."""
    if statement.type in {"empty_statement", "type_alias_declaration", "interface_declaration"}:
        return True
    inner = named(statement)
    if statement.type != "expression_statement" or not inner:
        return False
    return inner[0].type == "string" or (
        inner[0].type == "call_expression" and scope.module.script.text(inner[0]).startswith("console.")
    )


def _operands(syntax: Syntax) -> tuple[Syntax | None, Syntax | None, str]:
    operator = syntax.child_by_field_name("operator")
    left, right = syntax.child_by_field_name("left"), syntax.child_by_field_name("right")
    return left, right, operator.type if operator is not None else ""


def _is_text(value: Value) -> bool:
    return type(value) is Template or (type(value) is Scalar and isinstance(value.value, str))


def _is_numeric(value: Value) -> bool:
    return _number_of(value) is not None


def _number_of(value: Value) -> int | float | None:
    known = value.value if type(value) is Scalar and value.tag is None else None
    return known if isinstance(known, int | float) and not isinstance(known, bool) else None


def _compared(operator: str, left: Value, right: Value) -> bool | int | float | None:
    """What a comparison or a calculation of two values gives, if both are known."""
    if operator in {"===", "!==", "==", "!="}:
        same = _same(left, right, loosely=len(operator) == 2)
        return None if same is None else same is operator.startswith("=")
    first, second = _number_of(left), _number_of(right)
    if first is None or second is None:
        return None
    try:
        if operator in {"<", ">", "<=", ">="}:
            return {"<": first < second, ">": first > second, "<=": first <= second, ">=": first >= second}[operator]
        found: int | float
        if operator == "*":
            found = first * second
        elif operator == "-":
            found = first - second
        elif operator == "/":
            found = first / second
        elif operator == "%":
            found = math.fmod(first, second)
        else:
            return None
        return whole(found)
    except (ArithmeticError, ValueError):
        return None


def _same(left: Value, right: Value, *, loosely: bool) -> bool | None:
    """Whether two values are equal; None where that is not known."""
    nothing = is_nothing(left), is_nothing(right)
    if True in nothing:
        if None in nothing:
            return None
        return all(nothing) if loosely else (left is None) is (right is None) and all(nothing)
    if type(left) is not Scalar or type(right) is not Scalar:
        return None
    first, second = left.value, right.value
    kinds = [bool if isinstance(v, bool) else float if isinstance(v, int | float) else str for v in (first, second)]
    if kinds[0] is not kinds[1]:
        return None if loosely else False
    return first == second
