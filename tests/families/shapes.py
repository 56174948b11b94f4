"""What models of one application have in common, whatever format it is written in.

Every record becomes plain data without places: a reference is told by the kind, name and attribute of what it leads to, what
CloudFormation calls a pseudo parameter and Terraform reads by a data source by the value that both have, and a document in
JSON by what it holds. Records are compared kind by kind, as sets.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from stockade.model import app as m
from stockade.model.diff import PLACES, plain
from stockade.model.policy import Statement
from stockade.model.value import OneOf, Reference, Relation, Text, Unknown, Value, When, conjoin

# Where the plans were recorded; other formats leave it open.
REGION, ACCOUNT = "eu-west-1", "905418000017"
_PSEUDO = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}

# What `Ref` of CloudFormation gives for these is their ARN.
_REF_IS_ARN = frozenset(
    {"alias", "code-signing", "layer", "listener", "load-balancer", "policy", "secret", "state-machine", "target-group",
     "topic"}
)  # fmt: skip
# Words of one format for what others call `Arn` or `Ref`.
_WORDS = {
    "AliasArn": "Arn",
    "ApiId": "Ref",
    "BusName": "Ref",
    "CodeSigningConfigArn": "Arn",
    "FunctionArn": "Arn",
    "GroupId": "Ref",
    "GroupName": "Ref",
    "KeyId": "Ref",
    "LayerVersionArn": "Arn",
    "ListenerArn": "Arn",
    "LoadBalancerArn": "Arn",
    "PolicyArn": "Arn",
    "QueueName": "Name",
    "QueueUrl": "Ref",
    "TargetGroupArn": "Arn",
    "TopicArn": "Arn",
    "UserPoolId": "Ref",
}
# An ARN that is put together of a name is the ARN.
_PUT_TOGETHER = (
    (re.compile(r"arn:aws:s3:::(\{bucket [^{}]*)\.Ref\}"), r"\1.Arn}"),
    (re.compile(r"arn:aws:lambda:[\w-]+:\d+:function:(\{function [^{}]*)\.Ref\}"), r"\1.Arn}"),
    (re.compile(r"arn:aws:logs:[\w-]+:\d+:log-group:(\{log-group [^{}]*)\.Ref\}"), r"\1.Arn}"),
    (re.compile(r"(\{log-group [^{}]*\.Arn\}):\*"), r"\1"),
    (re.compile(r"arn:aws:elasticfilesystem:[\w-]+:\d+:access-point/(\{access-point .*)\.Ref\}"), r"\1.Arn}"),
    (re.compile(r"arn:aws:elasticfilesystem:[\w-]+:\d+:file-system/(\{file-system [^{}]*)\.Ref\}"), r"\1.Arn}"),
    (re.compile(r"arn:aws:iot:[\w-]+:\d+:rule/(\{iot-rule [^{}]*)\.Ref\}"), r"\1.Arn}"),
    (
        re.compile(r"arn:aws:apigateway:[\w-]+:lambda:path/2015-03-31/functions/(\{function [^{}]*\})/invocations"),
        r"\1",
    ),
    (re.compile(r"(\{function [^{}]*)\.InvokeArn\}"), r"\1.Arn}"),
    (re.compile(r"\{version \(function_name=<(function [^<>]*)>\)\.Version\}"), r"{\1.Version}"),
)
_WORD = re.compile(r"\.(?:Ref|Arn)\}")
# Kinds that a framework names by itself where it makes them: they are told by what they hold.
_NAMELESS = frozenset({"iot-rule", "log-subscription", "policy", "role", "variable"})
# Fields that say which resource is meant, by its name as well as by its ARN.
_IDENTIFY = frozenset(
    {"authorizer", "bucket_name", "bus", "function_name", "kms_key", "log_group", "secret_id", "target", "targets"}
)
# Fields that name others of the application as well as they refer to them.
_LEADS_TO = {"authorizer": "authorizer", "function_name": "function", "log_group": "log-group"}
# ARNs that say the name of what they are of: where they are written, nothing is referred to.
_ARNS: tuple[tuple[type[m.Resource], str, str], ...] = (
    (m.Bucket, "s3:::", ""),
    (m.EventRule, r"events:[\w-]+:\d+:rule/", ""),
    (m.LogGroup, r"logs:[\w-]+:\d+:log-group:", r"(?::\*)?"),
)
# Fields that say how a record was made.
_MADE = frozenset({"exists", "framework_owned", "generated", "generated_by", "implicit", "template"})

# What a plan leaves open: nothing, or anything.
OPEN = "{?}"
# What may be in a set of which a plan does not know everything.
MORE = "{*}"
Record: TypeAlias = dict[str, str]


class Shape(Struct, frozen=True):
    """An application without places: its records by kind, and the verdicts by rule and function."""

    records: dict[str, tuple[Record, ...]]
    verdicts: dict[tuple[str, str], str]


class Difference(Struct, frozen=True, order=True):
    """What is not the same in two shapes: a field of a record (a whole record where it is empty), or a rule's verdict."""

    kind: str
    field: str
    of: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.kind} {self.field or 'as a whole'} of {self.of}\n      {self.left}\n      {self.right}"


def only(value: Value[Any]) -> str:
    """The one text that a name is; empty where it is none."""
    held = value.only()
    return str(held) if held is not None else ""


class Shaper:
    """Makes the shape of an application. `left_out` are fields that records are not told apart by in references.

    `planned`: it was read from a plan, which leaves open what is known after apply.
    """

    def __init__(self, app: m.App, left_out: Mapping[str, frozenset[str]], *, planned: bool = False) -> None:
        self.app = app
        self._planned = planned
        self._given: When = ()  # when the record exists that is looked at
        self._named = [
            (re.compile(rf"arn:aws:{start}{re.escape(name)}(?![\w.-]){end}"), f"{{{kind.kind} {name}.Arn}}")
            for kind, start, end in _ARNS
            for record in app.of(kind)
            if (name := only(record.name))
        ]
        self._names = {
            f"{record.kind} {only(record.name)}"
            for kind in (m.Authorizer, m.Function, m.LogGroup)
            for record in app.of(kind)
        }
        self._left_out = left_out

    def records(self) -> dict[str, tuple[Record, ...]]:
        """Every record, by kind."""
        found: dict[str, list[Record]] = {}
        for resource in self.app.resources:
            if isinstance(resource, m.Policy) and self._is_part(resource):
                continue
            if isinstance(resource, m.Other):
                continue  # what only joins others in one format; the model does not look into it
            fields = self._fields(resource, 2)
            if isinstance(resource, m.Function):
                fields["invokers"] = _set(
                    f"{i.via} {i.how} {i.public.truth} {self.when(i.exists)}" for i in resource.invokers
                )
            found.setdefault(resource.kind, []).append(fields)
        return {kind: tuple(records) for kind, records in found.items()}

    @staticmethod
    def _is_part(policy: m.Policy) -> bool:
        """Whether it is told with the roles that it is a part of."""
        return policy.form not in {"resource", "managed"} and bool(policy.attached_to)

    def _fields(self, resource: m.Resource, depth: int) -> Record:
        outer, self._given = self._given, resource.exists
        try:
            return self._fields_given(resource, depth)
        finally:
            self._given = outer

    def _fields_given(self, resource: m.Resource, depth: int) -> Record:
        fields: Record = {}
        for name in type(resource).__struct_fields__:
            value = getattr(resource, name)
            if name in PLACES - {"tags"} or (name in m.LINKS and not isinstance(value, Value)):
                continue
            if name == "name" and resource.kind in _NAMELESS:
                continue
            fields[name] = self.text(value, depth)
            if name in _IDENTIFY:
                fields[name] = _WORD.sub("}", fields[name])
            if (told := f"{_LEADS_TO.get(name, '')} {fields[name]}") in self._names:
                fields[name] = f"{{{told}}}"
        fields["exists"] = self.when(resource.exists)
        if isinstance(resource, m.Policy):
            fields["roles"] = _set(f"{{role {self.name(role, depth)}}}" for role in resource.attached_to)
        if isinstance(resource, m.Role):
            fields.pop("inline")
            own = [p for p in resource.policies if self._is_part(p)]
            # One of the application may be attached from either side: that is told with the policy.
            fields["managed"] = _set(
                self.text(arn, depth)
                for arn in resource.managed
                if not any(type(self.app.get(r.target)) is m.Policy for _, r in arn.refers())
            )
            fields["policies"] = _set(
                f"{self.when(s.exists)}{self.text(s, depth)}" for policy in own for s in policy.statements
            )
        return fields

    def name(self, resource: m.Resource, depth: int = 1) -> str:
        """What a resource is called: its physical name, or what it holds where it has none."""
        if resource.kind not in _NAMELESS and (found := only(resource.name)):
            return found
        if not depth:
            return "…"
        fields = self._fields(resource, depth - 1)
        out = self._left_out.get(resource.kind, frozenset()) | self._left_out["*"] | _MADE
        told = "; ".join(
            f"{n}={v}" for n, v in sorted(fields.items()) if n not in out and v not in {"null", "[]", "", "false"}
        )
        return f"({told.replace('{', '<').replace('}', '>')})"

    def reference(self, item: Reference, depth: int) -> str:
        target = self.app.get(item.target)
        if target is None:
            return f"{{nothing {item.target}.{item.attribute}}}"
        word = _WORDS.get(item.attribute, item.attribute)
        if word == "Ref" and target.kind in _REF_IS_ARN:
            word = "Arn"
        name = self.name(target, depth)
        if isinstance(target, m.Stage | m.Alias) and word in {"Ref", "Name"} and only(target.name):
            return name
        return f"{{{target.kind} {name}.{word}}}"

    def when(self, when: When) -> str:
        """Premises, by the names that all formats share."""
        decided = {_premise(p.key) for p in when if p.holds}
        told = {
            f"{_premise(p.key)} {'is' if p.holds else 'is not'} {p.value}"
            for p in when
            if p.holds or _premise(p.key) not in decided
        }
        return "".join(f"[{one}]" for one in sorted(told))

    def text(self, item: Any, depth: int) -> str:
        """Anything that a record holds, as a text."""
        if isinstance(item, Text):
            parts = (
                p
                if isinstance(p, str)
                else self.reference(p, depth)
                if isinstance(p, Reference)
                else _PSEUDO.get(p.name, OPEN if self._planned else _unknown(p.name))
                for p in item.parts
            )
            return self._told("".join(parts))
        if isinstance(item, OneOf):
            cases = [(when, leaf) for when, leaf in item.leaves() if conjoin(self._given, when) is not None]
            leaves = {f"{self.when(when)} {self.text(leaf, depth)}" for when, leaf in cases}
            bare = {self.text(leaf, depth) for _, leaf in cases}
            return bare.pop() if len(bare) == 1 else _set(leaves)
        if isinstance(item, Unknown):
            return OPEN if self._planned else _unknown(item.name)
        if isinstance(item, Value):
            return self._told(item.only())
        if isinstance(item, Relation):
            more = "" if item.complete else MORE if self._planned else ", …"
            return _set((self.text(i, depth) for i in item), more)
        if isinstance(item, list | tuple):
            return _set(self.text(i, depth) for i in item)
        if isinstance(item, m.Resource):
            return f"{{{item.kind} {self.name(item, depth)}}}"
        if isinstance(item, Struct):
            held = {
                name: self.when(value) if name == "exists" else self._part(name, value, depth)
                for name in type(item).__struct_fields__
                if name not in {"at", "origin", "operator_origin", "site"}
                and (value := getattr(item, name)) is not None
                and not (name == "sid" and isinstance(item, Statement))
            }
            return "(" + ", ".join(f"{n}={v}" for n, v in held.items() if v not in {"", "null", "[]"}) + ")"
        return self._told(plain(item))

    def _part(self, name: str, value: Any, depth: int) -> str:
        told = self.text(value, depth)
        return told.lower() if name in {"actions", "not_actions"} else told

    def _told(self, held: object) -> str:
        if isinstance(held, bool) or held is None:
            return json.dumps(held)
        if isinstance(held, float) and held.is_integer():
            return str(int(held))
        text = str(held)
        if text[:1] in {"{", "["}:
            try:
                return json.dumps(json.loads(text), sort_keys=True)
            except ValueError:
                pass
        for pattern, shorter in _PUT_TOGETHER:
            text = pattern.sub(shorter, text)
        for named, token in self._named:
            text = named.sub(token, text)
        return text


def _premise(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.rpartition("#")[2].rpartition(".")[2].lower())


def _unknown(name: str) -> str:
    """What is not known, by the name that parameters and variables share."""
    return f"{{{name.removeprefix('var.').capitalize() if name.startswith('var.') else name}}}"


def _set(items: Iterable[str], more: str = "") -> str:
    return "[" + ", ".join(sorted(items)) + more + "]"


def differences(left: Shape, right: Shape) -> Iterator[Difference]:
    """What is not the same; records that differ are put beside those that they are most like."""
    for kind in sorted(left.records.keys() | right.records.keys()):
        yield from _unlike(kind, left.records.get(kind, ()), right.records.get(kind, ()))
    for rule, function in sorted(left.verdicts.keys() | right.verdicts.keys()):
        one, other = (shape.verdicts.get((rule, function), "") for shape in (left, right))
        if one != other:
            yield Difference("verdict", rule, function, one, other)


def _unlike(kind: str, left: tuple[Record, ...], right: tuple[Record, ...]) -> Iterator[Difference]:
    ones = Counter(tuple(sorted(r.items())) for r in left)
    others = Counter(tuple(sorted(r.items())) for r in right)
    here = [dict(r) for r in (ones - others).elements()]
    there = [dict(r) for r in (others - ones).elements()]
    pairs = sorted(
        (
            sum(not _is(a.get(n, ""), b.get(n, "")) for n in a.keys() | b.keys())
            + 9 * (a.get("name") != b.get("name")),
            i,
            j,
        )
        for i, a in enumerate(here)
        for j, b in enumerate(there)
    )
    taken: set[int] = set()
    matched: set[int] = set()
    for _, i, j in pairs:
        if i in taken or j in matched:
            continue
        taken.add(i)
        matched.add(j)
        for name in sorted(here[i].keys() | there[j].keys()):
            one, other = here[i].get(name, ""), there[j].get(name, "")
            if one != other:
                named = ("open", "") if _may_be(other, one) else (kind, name)
                yield Difference(*named, _called(here[i]), one, other)
    for i, record in enumerate(here):
        if i not in taken:
            yield Difference(kind, "", _called(record), repr(record), "")
    for j, record in enumerate(there):
        if j not in matched:
            yield Difference(kind, "", _called(record), "", repr(record))


def _is(one: str, other: str) -> bool:
    return one == other or _may_be(other, one)


def _may_be(text: str, wanted: str) -> bool:
    """Whether a text with parts that are open can be another one."""
    text = text.replace("<?>", OPEN).replace("<*>", MORE)
    if OPEN not in text and MORE not in text:
        return False
    pattern = re.escape(text).replace(re.escape(OPEN), "[^,]*?").replace(re.escape(MORE), ".*?")
    return re.fullmatch(pattern, wanted) is not None


def _called(record: Record) -> str:
    return next(
        (v for n in ("name", "function_name", "principal", "path") if (v := record.get(n, "null")) != "null"), "-"
    )
