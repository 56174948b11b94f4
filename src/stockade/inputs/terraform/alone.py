"""The blocks of a plan that stands alone, without its configuration: every place is in the plan.

What is known only after apply is a reference to another resource where the plan's own account of its configuration leaves one
possibility. That account names what an expression refers to, and neither the text around it nor the local values on the way:
so a reference may have unknown text around it, and much stays unknown that the configuration would tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from msgspec import Struct

from stockade.inputs.terraform.attributes import reference, shaped, word_for
from stockade.inputs.terraform.data_sources import policy_document
from stockade.inputs.terraform.later import IDENTIFYING, is_composed, is_document, is_list
from stockade.inputs.terraform.modules import Key
from stockade.inputs.terraform.overlay import Accounts, Opened, Parts, part, says
from stockade.inputs.terraform.plan import Configuration, Path, Plan, Planned, Where, references_of
from stockade.inputs.terraform.plan_values import is_zero
from stockade.inputs.terraform.terms import Json, Lit, Obj, Ref, Seq, Term, Txt, TxtPart, Unk, from_plain
from stockade.knowledge.iam import managed_policy
from stockade.model.value import Doubt, Hole
from stockade.patterns import regex
from stockade.text.document import Span

_BESIDE = "scan it together with the configuration that it is a plan of"
_LATER = Doubt("it is known only after apply", _BESIDE, "after apply")
_DYNAMIC = Doubt("it is known only after apply, and may be made by a `dynamic` block", _BESIDE, "after apply")
_PART = Doubt("its text is known only after apply", _BESIDE, "after apply")
_MORE = Doubt("what stands beside the references is known only after apply", _BESIDE, "after apply")

_REFERENCE = regex(
    r'(?P<root>(?:data\.)?[A-Za-z_][\w-]*\.[A-Za-z_][\w-]*)(?:\[(?:(?P<number>\d+)|"(?P<key>(?:[^"\\]|\\.)*)")\])?'
    r"(?P<rest>(?:\.[\w-]+|\[[^\]]*\])*)"
)
_DOCUMENT = "aws_iam_policy_document"
_POLICY = "aws_iam_policy"
_GROUP = "aws_cloudwatch_log_group"
_FUNCTION = "aws_lambda_function"
_LOGS = "/aws/lambda/"
_TURN = frozenset({"each", "count"})
_NOT_RESOURCES = frozenset({"var", "local", "each", "count", "self", "path", "terraform", "module", "tofu"})
# Blocks that the provider does not fill in by itself: not known as a whole, they come from a `dynamic` block. Seen in
# plans of the AWS provider 5.100.0, in which they are empty where nobody writes them.
_WRITTEN_ONLY: dict[str, frozenset[str]] = {
    "aws_lambda_function": frozenset({
        "dead_letter_config", "environment", "file_system_config", "image_config", "snap_start", "vpc_config",
    }),
    "aws_lambda_function_url": frozenset({"cors"}),
    "aws_lambda_event_source_mapping": frozenset({
        "destination_config", "filter_criteria", "scaling_config", "self_managed_event_source",
        "source_access_configuration", "provisioned_poller_config",
    }),
    "aws_lambda_function_event_invoke_config": frozenset({"destination_config"}),
    "aws_apigatewayv2_api": frozenset({"cors_configuration"}),
    "aws_apigatewayv2_stage": frozenset({"access_log_settings", "default_route_settings", "route_settings"}),
    "aws_api_gateway_stage": frozenset({"access_log_settings", "canary_settings"}),
}  # fmt: skip


class _Target(Struct, frozen=True):
    """An attribute of an instance (or, with an empty name, of one whose attribute is not told)."""

    found: Planned
    attribute: str


class _Opaque(Struct, frozen=True):
    """Something that an expression refers to, and that the plan does not tell more of."""

    shown: str


class _Turn(Struct, frozen=True):
    """Which of several instances it is: its key, what `for_each` goes through, and the keys of all of them."""

    key: Key
    repeats: Any = None
    keys: AbstractSet[Key] = frozenset()

    @property
    def is_constant(self) -> bool:
        """Whether `for_each` goes through what is written there, so that `each.value` is known."""
        return isinstance(self.repeats, dict) and "constant_value" in self.repeats


class Alone:
    """Makes the blocks of one plan's resources. `scope` is what their keys begin with."""

    def __init__(self, plan: Plan, scope: str, accounts: Accounts) -> None:
        self.plan = plan
        self.scope = scope
        self.accounts = accounts
        self.opened = Opened()
        self._documents: dict[str, Term | None] = {}
        self._writers: dict[str, list[Planned]] | None = None  # by log group, the functions that wait for it
        self._by_key: dict[Where, dict[Key, Planned]] = {}

    def block(self, planned: Planned, dropped: frozenset[str] = frozenset()) -> Obj:
        """What a plan states of an instance, each part read when somebody looks at it.

        `dropped`: what stands in it only since others state it.
        """
        parts = _Stated(self, planned, dropped)
        entries: Any = parts
        keys: Any = _Places(parts, of_keys=True)
        places: Any = _Places(parts, of_keys=False)
        return Obj(span=planned.span, entries=entries, keys=keys, places=places)

    def expressions(self, planned: Planned) -> Any:  # noqa: ANN401 - as they are written
        """The expressions that the configuration has for a resource; None if the plan does not tell."""
        whole = self.plan.configuration
        module = whole.below(planned.path) if whole is not None else None
        _, type_, name = planned.where
        return module.resources.get((type_, name)) if module is not None else None

    # -------------------------------------------------------------------------------------------------------- references

    def targets(self, expression: Any, planned: Planned) -> list[_Target | _Opaque]:  # noqa: ANN401 - as it is written
        """What an expression of an instance refers to in the end."""
        configuration = self.plan.configuration
        module = configuration.below(planned.path) if configuration is not None else None
        found: dict[_Target | _Opaque, None] = {}
        path, type_, name = planned.where
        turn = _Turn(planned.key)
        if planned.key.each and module is not None:
            turn = _Turn(planned.key, module.repeats(type_, name), self._keyed(planned.where).keys())
        for target in self._followed(expression, path, turn, module, 0):
            found[target] = None
        return list(found)

    def _followed(
        self,
        expression: Any,  # noqa: ANN401 - as it is written
        path: Path,
        turn: _Turn,
        module: Configuration | None,
        depth: int,
    ) -> Iterator[_Target | _Opaque]:
        key = turn.key
        if depth > _MOST_STEPS:
            return
        words = list(references_of(expression))
        takes_turns = any(word.partition(".")[0] in _TURN for word in words)
        for word in words:
            root = word.partition(".")[0]
            if root in {"path", "terraform", "tofu"}:
                continue
            if root in _TURN or root in {"local", "self"}:
                # The key of an instance is known; what it stands for, and what a local value is, may not be.
                if word in {"each.key", "count.index"} or (root == "each" and turn.is_constant):
                    continue
                yield self._stands_for(word, path, turn) or _Opaque(word)
            elif root == "var":
                yield from self._argument(word, path, depth)
            elif root == "module":
                yield from self._output(word, path, key if takes_turns else None, module, depth)
            else:
                yield from self._resource(word, path, key if takes_turns else None)

    def _stands_for(self, word: str, path: Path, turn: _Turn) -> _Target | None:
        """What `each.value.arn` is where there is one instance for each instance of a resource."""
        attribute = word.removeprefix("each.value.")
        whole = list(references_of(turn.repeats))
        if attribute == word or not attribute.isidentifier() or len(whole) != 1:
            return None
        found = _REFERENCE.fullmatch(whole[0])
        if found is None or found["root"] != whole[0] or whole[0].partition(".")[0] in _NOT_RESOURCES:
            return None
        type_, _, name = whole[0].rpartition(".")
        instances = self._keyed((path, type_, name))
        return _Target(instances[turn.key], attribute) if instances.keys() == turn.keys else None

    def _argument(self, word: str, path: Path, depth: int) -> Iterator[_Target | _Opaque]:
        if not path:
            return  # the values of a root module's variables are known
        name, _, rest = word.removeprefix("var.").partition(".")
        above, (call, key) = path[:-1], path[-1]
        configuration = self.plan.configuration
        module = configuration.below(above) if configuration is not None else None
        called = module.call(call) if module is not None else None
        if called is None:
            yield _Opaque(word)
            return
        expression = called.expressions.get(name)
        if expression is None or (isinstance(expression, dict) and "constant_value" in expression):
            return  # a constant, or its default: known
        if rest:
            yield _Opaque(word)
            return
        keys = self.plan.modules.get((above, call), {}).keys()
        yield from self._followed(expression, above, _Turn(key, called.repeats, keys), module, depth + 1)

    def _output(
        self, word: str, path: Path, turn: Key | None, module: Configuration | None, depth: int
    ) -> Iterator[_Target | _Opaque]:
        found = _REFERENCE.match(word)
        name = found["root"].removeprefix("module.") if found is not None else ""
        called = module.call(name) if module is not None else None
        output = found["rest"].lstrip(".") if found is not None else ""
        keys = self.plan.modules.get((path, name), {})
        key = self._one_of(found, list(keys), turn) if found is not None else None
        if called is None or called.module is None or not output or "." in output or "[" in output or key is None:
            yield _Opaque(word)
            return
        expression = called.module.output(output)
        yield from self._followed(expression, (*path, (name, key)), _Turn(Key()), called.module, depth + 1)

    def _resource(self, word: str, path: Path, turn: Key | None) -> Iterator[_Target | _Opaque]:
        found = _REFERENCE.match(word)
        if found is None or found["root"].partition(".")[0] in _NOT_RESOURCES:
            yield _Opaque(word)
            return
        type_, _, name = found["root"].rpartition(".")
        instances = self.plan.instances.get((path, type_, name), [])
        if not instances:
            return  # there is none: what is made of it is null
        key = self._one_of(found, [instance.key for instance in instances], turn)
        chosen = next((instance for instance in instances if instance.key == key), None)
        attribute = found["rest"].lstrip(".")
        if chosen is None or "[" in attribute:
            yield _Opaque(word)
        else:
            yield _Target(chosen, attribute)

    @staticmethod
    def _one_of(found: re.Match[str], keys: list[Key], turn: Key | None) -> Key | None:
        """Which instance is meant: the one that is named, the only one, or the one with one's own key."""
        if found["number"] is not None:
            return Key(found["number"])
        if found["key"] is not None:
            return Key(found["key"].replace('\\"', '"').replace("\\\\", "\\"), each=True)
        if turn is not None and turn in keys:
            return turn
        return keys[0] if len(keys) == 1 else None

    def refer(self, target: _Target, span: Span, name: str) -> tuple[TxtPart, ...]:
        """A reference to an attribute of an instance."""
        found = target.found
        attribute = target.attribute or ("arn" if "arn" in name or name == "role" else "id")
        known = found.text(attribute)
        behind = None if known is None else (lambda: Lit(span=span, v=known))
        own = Ref(reference(f"{self.scope}#{found.address}", found.type, found.address, attribute), behind)
        return shaped(found.type, attribute, own)

    def _keyed(self, where: Where) -> dict[Key, Planned]:
        """The instances of a resource or data source by their keys."""
        found = self._by_key.get(where)
        if found is None:
            found = self._by_key[where] = {other.key: other for other in self.plan.instances.get(where, ())}
        return found

    def log_group(self, function: Planned) -> Planned | None:
        """The log group that a function waits for, if its name is only known after apply and is made of the function's own.

        Nothing else of a function needs the group to be there first: else Lambda might make it before Terraform does.
        """
        configuration = self.plan.configuration
        module = configuration.below(function.path) if configuration is not None else None
        if module is None:
            return None
        _, type_, name = function.where
        waits = module.waits(type_, name)
        groups = [word.partition(".")[2] for word in waits if word.startswith(f"{_GROUP}.")]
        if len(groups) != 1:
            return None
        own, its = module.resources.get((type_, name)), module.resources.get((_GROUP, groups[0]))
        if not isinstance(own, dict) or not isinstance(its, dict):
            return None
        if not set(references_of(own.get("function_name"))).intersection(references_of(its.get("name"))):
            return None
        found, functions = self._keyed((function.path, _GROUP, groups[0])), self._keyed(function.where)
        if functions.keys() != found.keys():
            return next(iter(found.values())) if len(found) == len(functions) == 1 else None
        return found.get(function.key)

    def log_group_name(self, group: Planned) -> Term | None:
        """The name of a log group that is only known after apply, if it is that of the one function that waits for it."""
        if self._writers is None:
            self._writers = {}
            for found in self.plan.resources:
                own_group = self.log_group(found) if found.type == _FUNCTION else None
                if own_group is not None:
                    self._writers.setdefault(own_group.address, []).append(found)
        waiting = self._writers.get(group.address, [])
        if len(waiting) != 1 or waiting[0].stated("logging_config"):
            return None
        own = self.block(waiting[0]).entries.get("function_name")
        if type(own) is Lit and isinstance(own.v, str):
            return Lit(span=group.span, v=_LOGS + own.v)
        return Txt(span=group.span, parts=(_LOGS, *own.parts)) if type(own) is Txt else None

    def document(self, found: Planned) -> Term | None:
        """What a data source makes of its statements, or which policy of AWS's it names, though it is read only during apply."""
        if found.address not in self._documents:
            self._documents[found.address] = None
            if found.type == _POLICY:
                self._documents[found.address] = _managed(found)
                return self._documents[found.address]
            masks = found.unknown
            walk = _Walk(self, found)
            stated = self.expressions(found)
            block = walk.object(found.values(), masks if isinstance(masks, dict) else {}, None, stated, "")
            self._documents[found.address] = policy_document(Obj(span=found.span, entries=block.entries))
        return self._documents[found.address]


_MOST_STEPS = 40


class _Walk:
    """Goes through the values of one instance, beside what is unknown of them and the expressions behind them."""

    def __init__(self, alone: Alone, planned: Planned) -> None:
        self.alone = alone
        self.planned = planned

    def object(self, values: Obj, unknown: dict[str, Any], hides: Any, stated: Any, at: str) -> Obj:  # noqa: ANN401 - masks
        """A block. `stated` holds the expressions in it, and is None for one that is not in the configuration."""
        entries: dict[str, Term] = {}
        for name in self.names(values.entries, unknown, stated, at):
            term = self.entry(name, values.entries.get(name), unknown.get(name), hides, stated, values.span, at)
            if term is not None:
                entries[name] = term
        return Obj(span=values.span, entries=entries, keys=values.keys, places=values.places)

    def names(self, values: Iterable[str], unknown: dict[str, Any], stated: Any, at: str) -> dict[str, None]:  # noqa: ANN401 - masks
        """What may be in a block: what is known, and what is not known, but that somebody wrote."""
        told = stated if isinstance(stated, dict) else None
        found = dict.fromkeys(values)
        for name, mask in unknown.items():
            if mask is True and (told is None or name in told or self._is_written_only(name, at)):
                found[name] = None
        return found

    def _is_written_only(self, name: str, at: str) -> bool:
        return not at and name in _WRITTEN_ONLY.get(self.planned.type, ())

    def entry(
        self,
        name: str,
        value: Term | None,
        mask: Any,  # noqa: ANN401 - a mask
        hides: Any,  # noqa: ANN401 - a mask
        stated: Any,  # noqa: ANN401 - as it is written
        span: Span,
        at: str,
    ) -> Term | None:
        """An entry of a block; None for what nobody wrote."""
        told = stated if isinstance(stated, dict) else None
        if value is None:
            return self.missing(name, told, span, at) if mask is True else None
        if told is not None and name not in told and is_zero(value) and not says(mask):
            return None
        return self.value(value, mask, part(hides, name), told.get(name) if told is not None else None, name)

    def value(self, value: Term, unknown: Any, hides: Any, expression: Any, name: str) -> Term:  # noqa: ANN401 - masks
        """A value that is known, at least in part."""
        if type(value) is Seq:
            return self._list(value, unknown, hides, expression, name)
        if type(value) is Obj:
            masks = unknown if isinstance(unknown, dict) else {}
            if isinstance(expression, dict) and not _is_attribute(expression):
                return self.object(value, masks, hides, expression, name)
            return self._map(value, masks, hides, expression, name)
        if type(value) is Lit:
            if hides is True:
                return Lit(span=value.span, v=value.v, sensitive=True)
            if expression is None:
                return value
            evident = self._evident(value, expression, name)
            return evident if evident is not None else value
        return value

    def _map(self, value: Obj, masks: dict[str, Any], hides: Any, expression: Any, name: str) -> Term:  # noqa: ANN401 - masks
        entries: dict[str, Term] = {}
        for key, item in value.entries.items():
            entries[key] = self.value(item, masks.get(key), part(hides, key), None, key)
        for key, mask in masks.items():
            if mask is True and key not in entries:
                doubt = _DYNAMIC if expression is None else _LATER
                entries[key] = self._hole(doubt, value.span, f"{name}.{key}")
        return Obj(span=value.span, entries=entries, keys=value.keys, places=value.places)

    def _list(self, value: Seq, unknown: Any, hides: Any, expression: Any, name: str) -> Term:  # noqa: ANN401 - masks
        if isinstance(expression, list) or any(type(item) is Obj for item in value.items):
            blocks = [e for e in expression if isinstance(e, dict)] if isinstance(expression, list) else []
            chosen = _matched(value, blocks)
            items: list[Term] = []
            for index, item in enumerate(value.items):
                mask = part(unknown, index)
                if type(item) is Obj:
                    own = mask if isinstance(mask, dict) else {}
                    items.append(self.object(item, own, part(hides, index), chosen[index], name))
                elif mask is True:
                    items.append(self._hole(_LATER, value.span, f"{name}.{index}"))
                else:
                    items.append(item)
            return Seq(span=value.span, items=tuple(items))
        missing = [index for index in range(len(value.items)) if part(unknown, index) is True]
        targets = self._candidates(expression) if missing else []
        # As many references as items that are not known: each is one of them, in whatever order. Of one reference, all are.
        told = [t for t in targets if isinstance(t, _Target)] if len(targets) == len(missing) else []
        if len(targets) == 1:
            told = [t for t in targets if isinstance(t, _Target)] * len(missing)
        terms: list[Term] = []
        for index, item in enumerate(value.items):
            if part(unknown, index) is not True:
                terms.append(self.value(item, None, part(hides, index), expression, name))
            elif len(told) == len(missing):
                terms.append(self._item(told[missing.index(index)], value.span, name))
            else:
                terms.append(self._hole(_LATER, value.span, f"{name}.{index}"))
        return Seq(span=value.span, items=tuple(terms))

    def missing(self, name: str, told: dict[str, Any] | None, span: Span, at: str) -> Term | None:
        """A value that is known only after apply; None where nobody wrote it."""
        planned = self.planned
        if told is not None and name not in told:
            if self._is_written_only(name, at):
                return Unk(span=span, doubt=_DYNAMIC, name=f"{planned.address}.{name}")
            return None
        logs = self._logs(name, told, span, at)
        if logs is not None:
            return logs
        if told is None and not at and self.alone.plan.configuration is None:
            return Unk(span=span, doubt=_LATER, name=f"{planned.address}.{name}")
        if told is None:
            return Unk(span=span, doubt=_DYNAMIC, name=f"{planned.address}.{name}")
        expression = told[name]
        targets = self._candidates(expression)
        if is_document(name):
            return self._document(targets, span, name)
        if not targets or any(isinstance(target, _Opaque) for target in targets):
            return self._hole(_why(targets), span, name)
        own = [target for target in targets if isinstance(target, _Target)]
        if is_list(name):
            items = tuple(self._reference(target, span, name, composed=False) for target in own)
            return Seq(span=span, items=items, open=_MORE)
        if len(own) > 1:
            return self._hole(_LATER, span, name)
        return self._reference(own[0], span, name, composed=is_composed(name))

    def _logs(self, name: str, told: dict[str, Any] | None, span: Span, at: str) -> Term | None:
        """What a function and the log group that it waits for are known by to each other."""
        planned = self.planned
        if planned.type == _GROUP and name == "name" and not at and told is not None:
            return self.alone.log_group_name(planned)
        if planned.type == _FUNCTION and name == "log_group" and at == "logging_config" and told is None:
            group = self.alone.log_group(planned)
            return None if group is None else self._reference(_Target(group, "name"), span, name, composed=False)
        return None

    def _item(self, target: _Target, span: Span, name: str) -> Term:
        """An item of a list that is made of one reference."""
        if _makes_document(target):
            found = self.alone.document(target.found)
            return found if found is not None else self._hole(_LATER, span, name)
        return self._reference(target, span, name, composed=True)

    def _document(self, targets: list[_Target | _Opaque], span: Span, name: str) -> Term:
        """A document: what a data source makes of statements, if it is that."""
        only = targets[0] if len(targets) == 1 else None
        if isinstance(only, _Target) and _makes_document(only):
            found = self.alone.document(only.found)
            if type(found) is Json:
                return found
        if name == "redrive_policy" and isinstance(only, _Target) and _is_queue(only):
            # Of what it holds, only the queue for what fails is anything's ARN.
            queue = self._reference(only, span, "dead_letter_arn", composed=False)
            return Json(span=span, inner=Obj(span=span, entries={"deadLetterTargetArn": queue}, open=_MORE))
        own = [target for target in targets if isinstance(target, _Target)]
        if name in {"assume_role_policy", "definition"} and own and len(own) == len(targets):
            # What its conditions name tells which service it may be for; what a state machine names is what it calls.
            hole = Hole(f"{self.planned.address}.{name}", _LATER)
            parts: list[TxtPart] = [hole]
            for target in own:
                parts += [*self.alone.refer(target, span, name), hole]
            return Txt(span=span, parts=tuple(parts))
        return self._hole(_LATER, span, name)

    def _candidates(self, expression: Any) -> list[_Target | _Opaque]:  # noqa: ANN401 - as it is written
        """What a value that is not known may come from: what is itself not known."""
        found = self.alone.targets(expression, self.planned)
        return [t for t in found if isinstance(t, _Opaque) or not _is_known(t)]

    def _reference(self, target: _Target, span: Span, name: str, *, composed: bool) -> Term:
        """A reference, with what may stand around it where that can't be told."""
        parts = self.alone.refer(target, span, name)
        around = Hole(f"{self.planned.address}.{name}", _PART)
        attribute = target.attribute
        if attribute == "execution_arn" or (composed and attribute == "arn" and not name.endswith("uri")):
            return Txt(span=span, parts=(*parts, around))
        if composed:
            return Txt(span=span, parts=(around, *parts, around))
        return Txt(span=span, parts=parts)

    def _evident(self, value: Lit, expression: Any, name: str) -> Term | None:  # noqa: ANN401 - as it is written
        """A known text that is what one resource is known by, and that the configuration takes from it."""
        if not isinstance(value.v, str) or not isinstance(expression, dict) or "references" not in expression:
            return None
        for target in self.alone.targets(expression, self.planned):
            if not isinstance(target, _Target) or target.found.data or target.found is self.planned:
                continue
            type_ = target.found.type
            if word_for(type_, target.attribute) is None and target.attribute not in IDENTIFYING:
                continue
            if target.found.text(target.attribute) == value.v and value.v:
                own = self.alone.refer(target, value.span, name)
                if len(own) == 1:
                    return Txt(span=value.span, parts=own)
        return None

    def _hole(self, doubt: Doubt, span: Span, name: str) -> Term:
        return Unk(span=span, doubt=doubt, name=f"{self.planned.address}.{name}")


class _Stated(Parts):
    """The entries of an instance's block."""

    def __init__(self, alone: Alone, planned: Planned, dropped: frozenset[str]) -> None:
        super().__init__(alone.opened, planned)
        self._alone = alone
        self._dropped = dropped
        self._walk = _Walk(alone, planned)
        self._expressions: Any = None

    def found(self) -> dict[str, None]:
        """Everything that is stated."""
        stated = self.read()
        self._expressions = self._alone.expressions(self._planned)
        found = self._walk.names(stated.names, self._masks, self._expressions, "")
        told = self._expressions if isinstance(self._expressions, dict) else None
        for name in stated.names:
            if told is not None and name in told:
                continue
            is_filled = told is not None and stated.is_zero(name) and not says(self._masks.get(name))
            if is_filled or name in self._dropped:
                del found[name]
        return found

    def forget(self) -> None:
        """Drop what was read."""
        super().forget()
        self._expressions = None

    def make(self, name: str) -> Term:
        """One of them."""
        span = self._planned.place()
        value = self._stated.get(name) if self._stated is not None else None
        term = self._walk.entry(name, value, self._masks.get(name), self._hides, self._expressions, span, "")
        return self._alone.accounts.within(name, term if term is not None else Lit(span=span, v=None))

    def place(self, name: str, *, of_key: bool) -> Span | None:
        """Where one of them stands."""
        stated = self._stated
        if stated is None:
            if name not in self.names:
                return None
            stated = self._stated
        if stated is None:
            return None
        return stated.key(name) if of_key else stated.place(name)


class _Places(Mapping[str, Span]):
    """Where the entries of an instance's block stand, or their names."""

    def __init__(self, parts: _Stated, *, of_keys: bool) -> None:
        self._parts = parts
        self._of_keys = of_keys

    def __getitem__(self, name: str) -> Span:
        found = self._parts.place(name, of_key=self._of_keys)
        if found is None:
            raise KeyError(name)
        return found

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 - as of any mapping
        """The place of one of them, or the default."""
        found = self._parts.place(name, of_key=self._of_keys)
        return default if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)


def _makes_document(target: _Target) -> bool:
    """Whether it is the text of a policy that a data source gives."""
    found = target.found
    return found.data and (found.type == _DOCUMENT or (found.type == _POLICY and target.attribute == "policy"))


def _managed(found: Planned) -> Term | None:
    """The policy of AWS's that a data source names."""
    word = found.text("arn") or found.text("name")
    known = managed_policy(word) if word is not None else None
    return None if known is None else Json(span=found.span, inner=from_plain(known.document, found.span))


def _is_queue(target: _Target) -> bool:
    return target.found.type == "aws_sqs_queue" and target.attribute == "arn"


def _is_known(target: _Target) -> bool:
    """Whether the plan knows an attribute; of what does not change, it knows everything."""
    masks = target.found.unknown
    if not isinstance(masks, dict):
        return masks is not True
    return bool(target.attribute) and not says(masks.get(target.attribute.partition(".")[0]))


def _why(targets: list[_Target | _Opaque]) -> Doubt:
    shown = next((t.shown for t in targets if isinstance(t, _Opaque)), "")
    if not shown:
        return _LATER
    return Doubt(f"it is known only after apply, and comes from `{shown}`", _BESIDE, "after apply")


def _is_attribute(expression: dict[str, Any]) -> bool:
    return not expression or "references" in expression or "constant_value" in expression


def _matched(value: Seq, blocks: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """The expressions of each block of a list: in order, or (of a set) by what is constant. None for those made otherwise."""
    if len(blocks) == len(value.items) and all(map(_fits, value.items, blocks)):
        return list(blocks)
    left = list(blocks)
    found: list[dict[str, Any] | None] = []
    for item in value.items:
        index = next((i for i, block in enumerate(left) if _fits(item, block)), None)
        found.append(None if index is None else left.pop(index))
    return found


def _fits(item: Term, block: dict[str, Any]) -> bool:
    if type(item) is not Obj:
        return False
    for name, expression in block.items():
        if isinstance(expression, dict) and "constant_value" in expression:
            constant, own = expression["constant_value"], item.entries.get(name)
            if isinstance(constant, str | int | float | bool) and type(own) is Lit and str(own.v) != str(constant):
                return False
            if isinstance(constant, list) and type(own) is Seq and len(own.items) != len(constant):
                return False
    return True
