"""Policies of the model as clauses: what is known only after deployment becomes a symbol, what is not known at all a doubt."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.managed import aws_policy
from stockade.iam.resources import templates_of, written
from stockade.iam.sets.access import Access
from stockade.iam.sets.arns import HOLE, PARTITION, REGION, dashed
from stockade.iam.sets.clauses import Clause, Clauses, Place, has_marks, of_document, symbol
from stockade.iam.sets.questions import ACCOUNT, Setting
from stockade.knowledge import iam as facts
from stockade.model.app import App, Permission, Policy, Resource, Role
from stockade.model.policy import Condition, Principal, Statement, Statements
from stockade.model.value import (
    Default,
    File,
    Hole,
    Known,
    Origin,
    Part,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    conjoin,
)
from stockade.patterns import regex

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CASES = 64
_SHORT = 60
# What is shown of a resource's ARN: the type that AWS's reference describes, and which attributes are its name.
_ARNS: dict[str, tuple[str, str]] = {
    "bucket": ("s3", "bucket"),
    "queue": ("sqs", "queue"),
    "topic": ("sns", "topic"),
    "table": ("dynamodb", "table"),
    "function": ("lambda", "function"),
    "key": ("kms", "key"),
    "stream": ("kinesis", "stream"),
    "event-bus": ("events", "event-bus"),
    "state-machine": ("states", "statemachine"),
    "secret": ("secretsmanager", "Secret"),
    "log-group": ("logs", "log-group"),
    "role": ("iam", "role"),
}
_NAMES: dict[str, frozenset[str]] = {
    "bucket": frozenset({"Ref", "Name", "BucketName", "Id"}),
    "queue": frozenset({"Name", "QueueName"}),
    "topic": frozenset({"Name", "TopicName"}),
    "table": frozenset({"Ref", "Name", "TableName", "Id"}),
    "function": frozenset({"Ref", "Name", "FunctionName"}),
    "key": frozenset({"Ref", "Id", "KeyId"}),
    "stream": frozenset({"Ref", "Name"}),
    "event-bus": frozenset({"Ref", "Name"}),
    "role": frozenset({"Ref", "Name", "RoleName"}),
}
# What they are referred to by is their ARN: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/
_BY_ARN = frozenset({"topic", "state-machine", "secret"})
_OPAQUE = frozenset({"secret", "log-group"})  # their ARNs hold more than their names
# Names that inputs give by places, and not by what is there; of premises too.
_PLACED = regex(r"unknown|part of the path|.* at (?:.*:)?\d+|(?:rest of )?.*:\d+")
_GENERAL = {
    "AWS::Partition": PARTITION,
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
}
_ELEMENTS = (
    ("actions", "Action"),
    ("not_actions", "NotAction"),
    ("resources", "Resource"),
    ("not_resources", "NotResource"),
)


class _Leaf(Struct, frozen=True):
    """One value of a list: its text, or why there is none; nothing where the value is not there."""

    text: str | None
    doubt: str = ""


class Names(Struct):
    """The symbols that were given out, and what is to be told of them.

    Attributes:
        app: whose policies they are in.
        folder: what stands before its paths, for people.
        shared: the kinds and addresses of several resources, here or in what it is compared with; those go by their keys.
        alike: what resources are called that another application has too, by key.
        fixed: what the region and the partition are taken to be, by name.
        likely: a text that each may stand for.
        assumed: what each is taken not to hold, in words.
        scopes: the templates and root modules that there are.
    """

    app: App
    folder: str = ""
    shared: frozenset[str] | None = None
    alike: dict[str, str] = {}
    fixed: dict[str, str] = {}
    likely: dict[str, str] = {}
    assumed: dict[str, str] = {}
    scopes: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.scopes = frozenset(resource.key.partition("#")[0] for resource in self.app.resources)
        if self.shared is None:
            self.shared = shared_addresses(self.app)

    def called(self, resource: Resource) -> str:
        """What a resource goes by: no other one goes by the same."""
        if isinstance(resource, Policy):
            scope, _, own = resource.key.partition("#")
            return own if self.scopes == {scope} else resource.key
        return resource.key if resource.address in (self.shared or ()) else resource.address

    def setting(self, setting: Setting) -> Setting:
        """A setting that knows of the symbols."""
        return replace(setting, likely={**setting.likely, **self.likely}, assumed={**setting.assumed, **self.assumed})

    def place(self, origin: Origin) -> Place | None:
        """Where something is written, for people."""
        if not isinstance(origin, File):
            return None
        line, column = origin.span.doc.position(origin.span.start)
        return Place(f"{self.folder}/{origin.path}" if self.folder else origin.path, line, column)

    def text(self, leaf: Value[Any], scope: str, of: str = "") -> str | None:
        """The text of a value with symbols; None where there is no text, or one that holds what symbols are made of.

        `of`: what the value belongs to; what has no name of its own is told by it, and by how it is written there.
        """
        if isinstance(leaf, Known):
            text = str(leaf.v).lower() if isinstance(leaf.v, bool) else str(leaf.v)
            return None if has_marks(text) else text
        if not isinstance(leaf, Text) or any(isinstance(part, str) and has_marks(part) for part in leaf.parts):
            return None
        return "".join(self._part(part, leaf, scope, of) for part in leaf.parts)

    def _part(self, part: Part, leaf: Text, scope: str, of: str) -> str:
        if isinstance(part, str):
            return part
        return self._reference(part) if isinstance(part, Reference) else self._hole(part, leaf, scope, of)

    def _hole(self, hole: Hole, leaf: Text, scope: str, of: str) -> str:
        if hole.name in self.fixed:
            return self.fixed[hole.name]
        if hole.name in _GENERAL:
            self.likely.setdefault(hole.name, _GENERAL[hole.name])
            return symbol(hole.name, plain=True)
        name = said = hole.name
        if _PLACED.fullmatch(name):
            name = said = f"{_as_written(leaf.origin) or name} in {of or scope}"
        elif scope not in {"", "."}:
            name = f"{name} of {scope}"
        if not hole.plain:
            self.assumed.setdefault(name, f"`{said}` holds no wildcard")
        return symbol(name, plain=hole.plain)

    def _reference(self, reference: Reference) -> str:
        target = self.app.get(reference.target)
        if target is None:
            scope = reference.target.partition("#")[0]
            name = reference.shown if scope in {"", "."} else f"{reference.shown} of {scope}"
            return self._named(name, plain=not _is_arn(reference.attribute))
        kind, attribute = target.kind, reference.attribute
        if attribute in _NAMES.get(kind, ()):
            return self._name(target)
        if kind in _ARNS and (attribute == "Arn" or (attribute == "Ref" and kind in _BY_ARN)):
            return self._arn(target)
        if kind == "table" and attribute == "StreamArn":
            return self._arn(target) + "/stream/" + self._named(f"{self.called(target)}'s stream", plain=False)
        name = f"{self.alike.get(target.key, self.called(target))}.{attribute}"
        known = templates_of(target.type) if _is_arn(attribute) else ()
        if known:
            self.likely.setdefault(name, _example(known[0], target.address))
        return self._named(name, plain=not _is_arn(attribute))

    def arn(self, target: Resource) -> str | None:
        """The ARN of a resource; None where its kind has none that is known here."""
        return self._arn(target) if target.kind in _ARNS else None

    def pattern(self, target: Resource) -> str:
        """The ARN of a resource, or where that is not known here the pattern of all of its type."""
        if target.kind in _ARNS:
            return self._arn(target)
        known = templates_of(target.type)
        return HOLE.sub("*", known[0]) if len(known) == 1 else "*"

    def arn_name(self, target: Resource) -> str:
        """A resource's name as it stands in its ARN."""
        return self._name(target)

    def role_arn(self, role: Role) -> str:
        """The ARN of a role, as policies name whoever acts with it."""
        partition, account = self._general("AWS::Partition", role), self._general("AWS::AccountId", role)
        path = self.text(role.path, role.key.partition("#")[0])
        if path is None:
            path = "/" if isinstance(role.path, Default) else self._named(f"{self.called(role)}'s path", plain=False)
        return f"arn:{partition}:iam::{account}:role{path}{self._name(role)}"

    def _name(self, target: Resource) -> str:
        """A resource's name, as it is written or as a symbol."""
        if target.key in self.alike:
            name = self.alike[target.key]
            both = f", and both are in {self.fixed['AWS::Region']}" if self.fixed else ""
            self.assumed.setdefault(name, f"the {name} of one is that of the other{both}")
            return self._named(name, plain=True, own=True)
        text = self.text(target.name, target.key.partition("#")[0])
        return text or self._named(self.called(target), plain=True, own=True)

    def _arn(self, target: Resource) -> str:
        """A resource's ARN."""
        if isinstance(target, Role):
            return self.role_arn(target)
        service, kind = _ARNS[target.kind]
        template = facts.arn_templates(service, kind)[0]
        if target.kind in _OPAQUE:
            name = f"{self.alike.get(target.key, self.called(target))}.Arn"
            self.likely.setdefault(name, _example(template, target.address))
            return symbol(name, plain=False)
        place = target.place
        here = {
            hole: self._general(f"AWS::{aws}", target)
            for hole, aws in (("Partition", "Partition"), ("Region", "Region"), ("Account", "AccountId"))
        }
        if place is not None and place.known:
            here["Region"] = place.region
        return HOLE.sub(lambda hole: here.get(hole[1]) or self._name(target), template)

    def _general(self, name: str, target: Resource) -> str:
        if name in self.fixed:
            return self.fixed[name]
        word = "" if target.place is None else target.place.account if name == "AWS::AccountId" else target.place.region
        if word and name != "AWS::Partition":
            likely = _GENERAL[name]
            name = f"{name} of {word}"
            self.likely.setdefault(name, likely)
        else:
            self.likely.setdefault(name, _GENERAL[name])
        return symbol(name, plain=True)

    def _named(self, name: str, *, plain: bool, own: bool = False) -> str:
        self.likely.setdefault(name, dashed(name))
        return symbol(name, plain=plain, own=own)


def shared_addresses(*apps: App) -> frozenset[str]:
    """The addresses that two resources of one application have, whichever of them are policies put aside.

    Policies have no names that symbols stand for; most are told by the address of what they are written in.
    """
    found: set[str] = set()
    for app in apps:
        seen: set[str] = set()
        for resource in app.resources:
            if not isinstance(resource, Policy):
                (found if resource.address in seen else seen).add(resource.address)
    return frozenset(found)


def _as_written(origin: Origin) -> str:
    """How a value is written, on one line and not at length; nothing where that is not known."""
    text = " ".join(origin.span.text.split()) if isinstance(origin, File) else ""
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}… ({crc32(text.encode(errors='replace')):08x})"


def _mark(origin: Origin) -> str:
    """What tells things that are not known from others that were written otherwise."""
    return f"{crc32(origin.span.text.encode(errors='replace')):08x}" if isinstance(origin, File) else ""


def by_text(when: When) -> When:
    """Premises of which those that are known by a place only are known by what they say."""
    if not any(_PLACED.fullmatch(each.key) for each in when):
        return when
    return tuple(
        replace(each, key=each.text if each.holds else each.text_not) if _PLACED.fullmatch(each.key) else each
        for each in when
    )


def _example(template: str, address: str) -> str:
    """What an ARN may be."""
    filled = {"Partition": PARTITION, "Region": REGION, "Account": ACCOUNT}
    return HOLE.sub(lambda hole: filled.get(hole[1], dashed(address)), template)


def _is_arn(attribute: str) -> bool:
    return attribute.endswith(("Arn", "ARN")) or attribute == "Ref"


# ------------------------------------------------------------------------------------------------------------ statements


def of_statements(
    statements: Relation[Statement], names: Names, name: str, scope: str, when: When = (), mark: str = ""
) -> Clauses:
    """The clauses of a policy's statements."""
    out: list[Clause] = []
    variables = _has_variables(statements)
    for at, statement in enumerate(statements):
        clauses = _clauses(statement, names, f"{name}[{at}]", scope, when)
        out += clauses if variables else (replace(clause, variables=False) for clause in clauses)
    if not statements.complete:
        why = next((gap.why for gap in statements.gaps), "")
        out += anything(f"not all of {name} is known{f': {why}' if why else ''}", name, when, mark)
    return tuple(out)


def _has_variables(statements: Relation[Statement]) -> bool:
    """Whether `${…}` asks for the values of keys, as it does since the version 2012-10-17; without one it is that of 2008.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    A list of statements by itself is made a document of the newest version by whatever takes it.
    """
    if not isinstance(statements, Statements) or statements.origin is None:
        return True
    return statements.version is not None and not statements.version.is_("2012-10-17").is_no


def anything(doubt: str, name: str, when: When = (), mark: str = "") -> Clauses:
    """What a policy may say of which nothing is known. `mark` tells it from others that are called the same."""
    return tuple(
        Clause(
            None, {"Effect": effect, "Action": "*", "Resource": "*"}, name, by_text(when), f"{doubt} ({effect})", mark
        )
        for effect in ("Allow", "Deny")
    )


def _clauses(statement: Statement, names: Names, name: str, scope: str, when: When) -> Iterator[Clause]:
    start = conjoin(by_text(when), by_text(statement.exists))
    if start is None:
        return
    sid = names.text(statement.sid, scope, name) if statement.sid is not None else None
    label = f"{name} ({sid})" if sid else name
    lists: dict[str, list[list[tuple[When, _Leaf]]]] = {}
    gaps: dict[str, str] = {}
    for attribute, element in _ELEMENTS:
        relation = getattr(statement, attribute)
        if relation is not None:
            lists[element] = [_leaves(value, names, scope, name) for value in relation]
            _note(gaps, element, relation)
    for attribute, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        relation = getattr(statement, attribute)
        if relation is not None:
            lists[element] = [
                [
                    (w, replace(leaf, text=f"{one.kind}|{leaf.text}") if leaf.text is not None else leaf)
                    for w, leaf in _leaves(one.value, names, scope, name)
                ]
                for one in relation
            ]
            _note(gaps, element, relation)
    for condition in statement.conditions:
        element = f"{condition.operator}|{condition.key}"
        if element in lists:
            gaps[element] = f"`{condition.key}` is written twice in a condition"
        if has_marks(element):
            gaps["|"] = "a condition holds characters of Unicode's private use"
            continue
        lists[element] = [_leaves(value, names, scope, name) for value in condition.values]
        _note(gaps, element, condition.values)
    _note(gaps, "|", statement.conditions)
    lists["Effect"] = [_leaves(statement.effect, names, scope, name)]
    if not {"Action", "NotAction"} & lists.keys():
        return  # IAM takes no such policy
    cases = _cases(start, lists)
    if cases is None:
        doubt = f"{label} depends on too many conditions at once"
        found = anything(doubt, label, start, _mark(statement.origin))
        yield from (replace(each, at=names.place(statement.origin)) for each in found)
        return
    for case, chosen in cases:
        yield from _made(chosen, gaps, label, case, statement, names)


def _note(gaps: dict[str, str], element: str, relation: Relation[Any]) -> None:
    if not relation.complete:
        gaps[element] = next((gap.why for gap in relation.gaps), "not all of it is known")


def _leaves(value: Value[Any], names: Names, scope: str, of: str) -> list[tuple[When, _Leaf]]:
    out: list[tuple[When, _Leaf]] = []
    for premises, leaf in value.leaves():
        when = by_text(premises)
        if isinstance(leaf, Default):
            out.append((when, _Leaf(None)))
            continue
        text = names.text(leaf, scope, of)
        if text is None:
            why = leaf.doubt.why if isinstance(leaf, Unknown) else "it is no text that policies can hold"
            out.append((when, _Leaf(None, f"`{leaf.show()}`: {why}")))
        else:
            out.append((when, _Leaf(text)))
    return out


_Chosen = dict[str, list[_Leaf]]


def _cases(start: When, lists: Mapping[str, list[list[tuple[When, _Leaf]]]]) -> list[tuple[When, _Chosen]] | None:
    """What a statement is under each set of premises; None for too many."""
    cases: list[tuple[When, _Chosen]] = [(start, {element: [] for element in lists})]
    for element, values in lists.items():
        for leaves in values:
            if len(leaves) == 1 and not leaves[0][0]:
                for _, chosen in cases:
                    chosen[element].append(leaves[0][1])
                continue
            after: list[tuple[When, _Chosen]] = []
            for when, chosen in cases:
                for premises, leaf in leaves:
                    both = conjoin(when, premises)
                    if both is not None:
                        after.append(
                            (both, {**{k: list(v) for k, v in chosen.items()}, element: [*chosen[element], leaf]})
                        )
            if len(after) > MAX_CASES:
                return None
            cases = after
    return cases


class _Bounds:
    """What a statement is about at least and at most, put together element by element."""

    def __init__(self, gaps: Mapping[str, str]) -> None:
        self.gaps = gaps
        self.sure: dict[str, object] | None = {}
        self.most: dict[str, object] = {}
        self.conditions: dict[str, dict[str, list[str]]] = {}
        self.doubts: list[str] = []

    def add(self, element: str, leaves: list[_Leaf]) -> None:
        """One element, with its values."""
        texts = [leaf.text for leaf in leaves if leaf.text is not None]
        why = next((leaf.doubt for leaf in leaves if leaf.doubt), self.gaps.get(element, ""))
        if why:
            self.doubts.append(why)
        if "|" in element:
            if not texts and not why:
                why = f"`{element.partition('|')[2]}` is compared with nothing, or not at all"
                self.doubts.append(why)
            if why:
                self.sure = None  # a condition of which the values are not known may never hold
                return
            operator, _, key = element.partition("|")
            self.conditions.setdefault(operator, {})[key] = texts
            return
        values: object = _principals(texts) if element.endswith("Principal") else texts
        if element.startswith("Not"):
            self.most[element] = values
            if why:
                self.sure = None
            return
        self.most[element] = "*" if why else values
        if why and not texts:
            self.sure = None
        elif self.sure is not None:
            self.sure[element] = values

    def end(self) -> None:
        """When all elements are there."""
        if "|" in self.gaps:
            self.doubts.append(self.gaps["|"])
            self.sure = None
        if self.conditions:
            self.most["Condition"] = self.conditions
        if self.sure is not None:
            self.sure = {**self.most, **self.sure}


def _made(
    chosen: _Chosen, gaps: Mapping[str, str], label: str, when: When, statement: Statement, names: Names
) -> Iterator[Clause]:
    """The clauses of one statement under one set of premises."""
    bounds = _Bounds(gaps)
    for element, leaves in chosen.items():
        if element != "Effect":
            bounds.add(element, leaves)
    bounds.end()
    effects = chosen["Effect"]
    effect = effects[0].text if effects else None
    doubt = "; ".join(dict.fromkeys(bounds.doubts))
    at = names.place(statement.origin)
    if effect in {"Allow", "Deny"}:
        sure = None if bounds.sure is None else {"Effect": effect, **bounds.sure}
        why = f"{label}: {doubt}" if doubt else ""
        mark = _mark(statement.origin) if doubt else ""
        yield Clause(sure, {"Effect": effect, **bounds.most}, label, when, why, mark, at=at)
    elif effects and effects[0].doubt:
        for each in ("Allow", "Deny"):
            why = f"{label}: the effect is {effects[0].doubt} ({each})"
            yield Clause(None, {"Effect": each, **bounds.most}, label, when, why, _mark(statement.origin), at=at)


def _principals(texts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        kind, _, name = text.partition("|")
        found.setdefault("AWS" if kind == "*" else kind, []).append(name)
    return found


# -------------------------------------------------------------------------------------------------------------- policies


def of_policy(policy: Policy, names: Names, when: When = ()) -> Clauses:
    """The clauses of one policy of the model; `when`: the premises under which it is attached."""
    both = conjoin(by_text(when), by_text(policy.exists))
    if both is None:
        return ()
    return of_statements(
        policy.statements, names, names.called(policy), policy.key.partition("#")[0], both, _mark(policy.origin)
    )


def of_permission(permission: Permission, names: Names) -> Clauses:
    """The clauses of one permission to invoke a function.

    https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html, as of 2026-11
    """
    fields = (
        ("", "", permission.principal),
        ("ArnLike", "aws:SourceArn", permission.source_arn),
        ("StringEquals", "aws:SourceAccount", permission.source_account),
        ("StringEquals", "aws:PrincipalOrgID", permission.principal_org),
        ("StringEquals", "lambda:FunctionUrlAuthType", permission.url_auth),
        ("StringEquals", "lambda:EventSourceToken", permission.event_source_token),
        ("Bool", "lambda:InvokedViaFunctionUrl", permission.via_url_only),
    )
    name = names.called(permission)
    cases = _each(permission.exists, [value for _, _, value in fields])
    if cases is None:
        return anything(f"{name} depends on too many conditions at once", name, permission.exists)
    out: list[Clause] = []
    for when, leaves in cases:
        principal, *others = leaves
        shown_ = principal.show()
        kind = "Service" if shown_.endswith((".amazonaws.com", ".amazonaws.com.cn", ".${AWS::URLSuffix}")) else "AWS"
        statement = Statement(
            origin=permission.origin,
            effect=Known(v="Allow", origin=permission.origin),
            actions=Relation((permission.action,)),
            resources=Relation((Known(v="*", origin=permission.origin),)),
            principals=Relation((Principal(kind, principal),)),
            conditions=Relation(
                tuple(
                    Condition(operator, key, Relation((leaf,)), leaf.origin)
                    for (operator, key, _), leaf in zip(fields[1:], others, strict=True)
                    if not (isinstance(leaf, Default) or (isinstance(leaf, Known) and leaf.v is False))
                )
            ),
            exists=when,
        )
        for clause in _clauses(statement, names, name, permission.key.partition("#")[0], ()):
            out += _of_function(clause, permission, names)
    return tuple(out)


def _of_function(clause: Clause, permission: Permission, names: Names) -> Iterator[Clause]:
    """A clause with what it is about: the function, or what is behind one of its qualifiers."""
    for premises, leaf in permission.function_name.leaves():
        when = conjoin(clause.when, by_text(premises))
        if when is None:
            continue
        text = names.text(leaf, permission.key.partition("#")[0], clause.name)
        target = permission.function
        if target is not None:
            arn = names.arn(target) or "*"
            bare = (arn, names.text(target.name, target.key.partition("#")[0]), names.arn_name(target))
            resource = arn if text in bare else f"{arn}:{symbol(f'the qualifier in {leaf.show()}', plain=True)}"
        else:
            resource = text or "*"
        made = {"Resource": [resource]}
        sure = None if clause.sure is None else {**clause.sure, **made}
        yield replace(clause, most={**clause.most, **made}, sure=sure, when=when)


def _each(start: When, values: list[Value[Any]]) -> list[tuple[When, list[Value[Any]]]] | None:
    """The leaves of several values under each set of premises; None for too many."""
    cases: list[tuple[When, list[Value[Any]]]] = [(by_text(start), [])]
    for value in values:
        cases = [
            (both, [*chosen, leaf])
            for when, chosen in cases
            for premises, leaf in value.leaves()
            if (both := conjoin(when, by_text(premises))) is not None
        ]
        if len(cases) > MAX_CASES:
            return None
    return cases


def of_managed(value: Value[str], names: Names, *, but: Iterable[Policy] = ()) -> Clauses:
    """The clauses of managed policies, by their ARNs; `but` for policies of the application that were seen otherwise."""
    seen = tuple(but)
    out: list[Clause] = []
    for premises, leaf in value.leaves():
        when = by_text(premises)
        if isinstance(leaf, Default):
            continue
        text = written(leaf)
        name = aws_policy(text) if text is not None else None
        known = facts.managed_policy(name) if name is not None else None
        if known is not None:
            out += [
                replace(clause, when=when, at=names.place(leaf.origin))
                for clause in of_document(known.document, known.name)
            ]
            continue
        found = [names.app.get(reference.target) for _, reference in leaf.refers()]
        if len(found) == 1 and isinstance(found[0], Policy):
            if not any(each is found[0] for each in seen):
                out += of_policy(found[0], names, when)
            continue
        out += [
            replace(each, at=names.place(leaf.origin))
            for each in anything(f"the policy `{leaf.show()}` is not known", leaf.show(), when, _mark(leaf.origin))
        ]
    return tuple(out)


_ALL: dict[str, object] = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def all_of(when: When = ()) -> Clauses:
    """What leaves everything to other policies; it has no name, for nobody wrote it."""
    return (Clause(_ALL, _ALL, "", by_text(when)),)


def of_boundary(role: Role, names: Names, when: When = ()) -> Clauses | None:
    """A role's permissions boundary, None where it has none; under premises under which it has none, all is within it."""
    leaves = list(role.boundary.leaves())
    if all(isinstance(leaf, Default) for _, leaf in leaves):
        return None
    out = _under(of_managed(role.boundary, names), when)
    for premises, leaf in leaves:
        both = conjoin(by_text(premises), by_text(when))
        if isinstance(leaf, Default) and both is not None:
            out += all_of(both)
    return out


def of_role(role: Role, names: Names) -> Access:
    """What a role may do by its own policies, within its boundary."""
    return Access(identity=_identity(role, names), boundary=of_boundary(role, names))


def of_roles(cases: Iterable[tuple[When, Role | str]], names: Names, name: str) -> Access:
    """What somebody may do who has one role under some premises and another under others, or one that is not known, and why."""
    identity: Clauses = ()
    boundary: Clauses = ()
    bounded = False
    for when, role in cases:
        if isinstance(role, str):
            identity += anything(role, name, when)
            boundary += all_of(when)
            continue
        identity += _under(_identity(role, names), when)
        bounds = of_boundary(role, names, when)
        bounded |= bounds is not None
        boundary += all_of(when) if bounds is None else bounds
    return Access(identity=identity, boundary=boundary if bounded else None)


def _under(clauses: Clauses, when: When) -> Clauses:
    premises = by_text(when)
    return tuple(replace(each, when=both) for each in clauses if (both := conjoin(each.when, premises)) is not None)


def _identity(role: Role, names: Names) -> Clauses:
    """The policies that are attached to a role, together."""
    identity: Clauses = ()
    for when, policy in role.attachments:
        identity += of_policy(policy, names, when)
    for value in role.managed:
        identity += of_managed(value, names, but=role.policies)
    for relation, what in ((role.policies, "policies"), (role.managed, "managed policies")):
        if not relation.complete:
            why = next((gap.why for gap in relation.gaps), "not all are known")
            called = names.called(role)
            identity += anything(f"the {what} of {called}: {why}", called, mark=_mark(role.origin))
    for policy in names.app.of(Policy):
        identity += _perhaps(policy, role, names)
    return identity


def _perhaps(policy: Policy, role: Role, names: Names) -> Clauses:
    """A policy that says whom it is attached to in a way that is not known; nothing where that can't be this role."""
    if any(each is policy for each in role.policies) or not (policy.roles.gaps or len(policy.roles)):
        return ()
    open_ = [leaf for value in policy.roles for _, leaf in value.leaves() if _may_be_any(leaf)]
    if policy.roles.complete and not open_:
        return ()
    what = f"`{open_[0].show()}`" if open_ else next((gap.why for gap in policy.roles.gaps), "some role")
    why = f"whether {names.called(policy)} is attached to {names.called(role)}: it is to {what}"
    return tuple(
        replace(each, sure=None, doubt=each.doubt or why, mark=_mark(policy.origin))
        for each in of_policy(policy, names)
    )


def _may_be_any(leaf: Value[Any]) -> bool:
    return isinstance(leaf, Unknown) or (isinstance(leaf, Text) and all(isinstance(part, Hole) for part in leaf.parts))


# -------------------------------------------------------------------------------------------------------- resource policies


def of_trust(role: Role, names: Names) -> Clauses:
    """Who may assume a role."""
    called = names.called(role)
    return of_statements(role.trust, names, f"{called}, trust", role.key.partition("#")[0], (), _mark(role.origin))


def of_resources(names: Names) -> dict[Resource, Clauses]:
    """What the application's resources let others do, or keep them from, by resource; permissions of functions are among it.

    A policy of which it is not known what it is put on stands by itself.
    """
    out: dict[Resource, Clauses] = {}
    for policy in names.app.of(Policy):
        if policy.form == "resource":
            for guarded in policy.guards or (policy,):
                out[guarded] = (*out.get(guarded, ()), *of_policy(policy, names))
    for permission in names.app.of(Permission):
        target = permission.function or permission
        out[target] = (*out.get(target, ()), *of_permission(permission, names))
    return out
