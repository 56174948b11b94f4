"""What a function may name without saying so: a value that isn't known may be any resource of the kinds that fit.

"It uses no key of the scanned code" is only known of a function whose key is. But where the scanned code declares no key beside
the function, or none that the known part of the value fits, it is known all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stockade.model import app as m
from stockade.model.concerns import DESTINATIONS, WORKED_WITH
from stockade.model.names import may_be_same, parts_of
from stockade.model.places import could_name
from stockade.model.value import (
    Doubt,
    Hole,
    Reference,
    Relation,
    Text,
    Unknown,
    Value,
    When,
    at_once,
)

_Kinds = tuple[type[m.Resource], ...]
_Possible = tuple[type[m.Resource], m.Resource, Doubt]

# The services of ARNs, by kind where there is but one.
_SERVICES: dict[type[m.Resource], str] = {
    m.Key: "kms",
    m.Queue: "sqs",
    m.Topic: "sns",
    m.Secret: "secretsmanager",
    m.Parameter: "ssm",
    m.LayerVersion: "lambda",
    m.CodeSigningConfig: "lambda",
}
# What is only seen through another: whoever names the one is concerned by the other.
_BEHIND: dict[type[m.Resource], tuple[str, ...]] = {m.LayerVersion: (m.LayerPermission.kind,)}
_INPUTS = frozenset({"parameter", "variable"})  # the causes of doubt about what is handed in from outside
_IN_ENVIRONMENT: _Kinds = (m.Secret, m.Parameter, m.Database)
_BY_ROLE: _Kinds = tuple(WORKED_WITH)


def note_possible(app: m.App) -> None:
    """Tell the application what each function may use without that being known."""
    for function in app.functions:
        for kind, resource, doubt in _of(app, function):
            for name in (kind.kind, *_BEHIND.get(kind, ())):
                app.doubt(function, name, resource, doubt)


def may_name(app: m.App, function: m.Function, value: Value[Any], kinds: _Kinds) -> Doubt | None:
    """Why a value that a function depends on may be a resource of these kinds, and which is not known; None if it can't be."""
    return next((doubt for _, _, doubt in _named(app, function, value, kinds)), None)


def _of(app: m.App, function: m.Function) -> Iterator[_Possible]:
    yield from _named(app, function, function.kms_key, (m.Key,))
    yield from _named(app, function, function.code_signing, (m.CodeSigningConfig,))
    yield from _named(app, function, function.image_uri, (m.Repository,))
    for layer in function.layers:
        yield from _named(app, function, layer, (m.LayerVersion,))
    for variable in function.environment:
        yield from _named(app, function, variable.value, _IN_ENVIRONMENT, variable.exists, inputs=False)
    for source in function.event_sources:
        yield from _named(app, function, source.source_arn, (m.Database,), source.exists)
    for config in (*function.event_sources, *function.async_configs):
        yield from _named(app, function, config.on_failure, DESTINATIONS, config.exists, inputs=False)
    for config in function.async_configs:
        yield from _named(app, function, config.on_success, DESTINATIONS, config.exists, inputs=False)
    yield from _by_roles(app, function)
    yield from _recording(app, function)
    yield from _missing(app, function, function.layers, (m.LayerVersion,), inputs=True)
    yield from _missing(app, function, function.environment, _IN_ENVIRONMENT)


def _by_roles(app: m.App, function: m.Function) -> Iterator[_Possible]:
    """What its roles may name by an element of a policy of which nothing is known, as in a plan before anything is made."""
    for role in (function.execution_role, *(role for _, role in function.role_cases)):
        for policy in role.policies if role is not None and not function.framework_owned else ():
            yield from _missing(app, function, policy.statements, _BY_ROLE)
            for statement in policy.statements:
                if statement.effect.is_("Allow").is_no or statement.resources is None:
                    continue
                yield from _missing(app, function, statement.resources, _BY_ROLE)
                for value in statement.resources:
                    if not any(_written(leaf) for _, leaf in value.leaves()):
                        yield from _named(app, function, value, _BY_ROLE, statement.exists, inputs=False)
                        yield from _beside_unknown(app, function, value)


def _beside_unknown(app: m.App, function: m.Function, value: Value[Any]) -> Iterator[_Possible]:
    """What an element of a policy refers to beside a part that isn't known: of a plan, that is all that can be seen of it."""
    for _, leaf in value.leaves():
        holes = [p for p in leaf.parts if isinstance(p, Hole) and not p.plain] if isinstance(leaf, Text) else []
        for _, reference in leaf.references() if holes else ():
            found = app.get(reference.target)
            if type(found) in WORKED_WITH and found is not None and not any(f is function for f in found.functions):
                why = f"whether it uses `{found.address}` can't be told: {holes[0].doubt.why}"
                yield type(found), found, Doubt(why, holes[0].doubt.remedy, holes[0].doubt.cause)


def _recording(app: m.App, function: m.Function) -> Iterator[_Possible]:
    """The trails that may record its invocations: of what they record, a part isn't known."""
    for trail in app.beside(function, m.Trail):
        if isinstance(trail, m.Trail) and not any(f is function for f in trail.functions):
            open_ = (_open(leaf) for value in trail.data_resources for _, leaf in value.leaves())
            doubt = next((each for each in (*trail.data_resources.gaps, *open_) if each is not None), None)
            if doubt is not None:
                why = f"whether `{trail.address}` records its invocations can't be told: {doubt.why}"
                yield m.Trail, trail, Doubt(why, doubt.remedy, doubt.cause)


def _missing(
    app: m.App, function: m.Function, relation: Relation[Any], kinds: _Kinds, *, inputs: bool = False
) -> Iterator[_Possible]:
    """What may be among the values that are not known at all."""
    for doubt in [gap for gap in relation.gaps if inputs or gap.cause not in _INPUTS][:1]:
        for kind in kinds:
            yield from ((kind, resource, doubt) for resource in _candidates(app, function, kind))


def _named(
    app: m.App, function: m.Function, value: Value[Any], kinds: _Kinds, exists: When = (), *, inputs: bool = True
) -> Iterator[_Possible]:
    """The resources of these kinds that a value may be, though it isn't known to.

    `inputs`: whether what is handed in as a whole may be one. A key that is handed in may, since all that it can be is a key;
    a variable of an environment hardly ever: it is known before anything is made, and most are words such as a stage.
    """
    for when, leaf in value.leaves():
        doubt = _open(leaf)
        if doubt is None or (not inputs and doubt.cause in _INPUTS and not _written(leaf)):
            continue
        for kind in kinds:
            for candidate in _candidates(app, function, kind):
                if at_once(when, exists, function.exists, candidate.exists) and _fits(leaf, candidate):
                    why = f"whether it uses `{candidate.address}` can't be told: {doubt.why}"
                    yield kind, candidate, Doubt(why, doubt.remedy, doubt.cause)


def _candidates(app: m.App, function: m.Function, kind: type[m.Resource]) -> Iterator[m.Resource]:
    """The resources of a kind that are declared beside a function and that it isn't known to use."""
    for resource in app.beside(function, kind):
        if not any(f is function for f in resource.functions) and could_name(function, resource):
            yield resource


def _open(leaf: Value[Any]) -> Doubt | None:
    """Why a value isn't known; None for one that is, or that names something."""
    if isinstance(leaf, Unknown):
        return None if leaf.among or _looked_up(leaf) else leaf.doubt
    if isinstance(leaf, Text) and not any(isinstance(part, Reference) for part in leaf.parts):
        holes = (p for p in leaf.parts if isinstance(p, Hole) and not p.plain and not _looked_up(p))
        return next((hole.doubt for hole in holes), None)
    return None


def _looked_up(unknown: Unknown[Any] | Hole) -> bool:
    """Whether it is read from a store before anything is made: then it names nothing of what is declared beside it."""
    return unknown.doubt.cause == "SSM parameter" or unknown.name.startswith("{{resolve:")


def _written(leaf: Value[Any]) -> list[str]:
    """The parts of a text that are written."""
    return [part for part in leaf.parts if isinstance(part, str)] if isinstance(leaf, Text) else []


def _fits(leaf: Value[Any], candidate: m.Resource) -> bool:
    """Whether the known part of a value leaves room for a resource: for its ARN, or for the name that it states."""
    written = _written(leaf)
    if not written:
        return True
    parts = leaf.parts if isinstance(leaf, Text) else ()
    if written[0].startswith("arn:") and parts[0] is written[0]:
        fields = written[0].split(":")
        service = _SERVICES.get(type(candidate))
        return service is None or len(fields) < 4 or fields[2] == service
    names = (parts_of(own) for _, own in candidate.name.leaves() if not isinstance(own, Unknown))
    return any(may_be_same(parts, name) for name in names if name)


__all__ = ["may_name", "note_possible"]
