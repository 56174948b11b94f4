"""Makes statements of a policy as it was written, and keeps every fault of its syntax with its place.

What the elements are: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stockade.iam.written import Block, Broken, Choice, Entry, Items, Leaf, Open, Tree, options
from stockade.model.policy import Condition, Fault, Principal, Statement, Statements
from stockade.model.value import (
    Default,
    Doubt,
    Known,
    OneOf,
    Origin,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
    one_of,
    otherwise,
)
from stockade.near import nearest

_LISTS = {
    "Action": "actions",
    "NotAction": "not_actions",
    "Resource": "resources",
    "NotResource": "not_resources",
}
DOCUMENT_ELEMENTS = ("Version", "Id", "Statement")
STATEMENT_ELEMENTS = ("Sid", "Effect", "Principal", "NotPrincipal", *_LISTS, "Condition")
PRINCIPAL_KINDS = ("AWS", "Service", "Federated", "CanonicalUser")
_EXCLUSIVE = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_UNREAD = Doubt("the conditions of a statement can't be read", cause="policy")
_DEPENDS = Doubt("the conditions of a statement depend on a condition of the template", cause="policy")
_NOT_ONE = Doubt("a statement of the policy is not written as one", "correct it", "policy")
_NO_DOCUMENT = Doubt("the policy is not written as a document", "correct it", "policy")
_NESTED = Doubt("a list stands inside a list", cause="wrong shape")
_NOT_TEXT = Doubt("a collection stands where a single value belongs", "correct it", "wrong shape")
_MOST_FAULTS = 2000  # of one document; nobody reads more


def read_document(tree: Tree | None, when: When = ()) -> Statements:
    """The statements of a policy document (or of a bare list of statements)."""
    reader = _Reader()
    reader.document(tree, when)
    return Statements(
        tuple(reader.found),
        not reader.doubts,
        tuple(reader.doubts),
        version=reader.version,
        origin=reader.origin,
        faults=tuple(reader.faults),
    )


def read_statement(block: Block, when: When = ()) -> Statement:
    """One statement that stands by itself."""
    return _Reader().statement(block, when)


def as_text(value: Value[Any]) -> Value[Any]:
    """The value as a text: IAM takes numbers and truth values for what they are written as."""
    if type(value) is Known:
        v = value.v
        if type(v) is str:
            return value
        if v is None:
            return Default(v=None, origin=value.origin)
        if isinstance(v, list | dict):
            return Unknown(doubt=_NOT_TEXT, origin=value.origin)
        return Known(v=("true" if v else "false") if isinstance(v, bool) else _number(v), origin=value.origin)
    if isinstance(value, OneOf):
        return OneOf(options=tuple((w, as_text(v)) for w, v in value.options), origin=value.origin)
    return value


def _number(v: object) -> str:
    text = str(v)
    return text.removesuffix(".0") if isinstance(v, float) else text


def under(when: When, value: Value[Any]) -> Value[Any]:
    """A member of a list that is there only under premises: elsewhere it is nothing."""
    if not when:
        return value
    nothing: Value[Any] = Default(v=None, origin=value.origin)
    if isinstance(value, OneOf):
        leaves = [(both, leaf) for inner, leaf in value.leaves() if (both := conjoin(when, inner)) is not None]
        return one_of([*leaves, *((other, nothing) for other in otherwise(when))], value.origin)
    return OneOf(options=((when, value), *((other, nothing) for other in otherwise(when))), origin=value.origin)


class _Reader:
    """One pass over one document."""

    def __init__(self) -> None:
        self.found: list[Statement] = []
        self.doubts: list[Doubt] = []
        self.faults: list[Fault] = []
        self.version: Value[str] | None = None
        self.origin: Origin | None = None

    def fault(self, id_: str, origin: Origin, message: str, help_: str = "", when: When = (), **more: Any) -> None:  # noqa: ANN401 - fields of a Fault
        """Keep a fault."""
        if len(self.faults) < _MOST_FAULTS:
            self.faults.append(Fault(id=id_, message=message, origin=origin, help=help_, when=when, **more))

    # ------------------------------------------------------------------------------------------------------- document

    def document(self, tree: Tree | None, when: When) -> None:
        """All of a document, in each of its cases."""
        for case, node in options(tree, when):
            if type(node) is Block:
                self.origin = self.origin or node.origin
                self._elements(node, case)
            elif type(node) is Items:
                self._statements(node, case)
            elif type(node) is Broken:
                self.doubts.append(node.doubt)
                if node.syntax:
                    self.fault("JSON_SYNTAX_ERROR", node.origin, node.doubt.why, node.doubt.remedy, case)
                else:
                    self._wrong_type(node.origin, "the policy", "an object", node.doubt.why, case)
            elif type(node) is Open:
                self.doubts.append(node.doubt)
            elif type(node) is Leaf:
                self._no_document(node, case)

    def _no_document(self, node: Leaf, when: When) -> None:
        value = node.value
        if isinstance(value, Known | Default):
            if value.v is None or (isinstance(value.v, str) and not value.v.strip()):
                return  # nothing is no policy
            self.doubts.append(_NO_DOCUMENT)
            self._wrong_type(node.origin, "the policy", "an object with `Version` and `Statement`", _is(value), when)
        else:
            self.doubts.append(_doubt(value))

    def _elements(self, block: Block, when: When) -> None:
        stated = None
        for entry in block.entries:
            if entry.name == "Statement":
                stated = entry
            elif entry.name == "Version":
                self.version = self._single(entry, "`Version`", when)
            elif entry.name == "Id":
                self._single(entry, "`Id`", when)
            else:
                self._unknown_element(entry, DOCUMENT_ELEMENTS, "a policy", when, STATEMENT_ELEMENTS)
        self._repeated(block, when)
        if stated is not None:
            nothing = stated.node is None or (
                type(stated.node) is Items and not stated.node.items and not stated.node.open
            )
            if nothing:
                self.fault(
                    "MISSING_STATEMENT",
                    stated.at,
                    "the policy has no statement",
                    "write one, or remove the policy",
                    when,
                )
            for case, node in options(stated.node, when):
                self._statements(node, case)
        elif block.open is None:
            self.fault("MISSING_STATEMENT", block.origin, "the policy has no `Statement`", "add one", when)
        if block.open is not None:
            self.doubts.append(block.open)

    def _statements(self, node: Tree, when: When, *, nested: bool = False) -> None:
        if type(node) is Items:
            if nested:
                self._wrong_type(node.origin, "a statement", "an object", "a list", when)
            for item in node.items:
                for case, option in options(item, when):
                    self._statements(option, case, nested=True)
            if node.open is not None:
                self.doubts.append(node.open)
        elif type(node) is Block:
            self.found.append(self.statement(node, when))
        elif type(node) is Open or type(node) is Broken:
            self.doubts.append(node.doubt)
        elif type(node) is Leaf:
            value = node.value
            if isinstance(value, Known):
                self.doubts.append(_NOT_ONE)
                self._wrong_type(node.origin, "a statement", "an object", _is(value), when)
            elif isinstance(value, Default):
                return
            else:
                self.doubts.append(_doubt(value))

    # ------------------------------------------------------------------------------------------------------ statement

    def statement(self, block: Block, when: When) -> Statement:
        """One statement."""
        fields: dict[str, Any] = {}
        effect: Value[str] | None = None
        for entry in block.entries:
            name = entry.name
            if name in _LISTS:
                fields[_LISTS[name]] = self._list(entry, name, when)
            elif name == "Effect":
                effect = self._effect(entry, when)
            elif name == "Sid":
                fields["sid"] = self._single(entry, "`Sid`", when)
            elif name == "Principal":
                fields["principals"] = self._principals(entry, when)
            elif name == "NotPrincipal":
                fields["not_principals"] = self._principals(entry, when)
            elif name == "Condition":
                fields["conditions"] = self._conditions(entry, when)
            else:
                self._unknown_element(entry, STATEMENT_ELEMENTS, "a statement", when, DOCUMENT_ELEMENTS)
        if block.shadowed:
            self._repeated(block, when)
        if block.open is None:
            self._missing(block, effect, fields, when)
        for one, other in _EXCLUSIVE:
            if block.open is None and _is_there(block, one) and _is_there(block, other):
                twin = block.entry(other)
                at = twin.at if twin is not None else block.origin
                self.fault(
                    "UNSUPPORTED_ELEMENT_COMBINATION",
                    at,
                    f"`{one}` and `{other}` are both in one statement, which IAM refuses",
                    f"keep one of them, or make two statements: `{other}` means everything but what it lists",
                    when,
                )
        # A statement without an effect is refused by IAM; nothing is allowed by it.
        stated = effect if effect is not None else Known(v="", origin=block.origin)
        return Statement(origin=block.origin, effect=stated, exists=when, **fields)

    def _missing(self, block: Block, effect: Value[str] | None, fields: dict[str, Any], when: When) -> None:
        if effect is None:
            self.fault(
                "MISSING_EFFECT", block.origin, "the statement does not say `Allow` or `Deny`", 'add "Effect"', when
            )
        if "actions" not in fields and "not_actions" not in fields:
            self.fault(
                "MISSING_ACTION",
                block.origin,
                "the statement is about no action: it has neither `Action` nor `NotAction`",
                'add "Action"',
                when,
            )

    def _effect(self, entry: Entry, when: When) -> Value[str]:
        value = self._single(entry, "`Effect`", when)
        for case, leaf in value.leaves():
            if isinstance(leaf, Known) and leaf.v not in {"Allow", "Deny"}:
                meant = nearest(str(leaf.v).strip(), ("Allow", "Deny"))
                self.fault(
                    "INVALID_EFFECT",
                    leaf.origin,
                    f"`{leaf.v}` is no effect",
                    f"write `{meant}`: case counts" if meant else "write `Allow` or `Deny`: case counts",
                    _joined(when, case),
                    instead=meant or None,
                )
        return value

    def _single(self, entry: Entry, what: str, when: When) -> Value[Any]:
        """The one text of an entry."""
        node = entry.node
        if type(node) is Leaf:
            value = node.value
            if type(value) is Known:
                if type(value.v) is not str:
                    self._wrong_type(entry.at, what, "a text", _is(value), when)
                    return Unknown(doubt=_NOT_TEXT, origin=entry.at)
                return Known(v=value.v, origin=entry.at)
            return as_text(value)
        if node is None:
            return Default(v=None, origin=entry.at)
        if type(node) is Choice:
            found: list[tuple[When, Value[Any]]] = []
            for case, option in node.options:
                inner = self._single(
                    Entry(entry.name, entry.at if option is None else option.origin, option), what, when
                )
                found += [(both, leaf) for own, leaf in inner.leaves() if (both := conjoin(case, own)) is not None]
            return one_of(found, entry.at)
        if type(node) is Open:
            return node.value
        self._wrong_type(entry.at, what, "a text", "a list" if type(node) is Items else "an object", when)
        return Unknown(doubt=_NOT_TEXT, origin=entry.at)

    # ---------------------------------------------------------------------------------------------------------- lists

    def _list(self, entry: Entry, name: str, when: When) -> Relation[Value[str]]:
        found = self._texts(entry.node, f"`{name}`", when)
        if not found.items and found.complete and entry.node is not None:
            kind = "ACTION" if "Action" in name else "RESOURCE"
            word = kind.lower()
            if type(entry.node) is Items:
                self.fault(
                    f"EMPTY_ARRAY_{kind}",
                    entry.at,
                    f"`{name}` lists no {word}, so that the statement does nothing",
                    f"name the {word}s, or remove the statement",
                    when,
                )
        return found

    def _texts(self, node: Tree | None, what: str, when: When = (), *, typed: bool = True) -> Relation[Value[str]]:
        """The texts of a list; one by itself is a list of one."""
        if type(node) is Leaf:
            self._check_leaf(node, what, when, typed=typed)
            return Relation((as_text(node.value),))
        if type(node) is Items and not node.open and all(type(item) is Leaf for item in node.items):
            for item in node.items:
                self._check_leaf(item, what, when, typed=typed)
            return Relation(tuple([as_text(item.value) for item in node.items if type(item) is Leaf]))
        if type(node) is Open:
            return Relation(
                (node.value,)
            )  # one unknown text, such as a parameter without a default, is a value of its own
        found: list[Value[str]] = []
        doubts: list[Doubt] = []
        for case, option in options(node):
            if type(option) is Items:
                self._items(option, case, found, doubts, what, when, typed=typed)
            else:
                self._item(option, case, found, doubts, what, when, typed=typed)
        return Relation(tuple(found), not doubts, tuple(doubts))

    def _items(
        self,
        node: Items,
        case: When,
        found: list[Value[str]],
        doubts: list[Doubt],
        what: str,
        when: When,
        *,
        typed: bool,
    ) -> None:
        for item in node.items:
            for inner, option in options(item, case):
                if type(option) is Items:
                    doubts.append(_NESTED)
                    self._wrong_type(option.origin, f"a member of {what}", "a text", "a list", _joined(when, inner))
                else:
                    self._item(option, inner, found, doubts, what, when, typed=typed)
        if node.open is not None:
            doubts.append(node.open)

    def _item(
        self,
        node: Tree,
        case: When,
        found: list[Value[str]],
        doubts: list[Doubt],
        what: str,
        when: When,
        *,
        typed: bool,
    ) -> None:
        if type(node) is Leaf:
            self._check_leaf(node, what, _joined(when, case), typed=typed)
            found.append(under(case, as_text(node.value)))
        elif type(node) is Open or type(node) is Broken:
            doubts.append(node.doubt)
        elif node is not None:
            doubts.append(_NOT_TEXT)
            self._wrong_type(node.origin, what, "a text or a list of texts", "an object", _joined(when, case))

    def _check_leaf(self, node: Tree | None, what: str, when: When, *, typed: bool) -> None:
        value = node.value if type(node) is Leaf else None
        if type(value) is Known and type(value.v) is not str and (typed or value.v is None):
            self._wrong_type(value.origin, what, "a text", _is(value), when)

    # ----------------------------------------------------------------------------------------- principals, conditions

    def _principals(self, entry: Entry, when: When) -> Relation[Principal]:
        found: list[Principal] = []
        doubts: list[Doubt] = []
        for case, node in options(entry.node):
            premises = _joined(when, case)
            if type(node) is Block:
                self._principal_block(node, entry, case, found, doubts, premises)
            elif type(node) is Leaf and isinstance(node.value, Unknown):
                doubts.append(node.value.doubt)
            elif type(node) is Leaf:
                value = as_text(node.value)
                found.append(Principal("*", under(case, value)))
                if isinstance(value, Known) and value.v != "*":
                    self._principal_text(value, entry, premises)
            elif type(node) is Open:
                found.append(Principal("*", under(case, node.value)))
            else:
                found.append(Principal("*", Unknown(doubt=_NOT_TEXT, origin=entry.at)))
                self.fault(
                    "INVALID_PRINCIPAL_FORMAT",
                    entry.at,
                    f"`{entry.name}` is a list",
                    'write an object that says of which kind they are, such as {"AWS": […]}',
                    premises,
                )
        return Relation(tuple(found), not doubts, tuple(doubts))

    def _principal_text(self, value: Known[str], entry: Entry, when: When) -> None:
        text = value.v
        kind = "AWS" if text.startswith("arn:") or text.isdigit() else "Service" if ".amazonaws." in text else "AWS"
        self.fault(
            "INVALID_PRINCIPAL_FORMAT",
            entry.at,
            f"`{text}` does not say which kind of principal it is; only `*` may stand by itself",
            f'write {{"{kind}": "{text}"}}',
            when,
        )

    def _principal_block(
        self,
        block: Block,
        entry: Entry,
        case: When,
        found: list[Principal],
        doubts: list[Doubt],
        when: When,
    ) -> None:
        if not block.entries and block.open is None:
            self.fault(
                "EMPTY_OBJECT_PRINCIPAL",
                entry.at,
                f"`{entry.name}` names nobody, so that the statement is for nobody",
                "name who it is for, or remove the statement",
                when,
            )
        for own in block.entries:
            if own.name not in PRINCIPAL_KINDS:
                meant = nearest(own.name.strip(), PRINCIPAL_KINDS)
                self.fault(
                    "INVALID_PRINCIPAL_KEY",
                    own.at,
                    f"`{own.name}` is no kind of principal",
                    f"write `{meant}`" if meant else "there are `AWS`, `Service`, `Federated` and `CanonicalUser`",
                    when,
                )
            values = self._texts(own.node, f"`{own.name}`", when)
            if not values.items and values.complete and own.node is not None:
                self.fault(
                    "EMPTY_ARRAY_PRINCIPAL",
                    own.at,
                    f"`{own.name}` lists nobody",
                    "name who the statement is for, or remove it",
                    when,
                )
            doubts += values.gaps
            found += [Principal(own.name, under(case, value)) for value in values]
        self._repeated(block, when)
        if block.open is not None:
            doubts.append(block.open)

    def _conditions(self, entry: Entry, when: When) -> Relation[Condition]:
        found: list[Condition] = []
        doubts: list[Doubt] = []
        for case, node in options(entry.node):
            premises = _joined(when, case)
            if type(node) is not Block:
                doubts.append(_UNREAD)
                self._not_block(node, entry, "`Condition`", "an object of operators", premises)
                continue
            if not node.entries and node.open is None:
                self._empty_condition(entry, "`Condition` asks nothing", premises)
            for own in node.entries:
                for inner, keys in options(own.node):
                    if type(keys) is not Block:
                        doubts.append(_UNREAD)
                        self._not_block(keys, own, f"`{own.name}`", "an object of condition keys", premises)
                        continue
                    found += self._keys(own, keys, _joined(premises, inner))
                    if inner or keys.open is not None:
                        doubts.append(keys.open or _DEPENDS)
            self._repeated(node, premises)
            if case or node.open is not None:
                doubts.append(node.open or _DEPENDS)
        return Relation(tuple(found), not doubts, tuple(doubts))

    def _keys(self, operator: Entry, block: Block, when: When) -> Iterable[Condition]:
        if not block.entries and block.open is None:
            self._empty_condition(operator, f"`{operator.name}` asks nothing", when)
        seen: dict[str, str] = {}
        for own in block.entries:
            same = seen.setdefault(own.name.lower(), own.name)
            if same != own.name:
                self.fault(
                    "DUPLICATE_KEYS_WITH_DIFFERENT_CASE",
                    own.at,
                    f"`{own.name}` and `{same}` are one condition key: case does not count in keys",
                    f"put all values under `{same}`",
                    when,
                )
            values = self._values(operator, own, when)
            yield Condition(operator.name, own.name, values, own.at, operator.at)
        self._repeated(block, when)

    def _values(self, operator: Entry, key: Entry, when: When) -> Relation[Value[str]]:
        node = key.node
        values = self._texts(node, f"the value of `{key.name}`", when, typed=False)
        if type(node) is Items:
            if not node.items and node.open is None:
                self._empty_values(operator.name, key, when)
            kinds = {
                _json_type(item.value.v) for item in node.items if type(item) is Leaf and type(item.value) is Known
            }
            kinds.discard("null")
            if len(kinds) > 1:
                self.fault(
                    "INVALID_CONDITION_DATA_TYPE",
                    key.at,
                    f"the values of `{key.name}` are of different types: {' and '.join(sorted(kinds))}",
                    "write all of them as texts, in quotes",
                    when,
                )
        return values

    def _empty_condition(self, entry: Entry, message: str, when: When) -> None:
        self.fault(
            "EMPTY_OBJECT_CONDITION",
            entry.at,
            f"{message}, so that it limits nothing",
            "write what is asked for, or remove it",
            when,
        )

    def _empty_values(self, operator: str, key: Entry, when: When) -> None:
        name = operator.lower()
        null = f'"Null": {{"{key.name}": "true"}}'
        if name.startswith("forallvalues:"):
            id_, why = "FORALLVALUES", "holds only for requests without the key"
        elif name.startswith("foranyvalue:"):
            id_, why = "FORANYVALUE", "never holds"
        elif name.endswith("ifexists"):
            id_, why = "IFEXISTS", "holds only for requests without the key"
        else:
            id_, why = "", "has nothing to compare with"
        help_ = f"if that is meant, write {null}" if "without" in why else "name the values, or remove it"
        self.fault(
            f"EMPTY_ARRAY_CONDITION{'_' + id_ if id_ else ''}",
            key.at,
            f"`{operator}` of `{key.name}` lists no value, and {why}",
            help_,
            when,
        )

    # ---------------------------------------------------------------------------------------------------------- words

    def _not_block(self, node: Tree, entry: Entry, what: str, wanted: str, when: When) -> None:
        if type(node) is Open or (type(node) is Leaf and not isinstance(node.value, Known)):
            return
        got = _is(node.value) if type(node) is Leaf else "a list"
        self._wrong_type(entry.at, what, wanted, got, when)

    def _wrong_type(self, origin: Origin, what: str, wanted: str, got: str, when: When) -> None:
        help_ = "put it in quotes" if wanted == "a text" and got in {"a number", "true or false"} else f"write {wanted}"
        self.fault("DATA_TYPE_MISMATCH", origin, f"{what} is {got}, where {wanted} belongs", help_, when)

    def _unknown_element(
        self, entry: Entry, elements: tuple[str, ...], where: str, when: When, others: tuple[str, ...]
    ) -> None:
        meant = nearest(entry.name.strip(), elements)
        if meant:
            help_ = f"write `{meant}`"
        elif entry.name in others:
            help_ = (
                "it belongs into a statement" if where == "a policy" else "it belongs beside `Statement`, not into one"
            )
        else:
            help_ = f"{where} has {', '.join(f'`{name}`' for name in elements)}"
        self.fault("INVALID_POLICY_ELEMENT", entry.at, f"`{entry.name}` is no element of {where}", help_, when)

    def _repeated(self, block: Block, when: When) -> None:
        for entry in block.shadowed:
            self.fault(
                "JSON_SYNTAX_ERROR",
                entry.at,
                f"the key `{entry.name}` is there twice in one object",
                "put both together: IAM refuses it, and other readers take the last one only",
                when,
            )


def _joined(when: When, case: When) -> When:
    both = conjoin(when, case) if case else when
    return when if both is None else both


def _is_there(block: Block, name: str) -> bool:
    return any(entry.name == name and entry.node is not None for entry in block.entries)


def _is(value: Value[Any]) -> str:
    return _json_type(value.v) if isinstance(value, Known | Default) else "something else"


def _json_type(v: object) -> str:
    if isinstance(v, bool):
        return "true or false"
    if isinstance(v, int | float):
        return "a number"
    return "null" if v is None else "a text"


def _doubt(value: Value[Any]) -> Doubt:
    if isinstance(value, Unknown):
        return value.doubt
    if isinstance(value, Text):
        for part in value.parts:
            doubt = getattr(part, "doubt", None)
            if isinstance(doubt, Doubt):
                return doubt
    return Doubt(f"`{value.show()}` is known only after deployment", cause="reference")
