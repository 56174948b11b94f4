"""Joins the records of an application: who refers to whom, who invokes what, which role has which policies.

Runs once, after everything was lowered; it is the only place that sets the link fields of records.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from msgspec.structs import force_setattr

from stockade.model import app as m
from stockade.model.concerns import link_concerns
from stockade.model.log_groups import link_log_groups
from stockade.model.names import (
    Parts,
    arn_resource,
    image_repository,
    inside_api_uri,
    plain_parts,
    says_where,
    without,
    without_qualifier,
)
from stockade.model.networks import link_networks
from stockade.model.places import apart, could_name, one_scope
from stockade.model.possible import note_possible
from stockade.model.unseen import limit_gaps
from stockade.model.value import (
    NO,
    YES,
    Default,
    Doubt,
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

R = TypeVar("R", bound=m.Resource)

# Where the name of a resource stands in the last part of its ARN, by kind: the ARN's service and what comes before the
# name.
_ARNS: dict[type[m.Resource], tuple[str, str]] = {
    m.Function: ("lambda", "function:"),
    m.LayerVersion: ("lambda", "layer:"),
    m.Role: ("iam", "role/"),
    m.Policy: ("iam", "policy/"),
    m.Queue: ("sqs", ""),
    m.Topic: ("sns", ""),
    m.Bucket: ("s3", ""),
    m.Table: ("dynamodb", "table/"),
    m.Stream: ("kinesis", "stream/"),
    m.EventBus: ("events", "event-bus/"),
    m.EventRule: ("events", "rule/"),
    m.StateMachine: ("states", "stateMachine:"),
    m.Secret: ("secretsmanager", "secret:"),
    m.Parameter: ("ssm", "parameter"),
    m.LogGroup: ("logs", "log-group:"),
    m.Repository: ("ecr", "repository/"),
    m.Alarm: ("cloudwatch", "alarm:"),
    m.KeyAlias: ("kms", ""),
}
# The kinds that a resource policy can be put on.
_GUARDED = (m.Queue, m.Topic, m.Bucket, m.Table, m.Stream, m.EventBus, m.Secret, m.Key, m.Repository, m.Database)
# Fields that name one other resource: the kind, the field that is set, the one that names, and what it names.
# Aliases and versions come first: other resources name a function by them.
_LINKED: tuple[tuple[type[m.Resource], str, str, type[m.Resource]], ...] = (
    (m.Version, "function", "function_name", m.Function),
    (m.Alias, "function", "function_name", m.Function),
    (m.Url, "function", "function_name", m.Function),
    (m.Permission, "function", "function_name", m.Function),
    (m.EventSource, "function", "function_name", m.Function),
    (m.AsyncConfig, "function", "function_name", m.Function),
    (m.Stage, "api", "api_id", m.Api),
    (m.Route, "api", "api_id", m.Api),
    (m.Route, "function", "integration", m.Function),
    (m.Authorizer, "api", "api_id", m.Api),
    (m.Authorizer, "function", "function_arn", m.Function),
    (m.Subscription, "topic", "topic_arn", m.Topic),
    (m.Subscription, "function", "endpoint", m.Function),
    (m.Notification, "bucket", "bucket_name", m.Bucket),
    (m.Notification, "function", "destination", m.Function),
    (m.Rotation, "secret", "secret_id", m.Secret),
    (m.LayerPermission, "layer", "layer_arn", m.LayerVersion),
    (m.StateMachine, "execution_role", "role", m.Role),
    (m.Function, "instances", "capacity_provider", m.CapacityProvider),
    (m.CapacityProvider, "execution_role", "role", m.Role),
    (m.NetworkConnector, "execution_role", "role", m.Role),
    (m.MicrovmImage, "execution_role", "role", m.Role),
    (m.WebRevision, "execution_role", "role", m.Role),
    (m.WebRevision, "web_function", "function_name", m.WebFunction),
    (m.WebEndpoint, "web_function", "function_name", m.WebFunction),
)


def link(resources: list[m.Resource], sources: tuple[m.Source, ...], gaps: tuple[m.Gap, ...]) -> m.App:
    """The application that these records make."""
    app = m.App(resources, sources, gaps)
    _Linker(app).run()
    return app


# How a parameter of Parameter Store is named where its value is wanted: a variable of a framework, a dynamic reference.
_STORED = regex(r"ssm(?:\([\w-]+\))?:([\w./-]+)(?:~\w+)?|\{\{resolve:ssm:([\w./-]+)(?::\d+)?\}\}")


class _Linker:
    def __init__(self, app: m.App) -> None:
        self.app = app
        self._by_name: dict[tuple[type[m.Resource], str], list[m.Resource]] = defaultdict(list)
        self._texts: dict[tuple[type[m.Resource], Parts], list[m.Resource]] = defaultdict(list)
        for resource in app.resources:
            for _, leaf in resource.name.leaves():
                if isinstance(leaf, Known) and isinstance(leaf.v, str):
                    self._by_name[type(resource), leaf.v].append(resource)
                elif isinstance(leaf, Text):
                    self._texts[type(resource), plain_parts(leaf.parts)].append(resource)
                elif isinstance(leaf, Unknown) and leaf.name:
                    self._texts[type(resource), (("hole", leaf.name),)].append(resource)

    # ------------------------------------------------------------------------------------------------------- resolving

    def targets(self, value: Value[Any], kind: type[R], by: m.Resource | None = None) -> Iterator[tuple[When, R]]:
        """The resources of a kind that a value names: by reference, by physical name or by an ARN that ends in it.

        `by` is the resource that states the value, where a bare name is one of its own region.
        """
        for when, leaf in value.leaves():
            if isinstance(leaf, Known):
                named = self.named((leaf.v,), kind, leaf.origin, by) if isinstance(leaf.v, str) else None
                if named is not None:
                    yield when, named
                continue
            if isinstance(leaf, Unknown) and leaf.name and by is not None:
                # The same unknown, such as a variable without a value, names the same.
                named = self.named((Hole(leaf.name, leaf.doubt),), kind, leaf.origin, by)
                if named is not None:
                    yield when, named
            unknown = (Hole(leaf.name, leaf.doubt),) if isinstance(leaf, Unknown) else ()
            stored = self._stored(leaf.parts if isinstance(leaf, Text) else unknown)
            if stored is not None:
                yield from (
                    (both, r) for w, r in self.targets(stored, kind, by) if (both := conjoin(when, w)) is not None
                )
                continue
            if not isinstance(leaf, Text):
                continue
            referred = False
            for part in leaf.parts:
                if isinstance(part, Reference):
                    referred = True
                    found = self.app.get(part.target)
                    found = self._function_behind(found) if kind is m.Function else found
                    if isinstance(found, kind):
                        yield when, found
            known = referred and len(leaf.parts) == 1 and self._is_ours(leaf.parts[0])
            named = None if known else self.named(leaf.parts, kind, leaf.origin, by)
            if named is not None:
                yield when, named

    def _stored(self, parts: Parts) -> Value[Any] | None:
        """What a parameter of Parameter Store holds that is declared here, where a text is read from it."""
        if len(parts) != 1:
            return None
        part = parts[0]
        match = _STORED.fullmatch(part.name if isinstance(part, Hole) else part if isinstance(part, str) else "")
        found = self._by_name.get((m.Parameter, match[1] or match[2])) if match else None
        literal = found[0].literal if found and len(found) == 1 and isinstance(found[0], m.Parameter) else None
        # What leads to another parameter is not followed: it may lead back.
        return None if literal is None or any("ssm:" in leaf.show() for _, leaf in literal.leaves()) else literal

    def _is_ours(self, part: Part) -> bool:
        """Whether what a reference refers to is in the model: then it is that, and no name of something else."""
        return isinstance(part, Reference) and self.app.get(part.target) is not None

    def named(self, parts: Parts, kind: type[R], near: Origin | None = None, by: m.Resource | None = None) -> R | None:
        """The resource of a kind whose physical name these parts of a text are, or end in as an ARN.

        Of several with one name (many small applications in one tree), the one that is written nearest to `near`. One in
        another region than the ARN's, or than that of `by`, which states a bare name, is another one.
        """
        if kind is m.Function:
            parts = inside_api_uri(parts)
        service, region, rest = image_repository(parts) if kind is m.Repository else arn_resource(parts)
        if service is not None:
            known = _ARNS.get(kind)
            if known is None or known[0] != service:
                return None
            parts = without(rest, known[1])

        def here(candidates: list[m.Resource]) -> list[m.Resource]:
            """Those that it can be, by their regions and, where a part of the name isn't known, their root modules."""
            if service is not None:
                candidates = [c for c in candidates if not apart(c, region=region)]
            elif by is not None:
                candidates = [c for c in candidates if could_name(by, c)]
            if by is not None and any(isinstance(p, Hole) and not p.plain for p in parts):
                candidates = [c for c in candidates if one_scope(by, c)]
            return candidates

        if kind is m.Function:
            parts = without_qualifier(parts)
        found: m.Resource | None = None
        if len(parts) == 1 and isinstance(parts[0], str):
            name = parts[0]
            candidates = here(self._by_name.get((kind, name), []))
            # The name of a repository may have slashes of its own.
            if not candidates and service is not None and kind is not m.Repository:
                # What an ARN has around the name: a path before it, or something of the resource behind it.
                candidates = here(
                    self._by_name.get((kind, name.rpartition("/")[2]))
                    or self._by_name.get((kind, re.split(r"[/:]", name)[0]), [])
                )
            found = _nearest(candidates, near)
        elif parts:
            found = _nearest(here(self._texts.get((kind, plain_parts(parts)), [])), near)
        return found if isinstance(found, kind) else None

    @staticmethod
    def _function_behind(found: m.Resource | None) -> m.Resource | None:
        return found.function if isinstance(found, m.Alias | m.Version) else found

    def one(self, value: Value[Any], kind: type[R], by: m.Resource | None = None) -> R | None:
        """The one resource of a kind that a value names, if there is just one."""
        found = {id(r): r for _, r in self.targets(value, kind, by)}
        return next(iter(found.values())) if len(found) == 1 else None

    # ---------------------------------------------------------------------------------------------------------- linking

    def run(self) -> None:
        self._simple()
        self._roles()
        self._policies()
        self._guards()
        self._groups()
        self._alarms()
        self._apis()
        link_networks(self.app, self.targets, self.one)
        self._invokers()
        link_concerns(self.app, self.targets, self._neighbours)
        note_possible(self.app)
        limit_gaps(self.app)

    def _simple(self) -> None:
        """Fields that name one other resource."""
        of = self.app.of
        for kind, field, by, target in _LINKED:
            for record in of(kind):
                force_setattr(record, field, self.one(getattr(record, by), target, record))
        sources: tuple[type[m.Resource], ...] = (
            m.Queue, m.Stream, m.Table, m.Topic, m.Bucket, m.EventRule, m.Schedule, m.Api, m.UserPool, m.IotRule,
            m.TargetGroup, m.LogGroup, m.StateMachine, m.GraphqlApi, m.ReceiptRule, m.Database, m.Secret, m.EventBus,
            m.Distribution, m.Other,
        )  # fmt: skip
        with_source: tuple[type[Any], ...] = (m.EventSource, m.Permission)
        for with_arn in with_source:
            for record in of(with_arn):
                force_setattr(record, "source", self._source(record.source_arn, sources, record))
        feeds: dict[int, list[m.Resource]] = defaultdict(list)
        for feeder, value in self._failures():
            for _, dead in self.targets(value, m.Queue, feeder):
                feeds[id(dead)].append(feeder)
        for queue in of(m.Queue):
            force_setattr(queue, "dead_letter_of", tuple(feeds[id(queue)]))

    def _source(self, value: Value[Any], kinds: tuple[type[m.Resource], ...], by: m.Resource) -> m.Resource | None:
        """The one resource of these kinds that a value names."""
        found: dict[int, m.Resource] = {}
        for _, reference in value.references():
            referred = self.app.get(reference.target)
            if isinstance(referred, kinds):
                found[id(referred)] = referred
        if not found:
            for kind in kinds:
                if kind in _ARNS:
                    found.update((id(r), r) for _, r in self.targets(value, kind, by))
        return next(iter(found.values())) if len(found) == 1 else None

    def _failures(self) -> Iterator[tuple[m.Resource, Value[str]]]:
        """Every resource that sends what failed somewhere, and where."""
        of = self.app.of
        with_dead_letter: tuple[type[Any], ...] = (m.Queue, m.Subscription, m.Function)
        with_destination: tuple[type[Any], ...] = (m.AsyncConfig, m.EventSource)
        with_targets: tuple[type[Any], ...] = (m.EventRule, m.Schedule, m.Pipe)
        for kind in with_dead_letter:
            yield from ((record, record.dead_letter) for record in of(kind))
        for kind in with_destination:
            yield from ((record, record.on_failure) for record in of(kind))
        for kind in with_targets:
            yield from ((record, target.dead_letter) for record in of(kind) for target in record.targets)

    def _roles(self) -> None:
        for function in self.app.functions:
            cases = list(self.targets(function.role, m.Role, function))
            if len({id(role) for _, role in cases}) == 1:
                force_setattr(function, "execution_role", cases[0][1])
            elif cases:
                force_setattr(function, "role_cases", tuple(cases))
                force_setattr(function, "execution_role", cases[0][1])
            else:
                force_setattr(function, "role_unknown", _why_no_role(function.role))
        used = {id(f.execution_role) for f in self.app.functions}
        used |= {id(role) for f in self.app.functions for _, role in f.role_cases}
        for role in self.app.roles:
            force_setattr(role, "is_execution_role", YES if id(role) in used else NO)

    def _policies(self) -> None:
        attached: dict[int, list[tuple[When, m.Policy]]] = defaultdict(list)
        doubts: dict[int, list[Doubt]] = defaultdict(list)
        for role in self.app.roles:
            attached[id(role)] += [((), policy) for policy in role.inline]
            doubts[id(role)] += role.inline.gaps
            for value in role.managed:
                attached[id(role)] += self.targets(value, m.Policy)
            doubts[id(role)] += role.managed.gaps
        for policy in self.app.of(m.Policy):
            for value in policy.roles:
                for when, role in self.targets(value, m.Role):
                    attached[id(role)].append((when, policy))
        holders: dict[int, list[m.Role]] = defaultdict(list)
        for role in self.app.roles:
            own = list({id(policy): policy for _, policy in attached[id(role)]}.values())
            force_setattr(role, "attachments", tuple(attached[id(role)]))
            force_setattr(role, "policies", Relation(tuple(own), not doubts[id(role)], tuple(doubts[id(role)])))
            for policy in own:
                holders[id(policy)].append(role)
        for policy in self.app.of(m.Policy):
            force_setattr(policy, "attached_to", tuple(holders[id(policy)]))

    def _guards(self) -> None:
        """Resource policies and the resources that they are put on."""
        guarded: dict[int, list[m.Policy]] = defaultdict(list)
        for policy in self.app.of(m.Policy):
            guards: dict[int, m.Resource] = {}
            for value in policy.targets:
                referred = (self.app.get(reference.target) for _, reference in value.references())
                for found in (*referred, *self._neighbours(value, _GUARDED)):
                    if found is not None and id(found) not in guards:
                        guards[id(found)] = found
                        guarded[id(found)].append(policy)
            force_setattr(policy, "guards", tuple(guards.values()))
        for resource in self.app.resources:
            has_policies = "policies" in type(resource).__struct_fields__ and not isinstance(resource, m.Role)
            if id(resource) in guarded and has_policies:
                force_setattr(resource, "policies", Relation(tuple(guarded[id(resource)])))

    def _groups(self) -> None:
        """What belongs to a function, an API or a secret, the other way round."""
        groups: list[tuple[str, Iterable[Any]]] = [
            ("urls", self.app.of(m.Url)),
            ("permissions", self.app.of(m.Permission)),
            ("event_sources", self.app.of(m.EventSource)),
            ("async_configs", self.app.of(m.AsyncConfig)),
            ("aliases", self.app.of(m.Alias)),
        ]
        for field, records in groups:
            _collect(self.app.functions, field, records, lambda record: record.function)
        _collect(self.app.apis, "stages", self.app.of(m.Stage), lambda record: record.api)
        _collect(self.app.apis, "routes", self.app.of(m.Route), lambda record: record.api)
        for api in self.app.apis:
            if not api.definition.is_null().is_yes and len(api.routes) == 0:
                why = Doubt("the API's definition is not part of the scanned code", cause="definition elsewhere")
                force_setattr(api, "routes", Relation((), complete=False, gaps=(why,)))
        _collect(self.app.apis, "authorizers", self.app.of(m.Authorizer), lambda record: record.api)
        _collect(self.app.of(m.Secret), "rotations", self.app.of(m.Rotation), lambda record: record.secret)
        link_log_groups(self.app, self.targets)

    def _alarms(self) -> None:
        """Alarms of functions, with what composite alarms do beside."""
        for composite in self.app.of(m.Alarm):
            # What a composite alarm does is done for the alarms that its rule names.
            for _, reference in composite.rule.references():
                child = self.app.get(reference.target)
                if isinstance(child, m.Alarm):
                    actions = child.actions
                    together = Relation((*actions, *composite.actions), actions.complete, actions.gaps)
                    force_setattr(child, "actions", together)
        alarms: dict[int, list[m.Alarm]] = defaultdict(list)
        for alarm in self.app.of(m.Alarm):
            for dimension in alarm.dimensions:
                for _, function in self.targets(dimension.value, m.Function, alarm):
                    alarms[id(function)].append(alarm)
        for function in self.app.functions:
            force_setattr(function, "alarms", Relation(tuple(alarms[id(function)])))

    def _apis(self) -> None:
        acls: dict[int, list[m.WebAclAssociation]] = defaultdict(list)
        for association in self.app.of(m.WebAclAssociation):
            for _, reference in association.target.references():
                found = self.app.get(reference.target)
                if isinstance(found, m.Stage):
                    acls[id(found)].append(association)
                elif isinstance(found, m.Api):
                    for stage in found.stages:
                        acls[id(stage)].append(association)
        domains: dict[int, list[m.Domain]] = defaultdict(list)
        for domain in self.app.of(m.Domain):
            for value in domain.apis:
                for _, api in self.targets(value, m.Api):
                    if not any(have is domain for have in domains[id(api)]):
                        domains[id(api)].append(domain)
        for api in self.app.apis:
            if id(api) in domains:
                force_setattr(api, "domains", Relation(tuple(domains[id(api)])))
        for stage in self.app.of(m.Stage):
            if id(stage) in acls:
                force_setattr(stage, "web_acls", Relation(tuple(acls[id(stage)])))

    # --------------------------------------------------------------------------------------------------------- invokers

    def _invokers(self) -> None:
        from stockade.model.invokers import invokers

        found = invokers(self.app, self.targets)
        for function in self.app.functions:
            force_setattr(function, "invokers", found.get(id(function), Relation()))

    def _neighbours(self, value: Value[Any], kinds: tuple[type[m.Resource], ...]) -> Iterator[m.Resource]:
        """The resources of these kinds that a value names."""
        for _, reference in value.references():
            found = self.app.get(reference.target)
            if isinstance(found, kinds):
                yield found
        for _, leaf in value.leaves():
            if isinstance(leaf, Known) and isinstance(leaf.v, str) and not says_where(leaf.v):
                for kind in kinds:
                    same = _nearest(self._by_name.get((kind, leaf.v), []), leaf.origin)
                    if same is not None:
                        yield same
                continue
            parts: Parts = (leaf.v,) if isinstance(leaf, Known) and isinstance(leaf.v, str) else ()
            parts = leaf.parts if isinstance(leaf, Text) and len(leaf.parts) > 1 else parts
            if parts:
                for kind in kinds:
                    named = self.named(parts, kind, leaf.origin)
                    if named is not None:
                        yield named


def _collect(owners: Iterable[m.Resource], field: str, records: Iterable[Any], owner_of: Callable[[Any], Any]) -> None:
    found: dict[int, list[Any]] = defaultdict(list)
    for record in records:
        owner = owner_of(record)
        if owner is not None:
            found[id(owner)].append(record)
    for owner in owners:
        if id(owner) in found:
            force_setattr(owner, field, Relation(tuple(found[id(owner)])))


def _nearest(candidates: list[m.Resource], near: Origin | None) -> m.Resource | None:
    """The one of several resources of one name that is written in the folder nearest to a place; the first of equals."""
    if len(candidates) < 2 or not isinstance(near, File):
        return candidates[0] if candidates else None
    own = near.path.split("/")[:-1]

    def distance(resource: m.Resource) -> int:
        origin = resource.origin
        other = origin.path.split("/")[:-1] if isinstance(origin, File) else []
        shared = 0
        for left, right in zip(own, other, strict=False):
            if left != right:
                break
            shared += 1
        same_file = isinstance(origin, File) and origin.path == near.path
        return 2 * (len(own) + len(other) - 2 * shared) - same_file

    return min(candidates, key=distance)


def _why_no_role(value: Value[Any]) -> Doubt:
    if isinstance(value, Default):
        return Doubt("no role is stated", cause="no role")
    shown = value.show()
    for _, leaf in value.leaves():
        if isinstance(leaf, Unknown):
            return leaf.doubt
        if isinstance(leaf, Text):
            hole = next((p for p in leaf.parts if isinstance(p, Hole) and not p.plain), None)
            if hole is not None:
                return Doubt(f"its role is `{shown}`: {hole.doubt.why}", hole.doubt.remedy, "role elsewhere")
    return Doubt(
        f"its role `{shown}` is not part of the scanned code",
        "scan the code that declares the role too",
        "role elsewhere",
    )


__all__ = ["link"]
