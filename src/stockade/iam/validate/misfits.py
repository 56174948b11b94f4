"""Actions that are allowed on resources that they can't be about.

IAM Access Analyzer has no such check, so this is none of those that `validate()` makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from stockade.iam.resources import texts_of
from stockade.iam.validate._subject import PLAIN, is_wild, may_meet
from stockade.knowledge import iam as facts
from stockade.model.app import App, Caller, Other, Parameter
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Reference, Tri, Value, any_of, given, yes
from stockade.patterns import regex

_REFERENCE, _HOLE = "\ue000", "\ue002"  # see `stockade.iam.resources`
_HOLE_OF_ARN = regex(r"\$\{[^}]*\}")  # and a policy variable
_NAMES = regex(r"Ref|Id|Arn|StreamArn|\w*Name")  # attributes that hold nothing that separates the parts of an ARN


class Misfit(Struct, frozen=True, eq=False):
    """An action of a statement that can be about none of its resources.

    Attributes:
        answer: whether it is so.
        leaf: where the action is written.
        text: the action, or a pattern that takes in several.
        forms: the ARNs of what it can be about; none where AWS's reference says that it works on `*` alone.
        sure: whether that is so; what the reference says to work on `*` alone may work on what is of the own service.
    """

    answer: Tri
    leaf: Value[str]
    text: str
    forms: tuple[str, ...]
    sure: bool


def misfits(statement: Statement, app: App) -> Iterator[Misfit]:
    """Every action that a statement allows on nothing. What is not known of a resource may be what fits."""
    if statement.actions is None or statement.resources is None or not statement.resources.complete:
        return
    resources = [(when, _pattern(text, leaf, app)) for when, text, leaf in texts_of(statement.resources, app)]
    if any(not when and (text is None or not text.strip("*")) for when, text in resources):
        return
    # Where conditions of the source leave no resource, there is nothing to be about.
    there = any_of(given(when, YES) for when, _ in resources)
    for when, text, leaf in texts_of(statement.actions):
        if text is None or not text.isprintable() or not facts.expand(text) or text.strip("*") in {"", ":"}:
            continue
        fitting = any_of(
            given(premises, YES if resource is None or _fits(text, resource) else NO)
            for premises, resource in resources
        )
        answer = statement.effect.is_("Allow") & given(when, yes(leaf.origin)) & there & ~fitting
        if not answer.is_no:
            forms = _forms(text)
            services = {resource.split(":", 3)[2] for _, resource in resources if resource is not None}
            sure = bool(forms) or not any(facts.fits(service, text.partition(":")[0].lower()) for service in services)
            yield Misfit(given(statement.exists, answer), leaf, text, forms, sure)


def _pattern(text: str | None, leaf: Value[str], app: App) -> str | None:
    """The ARNs that a resource can be; None where that may be any."""
    if text is None or not text.strip("*?"):
        return text
    named = all(_is_name(reference, app) for _, reference in leaf.references())
    fields = _HOLE_OF_ARN.sub("*", text).split(":", 5)
    # What is not known may hold colons itself.
    if len(fields) < 6 or fields[0] != "arn" or any(mark in ":".join(fields[:5]) for mark in (_REFERENCE, _HOLE)):
        return None
    # Nor is an empty parameter left at its default where it matters.
    if PLAIN in fields[2] or not fields[5]:
        return None
    rest = fields[5].replace(_HOLE, "*").replace(PLAIN, "x").replace(_REFERENCE, "x" if named else "*")
    return ":".join((*fields[:5], rest))


def _is_name(reference: Reference, app: App) -> bool:
    """Whether what a reference stands for holds nothing that separates the parts of an ARN.

    A parameter's name may be a path, and what a resource is called that the model does not look into may be anything.
    """
    target = app.get(reference.target)
    if target is None or isinstance(target, Parameter | Caller | Other):
        return False
    return _NAMES.fullmatch(reference.attribute) is not None


@lru_cache(maxsize=8192)
def _fits(pattern: str, resource: str) -> bool:
    """Whether one of the actions that a pattern takes in can be about such a resource."""
    return any(_can_be(action, resource) for action in facts.expand(pattern))


def _can_be(action: facts.Action, resource: str) -> bool:
    if not resource.strip("*?"):
        return True
    _, _, service, _, _, rest = resource.split(":", 5)
    if not action.resource_types:
        own = facts.service(action.service)
        # Such an action is about all there is of a kind, and services differ in how they say that: as `*`, or as the pattern
        # of every resource or of those of a kind, which a resource with a wildcard may fit.
        whole = facts.fits(service, action.service) and is_wild(rest)
        return whole or own is None or not own.resource_types()
    return any(
        _meet(service, rest, template)
        for use in action.resource_types
        for template in facts.arn_templates(action.service, use.name)
    )


@lru_cache(maxsize=8192)
def _meet(service: str, rest: str, template: str) -> bool:
    """Whether there is an ARN of a form that a resource takes in."""
    fields = template.split(":", 5)
    if len(fields) < 6 or not may_meet(service, _HOLE_OF_ARN.sub("?*", fields[2])):
        return len(fields) < 6
    if fields[2] == "s3" and fields[5] == "${BucketName}" and "/" in rest:
        return False  # a bucket's name has no slash
    return may_meet(rest, _HOLE_OF_ARN.sub("?*", fields[5]))


def _forms(pattern: str) -> tuple[str, ...]:
    """The ARNs of what the first of the actions that a pattern takes in can be about, with a mark for each part that differs."""
    action = facts.expand(pattern)[0]
    uses = sorted(action.resource_types, key=lambda use: not use.required)
    templates = (template for use in uses for template in facts.arn_templates(action.service, use.name))
    return tuple(dict.fromkeys(_HOLE_OF_ARN.sub("…", each.replace("${Partition}", "aws")) for each in templates))
