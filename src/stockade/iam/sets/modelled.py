"""Policies of the model as clauses: what is known only after deployment becomes a symbol, what is not known at all a doubt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.managed import aws_policy
from stockade.iam.resources import written
from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause, Clauses, Place, of_document, symbol
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
_HOLE = regex(r"\$\{([^}]*)\}")
_PLACED = regex(r"unknown|part of the path|.* at \d+")
_GENERAL = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
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
        alike: what resources are called that another application has too, by key.
        fixed: what the region and the partition are taken to be, by name.
        likely: a text that each may stand for.
        assumed: what each is taken not to hold, in words.
    """

    app: App
    folder: str = ""
    alike: dict[str, str] = {}
    fixed: dict[str, str] = {}
    likely: dict[str, str] = {}
    assumed: dict[str, str] = {}

    def setting(self, setting: Setting) -> Setting:
        """A setting that knows of the symbols."""
        return replace(setting, likely={**setting.likely, **self.likely}, assumed={**setting.assumed, **self.assumed})

    def place(self, origin: Origin) -> Place | None:
        """Where something is written, for people."""
        if not isinstance(origin, File):
            return None
        line, column = origin.span.doc.position(origin.span.start)
        return Place(f"{self.folder}/{origin.path}" if self.folder else origin.path, line, column)

    def text(self, leaf: Value[Any], scope: str) -> str | None:
        """The text of a value with symbols; None where there is no text."""
        if isinstance(leaf, Known):
            return str(leaf.v).lower() if isinstance(leaf.v, bool) else str(leaf.v)
        if not isinstance(leaf, Text):
            return None
        return "".join(self._part(part, leaf, scope) for part in leaf.parts)

    def _part(self, part: Part, leaf: Text, scope: str) -> str:
        if isinstance(part, str):
            return part
        return self._reference(part) if isinstance(part, Reference) else self._hole(part, leaf, scope)

    def _hole(self, hole: Hole, leaf: Text, scope: str) -> str:
        if hole.name in self.fixed:
            return self.fixed[hole.name]
        if hole.name in _GENERAL:
            self.likely.setdefault(hole.name, _GENERAL[hole.name])
            return symbol(hole.name, plain=True)
        name = hole.name
        if _PLACED.fullmatch(name) and isinstance(leaf.origin, File):
            name = f"{name} in {leaf.origin.path}:{leaf.origin.span.start}"
        elif scope not in {"", "."}:
            name = f"{name} of {scope}"
        if not hole.plain:
            self.assumed.setdefault(name, f"`{hole.name}` holds no wildcard")
        return symbol(name, plain=hole.plain)

    def _reference(self, reference: Reference) -> str:
        target = self.app.get(reference.target)
        if target is None:
            return self._named(reference.shown, plain=not _is_arn(reference.attribute))
        kind, attribute = target.kind, reference.attribute
        if attribute in _NAMES.get(kind, ()):
            return self._name(target)
        if kind in _ARNS and (attribute == "Arn" or (attribute == "Ref" and kind in _BY_ARN)):
            return self._arn(target)
        if kind == "table" and attribute == "StreamArn":
            return self._arn(target) + "/stream/" + self._named(f"{target.address}'s stream", plain=False)
        name = f"{self.alike.get(target.key, target.address)}.{attribute}"
        known = _template(target.type) if _is_arn(attribute) else ""
        if known:
            self.likely.setdefault(name, _example(known, target.address))
        return self._named(name, plain=not _is_arn(attribute))

    def arn(self, target: Resource) -> str | None:
        """The ARN of a resource; None where its kind has none that is known here."""
        return self._arn(target) if target.kind in _ARNS else None

    def role_arn(self, role: Role) -> str:
        """The ARN of a role, as policies name whoever acts with it."""
        partition, account = self._general("AWS::Partition", role), self._general("AWS::AccountId", role)
        path = self.text(role.path, role.key.partition("#")[0])
        if path is None:
            path = "/" if isinstance(role.path, Default) else self._named(f"{role.address}'s path", plain=True)
        return f"arn:{partition}:iam::{account}:role{path}{self._name(role)}"

    def _name(self, target: Resource) -> str:
        """A resource's name, as it is written or as a symbol."""
        if target.key in self.alike:
            name = self.alike[target.key]
            both = f", and both are in {self.fixed['AWS::Region']}" if self.fixed else ""
            self.assumed.setdefault(name, f"the {name} of one is that of the other{both}")
            return self._named(name, plain=True, own=True)
        text = self.text(target.name, target.key.partition("#")[0])
        return text or self._named(target.address, plain=True, own=True)

    def _arn(self, target: Resource) -> str:
        """A resource's ARN."""
        if isinstance(target, Role):
            return self.role_arn(target)
        service, kind = _ARNS[target.kind]
        template = facts.resource_type(service, kind) or ""
        if target.kind in _OPAQUE:
            name = f"{self.alike.get(target.key, target.address)}.Arn"
            self.likely.setdefault(name, _example(template, target.address))
            return symbol(name, plain=False)
        place = target.place
        here = {
            hole: self._general(f"AWS::{aws}", target)
            for hole, aws in (("Partition", "Partition"), ("Region", "Region"), ("Account", "AccountId"))
        }
        if place is not None and place.known:
            here["Region"] = place.region
        return _HOLE.sub(lambda hole: here.get(hole[1]) or self._name(target), template)

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
        self.likely.setdefault(name, _slug(name))
        return symbol(name, plain=plain, own=own)


def _example(template: str, address: str) -> str:
    """What an ARN may be."""
    filled = {"Partition": "aws", "Region": _GENERAL["AWS::Region"], "Account": ACCOUNT}
    return _HOLE.sub(lambda hole: filled.get(hole[1], _slug(address)), template)


@lru_cache(maxsize=256)
def _template(kind: str) -> str:
    """The ARN of a type of resource, by what CloudFormation and Terraform call it; nothing where no name fits."""
    words = kind.split("::")[1:] if "::" in kind else kind.removeprefix("aws_").split("_", 1)
    if len(words) != 2:
        return ""
    service = facts.service(words[0].lower())
    wanted = re.sub(r"[^a-z0-9]", "", words[1].lower())
    for name, template in service.resource_types().items() if service is not None else ():
        if re.sub(r"[^a-z0-9]", "", name.lower()) == wanted:
            return template
    return ""


def _is_arn(attribute: str) -> bool:
    return attribute.endswith(("Arn", "ARN")) or attribute == "Ref"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")


# ------------------------------------------------------------------------------------------------------------ statements


def of_statements(statements: Relation[Statement], names: Names, name: str, scope: str, when: When = ()) -> Clauses:
    """The clauses of a policy's statements."""
    out: list[Clause] = []
    variables = _has_variables(statements)
    for at, statement in enumerate(statements):
        clauses = _clauses(statement, names, f"{name}[{at}]", scope, when)
        out += clauses if variables else (replace(clause, variables=False) for clause in clauses)
    if not statements.complete:
        out += anything(f"not all of {name} is known", name, when)
    return tuple(out)


def _has_variables(statements: Relation[Statement]) -> bool:
    """Whether `${…}` asks for the values of keys, as it does since the version 2012-10-17; without one it is that of 2008.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    A list of statements by itself is made a document of the newest version by whatever takes it.
    """
    if not isinstance(statements, Statements) or statements.origin is None:
        return True
    return statements.version is not None and not statements.version.is_("2012-10-17").is_no


def anything(doubt: str, name: str, when: When = ()) -> Clauses:
    """What a policy may say of which nothing is known."""
    return tuple(
        Clause(None, {"Effect": effect, "Action": "*", "Resource": "*"}, name, when, f"{doubt} ({effect})")
        for effect in ("Allow", "Deny")
    )


def _clauses(statement: Statement, names: Names, name: str, scope: str, when: When) -> Iterator[Clause]:
    start = conjoin(when, statement.exists)
    if start is None:
        return
    sid = names.text(statement.sid, scope) if statement.sid is not None else None
    label = f"{name} ({sid})" if sid else name
    lists: dict[str, list[list[tuple[When, _Leaf]]]] = {}
    gaps: dict[str, str] = {}
    for attribute, element in _ELEMENTS:
        relation = getattr(statement, attribute)
        if relation is not None:
            lists[element] = [_leaves(value, names, scope) for value in relation]
            _note(gaps, element, relation)
    for attribute, element in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        relation = getattr(statement, attribute)
        if relation is not None:
            lists[element] = [
                [
                    (w, replace(leaf, text=f"{one.kind}|{leaf.text}") if leaf.text is not None else leaf)
                    for w, leaf in _leaves(one.value, names, scope)
                ]
                for one in relation
            ]
            _note(gaps, element, relation)
    for condition in statement.conditions:
        element = f"{condition.operator}|{condition.key}"
        if element in lists:
            gaps[element] = f"`{condition.key}` is written twice in a condition"
        lists[element] = [_leaves(value, names, scope) for value in condition.values]
        _note(gaps, element, condition.values)
    _note(gaps, "|", statement.conditions)
    lists["Effect"] = [_leaves(statement.effect, names, scope)]
    if not {"Action", "NotAction"} & lists.keys():
        return  # IAM takes no such policy
    cases = _cases(start, lists)
    if cases is None:
        doubt = f"{label} depends on too many conditions at once"
        yield from (replace(each, at=names.place(statement.origin)) for each in anything(doubt, label, start))
        return
    for case, chosen in cases:
        yield from _made(chosen, gaps, label, case, statement, names)


def _note(gaps: dict[str, str], element: str, relation: Relation[Any]) -> None:
    if not relation.complete:
        gaps[element] = next((gap.why for gap in relation.gaps), "not all of it is known")


def _leaves(value: Value[Any], names: Names, scope: str) -> list[tuple[When, _Leaf]]:
    out: list[tuple[When, _Leaf]] = []
    for when, leaf in value.leaves():
        if isinstance(leaf, Default):
            out.append((when, _Leaf(None)))
            continue
        text = names.text(leaf, scope)
        if text is None:
            why = leaf.doubt.why if isinstance(leaf, Unknown) else "it is no text"
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
        yield Clause(sure, {"Effect": effect, **bounds.most}, label, when, f"{label}: {doubt}" if doubt else "", at=at)
    elif effects and effects[0].doubt:
        for each in ("Allow", "Deny"):
            why = f"{label}: the effect is {effects[0].doubt} ({each})"
            yield Clause(None, {"Effect": each, **bounds.most}, label, when, why, at=at)


def _principals(texts: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        kind, _, name = text.partition("|")
        found.setdefault("AWS" if kind == "*" else kind, []).append(name)
    return found


# ----------------------------------------------------------------------------------------------------------------- roles


def of_policy(policy: Policy, names: Names) -> Clauses:
    """The clauses of one policy of the model."""
    return of_statements(policy.statements, names, policy.address, policy.key.partition("#")[0], policy.exists)


def of_permission(permission: Permission, names: Names) -> Clauses:
    """The clause of one permission to invoke a function."""
    scope = permission.key.partition("#")[0]
    conditions = [
        ("ArnLike", "aws:SourceArn", permission.source_arn),
        ("StringEquals", "aws:SourceAccount", permission.source_account),
        ("StringEquals", "aws:PrincipalOrgID", permission.principal_org),
        ("StringEquals", "lambda:FunctionUrlAuthType", permission.url_auth),
        ("StringEquals", "lambda:EventSourceToken", permission.event_source_token),
    ]
    principal = permission.principal.show()
    kind = "Service" if ".amazonaws." in principal or principal.endswith(".amazonaws.com") else "AWS"
    statement = Statement(
        origin=permission.origin,
        effect=Known(v="Allow", origin=permission.origin),
        actions=Relation((permission.action,)),
        resources=Relation((Known(v="*", origin=permission.origin),)),
        principals=Relation((Principal(kind, permission.principal),)),
        conditions=Relation(
            tuple(
                Condition(operator, key, Relation((value,)), value.origin)
                for operator, key, value in conditions
                if not (isinstance(value, Default) and value.v is None)
            )
        ),
        exists=permission.exists,
    )
    return tuple(_clauses(statement, names, permission.address, scope, ()))


def of_managed(value: Value[str], names: Names) -> Clauses:
    """The clauses of a managed policy, by its ARN."""
    out: list[Clause] = []
    for when, leaf in value.leaves():
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
            out += [
                replace(each, when=both)
                for each in of_policy(found[0], names)
                if (both := conjoin(when, each.when)) is not None
            ]
            continue
        out += [
            replace(each, at=names.place(leaf.origin))
            for each in anything(f"the policy `{leaf.show()}` is not known", leaf.show(), when)
        ]
    return tuple(out)


def of_role(role: Role, names: Names) -> Access:
    """What a role may do by its own policies, within its boundary."""
    identity: list[Clause] = []
    for policy in role.policies:
        identity += of_policy(policy, names)
    for value in role.managed:
        referred = [names.app.get(reference.target) for _, reference in value.refers()]
        if any(each is policy for each in referred for policy in role.policies):
            continue  # it is among the role's policies already
        identity += of_managed(value, names)
    for relation, what in ((role.policies, "policies"), (role.managed, "managed policies")):
        if not relation.complete:
            why = next((gap.why for gap in relation.gaps), "not all are known")
            identity += anything(f"the {what} of {role.address}: {why}", role.address)
    bounds = [leaf for _, leaf in role.boundary.leaves() if not (isinstance(leaf, Default) and leaf.v is None)]
    boundary = of_managed(role.boundary, names) if bounds else None
    return Access(identity=tuple(identity), boundary=boundary)
