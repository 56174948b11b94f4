"""Evaluates expressions: from trees to terms.

`evaluate` raises `Wrong` for what Terraform would refuse, and answers with an unknown term for what can't be told. A
condition that can't be told keeps both branches, each under a premise.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from stockade.inputs.terraform.functions import Call, functions
from stockade.inputs.terraform.limits import MAX_SIZE, MAX_TEXT, Budget, TooMuch
from stockade.inputs.terraform.operators import binary, unary
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lazy,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    alt,
    cases,
    doubt_of,
    each_case,
    in_full,
    is_null,
    plain,
    scalar_text,
    text_parts,
    unknown,
    unread,
)
from stockade.inputs.terraform.types import truths
from stockade.model.value import Doubt, Hole, Premise, When, conjoin
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance

MAX_DEPTH = 400
MAX_KEYS = 24  # an unknown key chooses among up to so many entries, each under its premise
_SPACE = regex(r"\s+")
_MOST_WORDS = 60
_SEARCHING = 500  # times as much as it costs to go through a text is it to search it with a regular expression
_TEMPLATES = frozenset({"templatefile", "templatestring"})


class Scope:
    """What names mean at a place: the module instance, and the names that `for`, `each`, `count` and `self` bring in.

    Where it is `closed` (in a template, in a default) there are no other names.
    """

    __slots__ = ("closed", "module", "names")

    def __init__(self, module: Instance, names: dict[str, Term] | None = None, *, closed: bool = False) -> None:
        self.module = module
        self.names = names or {}
        self.closed = closed

    def having(self, **names: Term) -> Scope:
        """The scope with further names."""
        return Scope(self.module, {**self.names, **names}, closed=self.closed)


class _Rounds:
    """What the rounds of a `for` have made so far."""

    def __init__(self, opened: Doubt | None) -> None:
        self.opened = opened
        self.size = 0
        self.items: list[Term] = []
        self.entries: dict[str, Term] = {}
        self.groups: dict[str, list[Term]] = {}


class Evaluator:
    """Evaluates the expressions of one scan."""

    def __init__(self) -> None:
        self._depth = 0
        self._budget = Budget()
        self._functions = functions()
        self._by_type: dict[type, Callable[[Any, Scope], Term]] = {
            hcl.Template: self._template,
            hcl.Name: self._name,
            hcl.Attr: self._attr,
            hcl.Index: self._index,
            hcl.Splat: self._splat,
            hcl.Item: self._item,
            hcl.Call: self._call,
            hcl.Unary: self._unary,
            hcl.Binary: self._binary,
            hcl.Conditional: self._conditional,
            hcl.Tuple: self._tuple,
            hcl.Object: self._object,
            hcl.For: self._for,
            hcl.Paren: self._paren,
            hcl.Broken: self._broken,
        }

    def apart(self, expr: hcl.Expr, scope: Scope) -> Term:
        """What an expression is, with steps of its own: of what is evaluated once and kept. Raises Wrong and TooMuch."""
        entered = self._budget.enter()
        try:
            return self.evaluate(expr, scope)
        except RecursionError:
            raise TooMuch("it leads through too many other expressions", expr.span) from None
        finally:
            self._budget.leave(entered)

    def evaluate(self, expr: hcl.Expr, scope: Scope) -> Term:
        """What an expression is in a scope."""
        budget = self._budget
        budget.left -= 1
        if type(expr) is hcl.Constant:  # also where nothing else is evaluated any more
            return Lit(span=expr.span, v=expr.value)
        if budget.left < 0:
            budget.end(expr.span)
        self._depth += 1
        try:
            if self._depth > MAX_DEPTH:
                raise TooMuch("it leads through too many other expressions", expr.span)
            return self._by_type[type(expr)](expr, scope)
        except Wrong as wrong:
            if wrong.span is None:
                wrong.span = expr.span
            raise
        except NotKnown as why:
            return Unk(span=expr.span, doubt=why.doubt)
        finally:
            self._depth -= 1

    # ------------------------------------------------------------------------------------------------------------ texts

    def _template(self, expr: hcl.Template, scope: Scope) -> Term:
        if len(expr.parts) == 1 and isinstance(expr.parts[0], hcl.Fill) and not expr.heredoc:
            return self.evaluate(expr.parts[0].expr, scope)
        return self._checked(text_from(self.pieces(expr.parts, scope), expr.span), expr.span)

    def _checked(self, term: Term, span: Span) -> Term:
        return self._budget.checked(term, span)

    def pieces(self, parts: tuple[hcl.Part, ...], scope: Scope) -> list[tuple[Term | str, Span, bool]]:
        """The parts of a template in order: literals and terms, each with its place and whether it is exact."""
        found: list[tuple[Term | str, Span, bool]] = []
        for part in parts:
            if isinstance(part, hcl.Chunk):
                found.append((part.text, part.span, part.exact))
            elif isinstance(part, hcl.Fill):
                found.append((self.evaluate(part.expr, scope), part.span, False))
            elif isinstance(part, hcl.If):
                found += self._directive(part, scope)
            else:
                found += self._loop(part, scope)
        return found

    def _directive(self, part: hcl.If, scope: Scope) -> list[tuple[Term | str, Span, bool]]:
        condition = self.truth(self.evaluate(part.condition, scope), part.condition, scope)
        if type(condition) is Lit:
            return self.pieces(part.then if condition.v else part.otherwise, scope)
        options: list[tuple[When, Term]] = []
        for when, leaf in cases(condition):
            chosen = part.then if type(leaf) is Lit and leaf.v else part.otherwise
            options.append((when, text_from(self.pieces(chosen, scope), part.span)))
        return [(alt(options, part.span), part.span, False)]

    def _loop(self, part: hcl.Loop, scope: Scope) -> list[tuple[Term | str, Span, bool]]:
        found: list[tuple[Term | str, Span, bool]] = []
        collection = self.evaluate(part.collection, scope)
        items = entries_of(collection)
        if items is None:
            return [(Unk(span=part.span, doubt=doubt_of(collection)), part.span, False)]
        for key, value in items:
            self._budget.spend(1 + len(part.body), part.span)
            names = {part.value: value} | ({part.key: key} if part.key else {})
            found += self.pieces(part.body, scope.having(**names))
        opened = open_of(collection)
        if opened is not None:
            found.append((Unk(span=part.span, doubt=opened), part.span, False))
        return found

    # ------------------------------------------------------------------------------------------------------- traversals

    def _name(self, expr: hcl.Name, scope: Scope) -> Term:
        own = scope.names.get(expr.name)
        if own is not None:
            return own
        # `string`, `number` in type constraints never come here.
        why = "can't be referred to here" if scope.closed else "is no name that is known here"
        raise Wrong(f"`{expr.name}` {why}", expr.span)

    def _attr(self, expr: hcl.Attr, scope: Scope) -> Term:
        of = expr.of
        if type(of) is hcl.Name and of.name not in scope.names and not scope.closed:
            return self._rooted(of.name, expr.name, expr.span, scope)
        if (
            type(of) is hcl.Attr
            and type(of.of) is hcl.Name
            and of.of.name in {"data", "resource", "ephemeral"}
            and of.of.name not in scope.names
            and not scope.closed
        ):
            if of.of.name == "data":
                return scope.module.data_term(of.name, expr.name, expr.span)
            if of.of.name == "resource":
                return scope.module.resource_term(of.name, expr.name, expr.span)
            return unknown("it is ephemeral, and never kept", expr.span, cause="ephemeral")
        return attribute(self.evaluate(of, scope), expr.name, expr.span)

    @staticmethod
    def _rooted(root: str, name: str, span: Span, scope: Scope) -> Term:
        module = scope.module
        if root == "var":
            return module.variable(name, span)
        if root == "local":
            return module.local(name, span)
        if root == "module":
            return module.call_term(name, span)
        if root == "path":
            return module.path(name, span)
        if root in {"terraform", "tofu"}:
            return module.workspace(name, span)
        if root in {"each", "count", "self"}:
            raise Wrong(f"`{root}.{name}` has no meaning here", span)
        if root in {"data", "resource", "ephemeral"}:
            raise Wrong(f"`{root}.{name}` wants the name of one", span)
        return module.resource_term(root, name, span)

    def _index(self, expr: hcl.Index, scope: Scope) -> Term:
        of = self.evaluate(expr.of, scope)
        key = self.evaluate(expr.key, scope)
        return each_case((of, key), expr.span, lambda got: self._at(got[0], got[1], expr.span))

    def _at(self, of: Term, key: Term, span: Span) -> Term:
        of = in_full(of)
        if type(of) is Unk:
            return Unk(span=span, doubt=of.doubt, name=f"{of.name}[{shown(key)}]" if of.name else "")
        if type(of) is Lit and of.v is None:
            raise Wrong("null has no items", span)
        if _after_apply(of):
            return Unk(span=span, doubt=doubt_of(of), name=f"{shown(of)}[{shown(key)}]")
        try:
            wanted = plain(key)
        except NotKnown as why:
            return self._at_unknown(of, key, span, why.doubt)
        if wanted is None:
            raise Wrong("null is no index", span)
        if type(of) is Obj:
            return attribute(of, scalar_text(wanted) or "", span)
        if type(of) is Seq:
            return item_at(of, wanted, span)
        raise Wrong("only collections have items", span)

    @staticmethod
    def _at_unknown(of: Term, key: Term, span: Span, doubt: Doubt) -> Term:
        name = key.name if type(key) is Unk else ""
        if type(of) is Obj and name and of.open is None and 0 < len(of.entries) <= MAX_KEYS:
            options: list[tuple[When, Term]] = []
            for word, value in of.entries.items():
                for when, leaf in cases(value):
                    both = conjoin((is_word(name, word, doubt),), when)
                    if both is not None:
                        options.append((both, leaf))
            return alt(options, span)
        if type(of) is Seq and len(of.items) == 1 and (of.open is None or type(of.items[0]) is Lazy):
            return of.items[0]  # the one instance that stands for all of them, it may be
        if type(of) is Obj and of.open is not None and "*" in of.entries:
            return of.entries["*"]
        return Unk(span=span, doubt=doubt, name=f"{span.doc.path}:{span.start}[]")

    def _splat(self, expr: hcl.Splat, scope: Scope) -> Term:
        of = self.evaluate(expr.of, scope)

        def one(term: Term) -> Term:
            return self.evaluate(expr.each, scope.having(**{"*": term}))

        def all_of(got: tuple[Term, ...]) -> Term:
            term = got[0]
            if type(term) is Seq:
                items = tuple(one(item) for item in term.items)
                return Seq(
                    span=expr.span, items=items, kind="tuple" if term.kind == "tuple" else "list", open=term.open
                )
            if type(term) is Unk:
                return Seq(span=expr.span, items=(), open=term.doubt)
            if is_null(term):
                return Seq(span=expr.span, items=())
            return Seq(span=expr.span, items=(one(term),))

        return self._checked(each_case((of,), expr.span, all_of), expr.span)

    @staticmethod
    def _item(_: hcl.Item, scope: Scope) -> Term:
        return scope.names["*"]

    # -------------------------------------------------------------------------------------------------------- operators

    def _unary(self, expr: hcl.Unary, scope: Scope) -> Term:
        operand = self.evaluate(expr.operand, scope)
        if expr.op == "!":
            operand = self.truth(operand, expr.operand, scope)
        return each_case((operand,), expr.span, lambda got: unary(expr.op, got[0], expr.span))

    def _binary(self, expr: hcl.Binary, scope: Scope) -> Term:
        left = self.evaluate(expr.left, scope)
        if expr.op in {"&&", "||"}:
            left = self.truth(left, expr.left, scope)
            stops = expr.op == "||"
            if type(left) is Lit and left.v is stops:
                return Lit(span=expr.span, v=stops)
            right = self.truth(self.evaluate(expr.right, scope), expr.right, scope)
        else:
            right = self.evaluate(expr.right, scope)
            self._budget.charge((left, right), expr.span)
        return each_case((left, right), expr.span, lambda got: binary(expr.op, got[0], got[1], expr.span))

    def truth(self, term: Term, expr: hcl.Expr, scope: Scope) -> Term:
        """A condition as true, false, or both under premises: never plainly unknown."""
        options: list[tuple[When, Term]] = []
        for when, leaf in cases(term):
            if type(leaf) is Lit:
                v = leaf.v
                if v is None:
                    raise Wrong("null is no condition", expr.span)
                if isinstance(v, str) and v in {"true", "false"}:
                    v = v == "true"
                if not isinstance(v, bool):
                    raise Wrong("true or false belongs here", expr.span)
                options.append((when, Lit(span=leaf.span, v=v)))
                continue
            premise = self._premise(leaf, expr, scope)
            for holds in (premise, premise.negated()):
                both = conjoin(when, (holds,))
                if both is not None:
                    options.append((both, Lit(span=expr.span, v=holds.holds)))
        return alt(options, expr.span)

    @staticmethod
    def _premise(term: Term, expr: hcl.Expr, scope: Scope) -> Premise:
        if type(term) is Unk and term.name:
            return replace(truths(term.name, term.doubt)[0], text_not=f"`{term.name}` is not true")
        words = _SPACE.sub(" ", expr.span.text)
        short = words if len(words) <= _MOST_WORDS else words[: _MOST_WORDS - 1] + "…"
        # The same words in one module and round of a loop are the same question.
        turn = ",".join(f"{k}={shown(v)}" for k, v in scope.names.items() if not isinstance(v, Lazy))
        key, doubt = f"{scope.module.address}|{words}|{turn}", unread(doubt_of(term))
        return Premise(key, f"`{short}` holds", f"`{short}` does not hold", unread=doubt)

    def _conditional(self, expr: hcl.Conditional, scope: Scope) -> Term:
        condition = self.truth(self.evaluate(expr.condition, scope), expr.condition, scope)
        options: list[tuple[When, Term]] = []
        wrong: Wrong | None = None
        for when, leaf in cases(condition):
            branch = expr.then if type(leaf) is Lit and leaf.v else expr.otherwise
            try:
                options.append((when, _like(self.evaluate(branch, scope), expr)))
            except Wrong as error:
                if type(condition) is Lit:
                    raise
                wrong = error
        if not options and wrong is not None:
            raise wrong
        return alt(options, expr.span)

    # ------------------------------------------------------------------------------------------------------ collections

    def _tuple(self, expr: hcl.Tuple, scope: Scope) -> Term:
        items = tuple(self.evaluate(item, scope) for item in expr.items)
        return self._checked(Seq(span=expr.span, items=items), expr.span)

    def _object(self, expr: hcl.Object, scope: Scope) -> Term:
        entries: dict[str, Term] = {}
        keys: dict[str, Span] = {}
        places: dict[str, Span] = {}
        opened: Doubt | None = None
        for entry in expr.entries:
            key = self.evaluate(entry.key, scope)
            value = self.evaluate(entry.value, scope)
            try:
                name = scalar_text(plain(key))
            except NotKnown as why:
                opened = why.doubt
                continue
            if name is None:
                raise Wrong("null and collections are no keys", entry.key.span)
            entries[name] = value
            keys[name] = entry.key.span
            places[name] = entry.value.span
        made = Obj(span=expr.span, entries=entries, keys=keys, places=places, open=opened)
        return self._checked(made, expr.span)

    def _for(self, expr: hcl.For, scope: Scope) -> Term:
        collection = self.evaluate(expr.collection, scope)
        return each_case((collection,), expr.span, lambda got: self._for_in(expr, got[0], scope))

    def _for_in(self, expr: hcl.For, collection: Term, scope: Scope) -> Term:
        if is_null(collection):
            raise Wrong("null can't be gone through", expr.collection.span)
        items = entries_of(collection)
        rounds = _Rounds(open_of(collection))
        if items is None:
            if type(collection) is not Unk:
                raise Wrong("only collections can be gone through", expr.collection.span)
            rounds.opened, items = collection.doubt, []
        for key, value in items:
            self._budget.spend(1, expr.span)
            own = scope.having(**({expr.value: value} | ({expr.key: key} if expr.key else {})))
            self._round(expr, own, rounds)
        if expr.result_key is None:
            return self._checked(Seq(span=expr.span, items=tuple(rounds.items), open=rounds.opened), expr.span)
        entries = rounds.entries
        if expr.grouped:
            for name, members in rounds.groups.items():
                entries[name] = Seq(span=expr.result.span, items=tuple(members))
        made = Obj(span=expr.span, entries=dict(sorted(entries.items())), open=rounds.opened)
        return self._checked(made, expr.span)

    def _round(self, expr: hcl.For, scope: Scope, rounds: _Rounds) -> None:
        """One item of what a `for` goes through."""
        if expr.condition is not None:
            said = self.evaluate(expr.condition, scope)
            wanted = self._decided(said, expr.condition)
            if wanted is None:
                rounds.opened = rounds.opened or doubt_of(said)
            if not wanted:
                return
        result = self.evaluate(expr.result, scope)
        rounds.size += self._budget.size(result)
        if rounds.size > MAX_SIZE:
            raise TooMuch("its value is too large", expr.span)
        if expr.result_key is None:
            rounds.items.append(result)
            return
        try:
            name = scalar_text(plain(self.evaluate(expr.result_key, scope)))
        except NotKnown as why:
            rounds.opened = why.doubt
            return
        if name is None:
            raise Wrong("null and collections are no keys", expr.result_key.span)
        if expr.grouped:
            rounds.groups.setdefault(name, []).append(result)
        elif name in rounds.entries:
            raise Wrong(f"two items have the key `{name}`", expr.span)
        else:
            rounds.entries[name] = result

    @staticmethod
    def _decided(term: Term, expr: hcl.Expr) -> bool | None:
        if type(term) is Lit:
            if term.v is True or term.v == "true":
                return True
            if term.v is False or term.v == "false":
                return False
            raise Wrong("true or false belongs here", expr.span)
        return None

    def _paren(self, expr: hcl.Paren, scope: Scope) -> Term:
        return self.evaluate(expr.inner, scope)

    @staticmethod
    def _broken(expr: hcl.Broken, _: Scope) -> Term:
        return unknown("it can't be read", expr.span, cause="syntax", remedy="correct the syntax")

    # -------------------------------------------------------------------------------------------------------- functions

    def _call(self, expr: hcl.Call, scope: Scope) -> Term:
        name = expr.name.removeprefix("core::")
        if name == "try":
            return self._try(expr, scope)
        if name == "can":
            return self._can(expr, scope)
        if name.startswith("provider::"):
            return unknown(f"`{name}` is a function of a provider", expr.span, cause="provider function")
        function = self._functions.get(name)
        if function is None:
            raise Wrong(f"there is no function `{name}`", expr.name_span)
        if scope.closed and name in _TEMPLATES:
            raise Wrong(f"`{name}` can't be called in a template", expr.name_span)
        args = [self.evaluate(arg, scope) for arg in expr.args]
        if expr.expand and args:
            last = args.pop()
            last = in_full(last)
            return each_case((last,), expr.span, lambda got: self._spread(function, name, expr, args, got[0], scope))
        return self._apply(function, name, expr.span, args, scope)

    def _spread(
        self, function: Callable[[Call], Term], name: str, expr: hcl.Call, args: list[Term], last: Term, scope: Scope
    ) -> Term:
        if type(last) is Unk or (type(last) is Seq and last.open is not None):
            return Unk(span=expr.span, doubt=doubt_of(last))
        if type(last) is not Seq:
            raise Wrong("only a list can be spread", expr.span)
        return self._apply(function, name, expr.span, [*args, *last.items], scope)

    def _apply(self, function: Callable[[Call], Term], name: str, span: Span, args: list[Term], scope: Scope) -> Term:
        module = scope.module

        def run(got: tuple[Term, ...]) -> Term:
            call = Call(
                name=name,
                span=span,
                args=got,
                files=module.files,
                folder=module.folder,
                root=module.root_folder,
                render=lambda path, variables, at: self.render(path, variables, at, scope),
                render_text=lambda text, variables, at: self.render_text(text, variables, at, scope),
            )
            self._budget.charge(got, span, _SEARCHING if _searches(name, got) else 1)
            try:
                made = function(call)
            except NotKnown as why:
                return Unk(span=span, doubt=why.doubt)
            self._budget.charge_made(made, span)
            return self._checked(made, span)

        return each_case(tuple(args), span, run)

    def _try(self, expr: hcl.Call, scope: Scope) -> Term:
        wrong: Wrong | None = None
        for arg in expr.args:
            try:
                return self.evaluate(arg, scope)
            except Wrong as error:
                wrong = error
        raise Wrong("none of the expressions can be evaluated", wrong.span if wrong is not None else expr.span)

    def _can(self, expr: hcl.Call, scope: Scope) -> Term:
        if len(expr.args) != 1:
            raise Wrong("`can` takes 1 argument", expr.span)
        try:
            term = self.evaluate(expr.args[0], scope)
        except Wrong:
            return Lit(span=expr.span, v=False)
        if type(term) is Unk:
            return Unk(span=expr.span, doubt=term.doubt, kind="bool")
        return Lit(span=expr.span, v=True)

    def render(self, path: str, variables: Term, span: Span, scope: Scope) -> Term:
        """A template file with these variables filled in."""
        file = scope.module.files.template(path)
        return self.render_file(file, variables, span, scope)

    def render_text(self, text: Document, variables: Term, span: Span, scope: Scope) -> Term:
        """A template's text with these variables filled in."""
        from stockade.text.hcl.read import read_template

        return self.render_file(read_template(text), variables, span, scope)

    def render_file(self, file: hcl.HclFile, variables: Term, span: Span, scope: Scope) -> Term:
        """A template that was read with these variables filled in."""
        if file.problems:
            problem = file.problems[0]
            raise Wrong(f"the template `{file.document.path}` can't be read: {problem.message}", problem.span or span)
        variables = in_full(variables)
        if type(variables) is Unk:
            return Unk(span=span, doubt=variables.doubt)
        if type(variables) is not Obj:
            raise Wrong("the variables of a template are an object", span)
        found = file.body.attributes["template"].expr
        inner = Scope(scope.module, dict(variables.entries), closed=True)
        if type(found) is hcl.Template:
            if len(found.parts) == 1 and isinstance(found.parts[0], hcl.Fill):
                return self.evaluate(found.parts[0].expr, inner)
            return text_from(self.pieces(found.parts, inner), found.span)
        return self.evaluate(found, inner)


# ----------------------------------------------------------------------------------------------------------------- helpers


def _like(term: Term, expr: hcl.Conditional) -> Term:
    """A branch of a conditional as the type that both have: beside a text, numbers and truth values are texts."""
    if type(term) is Lit and term.v is not None and not isinstance(term.v, str):
        for other in (expr.then, expr.otherwise):
            if type(other) is hcl.Template or (type(other) is hcl.Constant and isinstance(other.value, str)):
                return Lit(span=term.span, v=scalar_text(term.v), sensitive=term.sensitive)
    return term


def _searches(name: str, args: tuple[Term, ...]) -> bool:
    """Whether a call searches a text with a regular expression."""
    if name == "replace" and len(args) > 1:
        pattern = args[1]
        return type(pattern) is Lit and isinstance(pattern.v, str) and len(pattern.v) > 1 and pattern.v[0] == "/"
    return name in {"regex", "regexall"}


def text_from(pieces: list[tuple[Term | str, Span, bool]], span: Span) -> Term:
    """One text out of literals and terms."""
    terms = tuple(piece for piece, _, _ in pieces if not isinstance(piece, str))

    def make(got: tuple[Term, ...]) -> Term:
        parts: list[TxtPart] = []
        places: list[Span | None] = []
        exact: list[bool] = []
        index = 0
        length = 0
        sensitive = False
        for piece, place, is_exact in pieces:
            own: tuple[TxtPart, ...]
            if isinstance(piece, str):
                own = (piece,) if piece else ()
            else:
                term = got[index]
                index += 1
                sensitive = sensitive or term.sensitive
                own = text_parts(term)
            length += sum(len(part) if isinstance(part, str) else 1 for part in own)
            if length > MAX_TEXT:
                raise TooMuch(f"it makes a text of more than {MAX_TEXT:,} characters", span)
            parts += own
            places += [place] * len(own)
            exact += [is_exact] * len(own)
        if all(isinstance(p, str) for p in parts):
            known = tuple((str(p), s) for p, s in zip(parts, places, strict=True) if s is not None)
            text = "".join(piece for piece, _ in known)
            return Lit(span=span, v=text, pieces=known if len(known) > 1 else (), sensitive=sensitive)
        return Txt(span=span, parts=tuple(parts), places=tuple(places), exact=tuple(exact), sensitive=sensitive)

    return each_case(terms, span, make)


def attribute(term: Term, name: str, span: Span) -> Term:
    """`term.name`."""
    if type(term) is Obj:
        found = term.entries.get(name)
        if found is not None:
            return found
        if term.open is not None:
            return Unk(span=span, doubt=term.open)
        raise Wrong(f"there is no `{name}` in it", span)
    if type(term) is Lazy:
        return term.get(name, span)
    if type(term) is Alt:
        return each_case((term,), span, lambda got: attribute(got[0], name, span))
    if type(term) is Unk:
        return Unk(span=span, doubt=term.doubt, name=f"{term.name}.{name}" if term.name else "")
    if type(term) is Seq and name.isdigit():
        return item_at(term, int(name), span)
    if type(term) is Lit and term.v is None:
        raise Wrong(f"null has no `{name}`", span)
    if type(term) is Seq and term.open is not None:
        return Unk(span=span, doubt=term.open)
    if _after_apply(term):
        return Unk(span=span, doubt=doubt_of(term), name=f"{shown(term)}.{name}")
    raise Wrong(f"it has no `{name}`", span)


def _after_apply(term: Term) -> bool:
    """Whether it is an attribute that only an apply makes, and that may be a collection."""
    if type(term) is not Txt or len(term.parts) != 1:
        return False
    only = term.parts[0]
    return isinstance(only, Ref) and only.behind is not None and type(only.behind()) is Unk


def item_at(term: Seq, wanted: object, span: Span) -> Term:
    """`term[wanted]`."""
    try:
        index = int(str(wanted))
    except ValueError:
        raise Wrong("a list is indexed by numbers", span) from None
    if term.kind == "set":
        raise Wrong("a set has no order", span)
    # Of a list that may hold more than is known, nobody knows at which places; but instances are made in their order.
    if term.open is not None and not (0 <= index < len(term.items) and type(term.items[index]) is Lazy):
        return Unk(span=span, doubt=term.open)
    if 0 <= index < len(term.items):
        return term.items[index]
    raise Wrong(f"there is no item {index} in a list of {len(term.items)}", span)


def entries_of(term: Term) -> list[tuple[Term, Term]] | None:
    """The keys and values of a collection; None for what is none."""
    term = in_full(term)
    if type(term) is Obj:
        return [(Lit(span=term.keys.get(key, term.span), v=key), value) for key, value in sorted(term.entries.items())]
    if type(term) is Seq:
        if term.kind == "set":
            return [(item, item) for item in term.items]
        return [(Lit(span=item.span, v=index), item) for index, item in enumerate(term.items)]
    return None


def open_of(term: Term) -> Doubt | None:
    """Why a collection may hold more than is known."""
    return term.open if isinstance(term, Obj | Seq) else None


def is_word(name: str, word: str, doubt: Doubt) -> Premise:
    """The premise that the unknown of a name is this text."""
    return Premise(name, f"`{name}` is {word}", f"`{name}` is not {word}", word, unread=unread(doubt))


def shown(term: Term) -> str:
    """A term in a few words."""
    if type(term) is Lit:
        return scalar_text(term.v) or "null"
    if type(term) is Unk:
        return term.name or "?"
    if type(term) is Txt:
        return "".join(
            p if isinstance(p, str) else f"${{{p.name if isinstance(p, Hole) else p.reference.shown}}}"
            for p in term.parts
        )
    if type(term) is Json:
        return "json"
    return "…"
