"""Which functions each resource concerns, so that reports and verdicts can be told by function.

What a function uses is what its settings, its environment and the policies of its role name. A role that may do something with
everything, or with all of a name's beginning, names nothing by that.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import force_setattr

from stockade.model import app as m
from stockade.model.names import Parts, arn_resource, parts_of
from stockade.model.places import together
from stockade.model.value import Known, Reference, Relation, Text, Value, When
from stockade.patterns import regex

Targets = Callable[[Value[Any], Any], Iterator[tuple[When, Any]]]
Neighbours = Callable[[Value[Any], tuple[type[m.Resource], ...]], Iterator[m.Resource]]

_INSTANCE = regex(r"\[[^\]]*\]")
# What a function's configuration and its environment name, and what is then the function's concern too.
_CONFIGURED = (
    m.LayerVersion,
    m.Subnet,
    m.SecurityGroup,
    m.CodeSigningConfig,
    m.Key,
    m.Queue,
    m.Topic,
    m.Repository,
    m.AccessPoint,
)
_IN_ENVIRONMENT = (m.Table, m.Bucket, m.Queue, m.Topic, m.Stream, m.Secret, m.Parameter, m.Key, m.Database)
DESTINATIONS = (m.Queue, m.Topic, m.Bucket)  # where what a function failed on, or has done, is sent
# What a function works with by what its role allows, with the service of its ARN.
WORKED_WITH: dict[type[m.Resource], str] = {
    m.Table: "dynamodb",
    m.Bucket: "s3",
    m.Queue: "sqs",
    m.Topic: "sns",
    m.Stream: "kinesis",
    m.Secret: "secretsmanager",
    m.Parameter: "ssm",
    m.Key: "kms",
}
# What may stand behind the ARN of a resource and be in it: items by an index, objects, the letters that Secrets Manager adds
# to a name. The stream of a table is a thing of its own.
_INSIDE: dict[type[m.Resource], re.Pattern[str]] = {
    m.Table: regex(r"/(?:\*|index/.*)$"),
    m.Bucket: regex(r"/.*$"),
    m.Secret: regex(r"-(?:\*|\?{6})$"),
}
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html (as of 2026-11-28)
_EVERY_FUNCTION = "arn:[^:]*:lambda"


def link_concerns(app: m.App, targets: Targets, neighbours: Neighbours) -> None:
    """Set `functions` of every resource; everything else is linked already."""
    found = _Concerns(app, targets, neighbours)
    for function in app.functions:
        found.of_function(function)
        found.of_settings(function)
    found.behind_functions()
    found.by_roles()
    found.of_trails()
    found.behind_others()
    found.behind_acls()
    found.of_faults()
    for resource in app.resources:
        functions = found.of(resource)
        if functions:
            force_setattr(resource, "functions", functions)


class _Concerns:
    def __init__(self, app: m.App, targets: Targets, neighbours: Neighbours) -> None:
        self.app = app
        self.targets = targets
        self.neighbours = neighbours
        self.known: dict[int, dict[int, m.Function]] = defaultdict(dict)

    def of(self, resource: m.Resource) -> tuple[m.Function, ...]:
        """The functions that a resource concerns, as far as that is known yet."""
        return tuple(self.known[id(resource)].values())

    def note(self, resource: m.Resource | None, functions: Iterable[m.Function | None]) -> None:
        """A resource concerns functions."""
        if resource is not None:
            own = self.known[id(resource)]
            for function in functions:
                if function is not None:
                    own.setdefault(id(function), function)

    def of_function(self, function: m.Function) -> None:
        """What belongs to a function, what it runs on, and what invokes it."""
        own = (function,)
        self.note(function, own)
        self.note(function.execution_role, own)
        for _, role in function.role_cases:
            self.note(role, own)
        related: tuple[Relation[Any], ...] = (
            function.urls, function.permissions, function.event_sources, function.async_configs, function.aliases,
            function.log_groups, function.alarms,
        )  # fmt: skip
        for relation in related:
            for record in relation:
                self.note(record, own)
        for event_source in function.event_sources:
            self.note(event_source.source, own)
        for invoker in function.invokers:
            self.note(invoker.source, own)
        instances = function.instances
        if instances is not None:
            self.note(instances, own)
            for value in (*instances.subnets, *instances.security_groups, instances.kms_key):
                for neighbour in self.neighbours(value, _CONFIGURED):
                    self.note(neighbour, own)

    def of_settings(self, function: m.Function) -> None:
        """What the settings of a function name, and its environment."""
        own = (function,)
        sent = (record.on_failure for record in (*function.event_sources, *function.async_configs))
        for value in (*sent, *(config.on_success for config in function.async_configs)):
            for neighbour in self.neighbours(value, DESTINATIONS):
                self.note(neighbour, own)
        for _, bucket in self.targets(function.code_bucket, m.Bucket):
            if bucket.site is None or not bucket.site.made:  # a framework's own bucket is not the team's
                self.note(bucket, own)
        configured = (function.code_signing, function.kms_key, function.dead_letter, function.image_uri)
        related_values = (*function.layers, *function.subnets, *function.security_groups, *function.file_systems)
        for value in (*related_values, *configured):
            for neighbour in self.neighbours(value, _CONFIGURED):
                self.note(neighbour, own)
        for variable in function.environment:
            for neighbour in self.neighbours(variable.value, _IN_ENVIRONMENT):
                self.note(neighbour, own)

    def behind_functions(self) -> None:
        """What stands behind the resources of functions: policies of roles, APIs of routes."""
        for version in self.app.of(m.Version):
            self.note(version, (version.function,))
        for role in self.app.roles:
            for policy in role.policies:
                self.note(policy, self.of(role))
        for route in self.app.of(m.Route):
            if route.function is not None:
                self.note(route, (route.function,))
                self.note(route.api, (route.function,))
        for authorizer in self.app.of(m.Authorizer):
            self.note(authorizer, (authorizer.function,))
            self.note(authorizer.api, (authorizer.function,))
        for stage in self.app.of(m.Stage):
            if stage.api is not None:
                self.note(stage, self.of(stage.api))

    def by_roles(self) -> None:
        """What the policies of roles name, and what lets roles in by a policy of its own."""
        for role in self.app.roles:
            functions = self._with(role)
            for policy in role.policies if functions else ():
                for statement in policy.statements:
                    if statement.effect.is_("Allow").is_no or statement.resources is None:
                        continue
                    for value in statement.resources:
                        for resource in self._whole(value):
                            self.note(resource, functions)
        for policy in self.app.of(m.Policy):
            guarded = [each for each in policy.guards if type(each) in WORKED_WITH]
            for statement in policy.statements if guarded else ():
                if statement.effect.is_("Allow").is_no or statement.principals is None:
                    continue
                for principal in statement.principals:
                    for _, role in self.targets(principal.value, m.Role) if principal.kind == "AWS" else ():
                        for resource in guarded:
                            self.note(resource, self._with(role))

    def _with(self, role: m.Role) -> list[m.Function]:
        """The functions with a role, but for those that a framework's library brings along: what they do is not the team's."""
        return [function for function in self.of(role) if not function.framework_owned]

    def _whole(self, value: Value[Any]) -> Iterator[m.Resource]:
        """The resources that an element of a policy names: each by itself or with what is in it, and by no wildcard."""
        for _, leaf in value.leaves():
            parts = parts_of(leaf)
            if any(isinstance(part, Reference) for part in parts):
                yield from self._referred(parts)
                continue
            service, _, _ = arn_resource(parts)
            for kind, own_service in WORKED_WITH.items():
                own = _without_inside(parts, kind)
                if service == own_service and not _is_open(arn_resource(own)[2]):
                    text = own[0] if len(own) == 1 else None
                    named = Text(origin=leaf.origin, parts=own) if text is None else Known(origin=leaf.origin, v=text)
                    yield from self.neighbours(named, (kind,))

    def _referred(self, parts: Parts) -> Iterator[m.Resource]:
        """The resource whose ARN parts of a text are, or are put together of, by a reference to it."""
        service, _, rest = arn_resource(parts)
        own = rest if service is not None else parts
        at = 1 if service is not None and own and isinstance(own[0], str) and own[0].endswith(("/", ":")) else 0
        reference, behind = own[at] if len(own) > at else None, own[at + 1 :]
        if not isinstance(reference, Reference) or len(behind) > 1:
            return
        found = self.app.get(reference.target)
        is_arn = reference.attribute.endswith("Arn")
        if found is None or (is_arn and reference.attribute not in {"Arn", "TopicArn"}):
            return  # the stream of a table, say
        own_service = WORKED_WITH.get(type(found))
        if own_service is None or (service is not None and (is_arn or service != own_service)):
            return
        tail = behind[0] if behind else ""
        inside = _INSIDE.get(type(found))
        if tail in {"", "*"} or (isinstance(tail, str) and inside is not None and inside.match(tail)):
            yield found

    def of_trails(self) -> None:
        """The functions whose invocations trails record."""
        for trail in self.app.of(m.Trail):
            recorded = trail.data_resources
            for value in recorded:
                self.note(trail, (function for _, function in self.targets(value, m.Function)))
            by_arn = recorded.any(lambda value: value.reads("arn:.*"))
            every = recorded.any(lambda value: value.reads(_EVERY_FUNCTION))
            of_type = recorded.any(lambda value: value.is_("AWS::Lambda::Function"))
            if every.is_yes or (recorded.complete and of_type.is_yes and by_arn.is_no):
                beside = self.app.beside(trail, m.Function)
                self.note(trail, (f for f in beside if isinstance(f, m.Function) and not together(trail, f).is_no))

    def behind_others(self) -> None:
        """What is put on a resource that concerns functions."""
        for domain in self.app.of(m.Domain):
            for value in domain.apis:
                for _, api in self.targets(value, m.Api):
                    self.note(domain, self.of(api))
        for policy in self.app.of(m.Policy):
            for guarded in policy.guards:
                self.note(policy, self.of(guarded))
        for secret in self.app.of(m.Secret):
            for rotation in secret.rotations:
                self.note(rotation, self.of(secret))
        for access_point in self.app.of(m.AccessPoint):
            for _, system in self.targets(access_point.file_system, m.FileSystem):
                self.note(system, self.of(access_point))
        for permission in self.app.of(m.LayerPermission):
            if permission.layer is not None:
                self.note(permission, self.of(permission.layer))
        for group_rule in self.app.of(m.SecurityGroupRule):
            for _, group in self.targets(group_rule.group_id, m.SecurityGroup):
                self.note(group_rule, self.of(group))

    def behind_acls(self) -> None:
        """The web ACLs in front of what concerns functions."""
        for association in self.app.of(m.WebAclAssociation):
            for _, reference in association.target.references():
                before = self.app.get(reference.target)
                own = self.of(before) if before is not None else ()
                self.note(association, own)
                for _, acl in self.targets(association.acl, m.WebAcl):
                    self.note(acl, own)
        for distribution in self.app.of(m.Distribution):
            for _, acl in self.targets(distribution.web_acl, m.WebAcl):
                self.note(acl, self.of(distribution))

    def of_faults(self) -> None:
        """The functions that what can't be deployed is written in, or in what concerns them."""
        faults: tuple[m.Missing | m.Circle | m.Untransformed | m.Unsupported | m.Request, ...] = (
            *self.app.of(m.Missing),
            *self.app.of(m.Circle),
            *self.app.of(m.Untransformed),
            *self.app.of(m.Unsupported),
            *self.app.of(m.Request),
        )
        if not faults:
            return
        by_holder: dict[str, list[m.Resource]] = defaultdict(list)
        for resource in self.app.resources:
            by_holder[_written_as(resource.key)].append(resource)
        for fault in faults:
            for use in fault.uses:
                for holder in use.holders:
                    for resource in by_holder.get(_written_as(holder), ()):
                        self.note(fault, self.of(resource))


def _without_inside(parts: Parts, kind: type[m.Resource]) -> Parts:
    """The parts of an ARN without what is in the resource, as far as what is written at its end says so."""
    inside = _INSIDE.get(kind)
    last = parts[-1] if parts else None
    if inside is None or not isinstance(last, str):
        return parts
    found = inside.search(last)
    if found is None:
        return parts
    return (*parts[:-1], last[: found.start()]) if found.start() else parts[:-1]


def _is_open(parts: Parts) -> bool:
    """Whether a wildcard stands in what an ARN names, or nothing does."""
    return not parts or any(isinstance(part, str) and ("*" in part or "?" in part) for part in parts)


def _written_as(key: str) -> str:
    """A key without what tells the instances of a resource, and the records of one instance, apart."""
    scope, _, last = key.rpartition("#")
    return f"{scope}#{_INSTANCE.sub('', last).partition('/')[0]}"
