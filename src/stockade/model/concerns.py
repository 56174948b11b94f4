"""Which functions each resource concerns, so that reports and verdicts can be told by function."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec.structs import force_setattr

from stockade.model import app as m
from stockade.model.value import Relation, Value, When
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
_IN_ENVIRONMENT = (m.Table, m.Bucket, m.Queue, m.Topic, m.Secret, m.Parameter, m.Database)


def link_concerns(app: m.App, targets: Targets, neighbours: Neighbours) -> None:
    """Set `functions` of every resource; everything else is linked already."""
    found = _Concerns(app, targets, neighbours)
    for function in app.functions:
        found.of_function(function)
    found.behind_functions()
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
        """What belongs to a function, what it is configured with, and what invokes it."""
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


def _written_as(key: str) -> str:
    """A key without what tells the instances of a resource, and the records of one instance, apart."""
    scope, _, last = key.rpartition("#")
    return f"{scope}#{_INSTANCE.sub('', last).partition('/')[0]}"
