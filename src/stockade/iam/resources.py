"""How much of what there is a `Resource` element covers: everything, all of a kind, or a part.

References and unknown parts of a text become single marks, so that a pattern can be compared with what AWS says ARNs
look like. A mark is never a wildcard: a bucket's ARN is one bucket, whatever it is called.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.knowledge import iam as facts
from stockade.model.app import App, Resource, Table
from stockade.model.policy import Statement
from stockade.model.value import (
    NO,
    Default,
    Doubt,
    Known,
    Origin,
    Reference,
    Relation,
    Text,
    Tri,
    Unknown,
    Value,
    When,
    any_of,
    given,
    mix,
    yes,
)
from stockade.patterns import regex

Breadth: TypeAlias = Literal["all", "kind", "part"]

# Marks out of Unicode's private-use area, which no ARN holds.
_REFERENCE, _PLAIN, _HOLE, _ANY = "\ue000", "\ue001", "\ue002", "\ue003"
_PARTS = regex(f"[{_REFERENCE}{_PLAIN}{_HOLE}]")
_HOLE_OF_ARN = regex(r"\$\{([^}]*)\}")
# The ARN of a global table is that of a table, by its name in AWS's reference of an older kind; a log group's ends in a wildcard.
_OTHER_ARNS = frozenset({"AWS::DynamoDB::GlobalTable", "aws_dynamodb_global_table", "AWS::Logs::LogGroup"})
# Types that AWS's reference calls otherwise, or whose name is also the end of another's. The ARN of a log group that Terraform
# gives has no wildcard at its end: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-3-upgrade
# (as of 2026-11-28).
_CALLED = {
    "AWS::AmazonMQ::Broker": ("mq", "brokers"),
    "AWS::StepFunctions::StateMachine": ("states", "statemachine"),
    "aws_cloudwatch_log_group": ("logs", "log-group"),
    "aws_dynamodb_table": ("dynamodb", "table"),
    "aws_mq_broker": ("mq", "brokers"),
    "aws_sfn_state_machine": ("states", "statemachine"),
}
_STREAM = ("dynamodb", "stream")  # what `StreamArn` of a table is
_PLACES = frozenset({"Partition", "Region", "Account"})
_OPEN = regex(f"[*?{_REFERENCE}{_PLAIN}{_HOLE}{_ANY}]")


def ask(value: Value[str], question: Callable[[Value[str]], Tri]) -> Tri:
    """One answer about a value, out of the answers about each of its leaves."""
    return mix([(when, question(leaf)) for when, leaf in value.leaves()])


def written(leaf: Value[str]) -> str | None:
    """The text of one leaf, with marks for what is not known; None where there is no text or nothing of it is known."""
    if isinstance(leaf, Known):
        return str(leaf.v)
    if not isinstance(leaf, Text) or (len(leaf.parts) == 1 and not isinstance(leaf.parts[0], str | Reference)):
        return None
    marks = []
    for part in leaf.parts:
        if isinstance(part, str):
            marks.append(part)
        else:
            marks.append(_REFERENCE if isinstance(part, Reference) else _PLAIN if part.plain else _HOLE)
    return "".join(marks)


def doubt_of(leaf: Value[str]) -> Doubt | None:
    """Why nothing of a leaf is known; None for a leaf that is known in part or absent."""
    if isinstance(leaf, Unknown):
        return leaf.doubt
    if isinstance(leaf, Text) and len(leaf.parts) == 1 and not isinstance(leaf.parts[0], str | Reference):
        return leaf.parts[0].doubt
    return None


@lru_cache(maxsize=256)
def templates_of(kind: str) -> tuple[str, ...]:
    """The ARNs of a type of resource, by what CloudFormation and Terraform call it; none where no name fits."""
    words = kind.split("::")[1:] if "::" in kind else kind.removeprefix("aws_").split("_", 1)
    if len(words) != 2:
        return ()
    service = facts.service(words[0].lower())
    wanted = _letters(words[1])
    for name in service.resource_types() if service is not None else ():
        if _letters(name) == wanted:
            return facts.arn_templates(words[0].lower(), name)
    return ()


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@lru_cache(maxsize=256)
def _form(kind: str) -> str:
    """What ARNs of a type of resource look like, each part that differs a mark; empty where that is not sure."""
    called = _CALLED.get(kind)
    templates = templates_of(kind) if called is None else facts.arn_templates(*called)
    if len(templates) != 1 or kind in _OTHER_ARNS:
        return ""
    if "::" not in kind and called is None:
        # Terraform may call a type by the end of its name: its `aws_bedrock_inference_profile` is one of an application.
        prefix, own = kind.removeprefix("aws_").split("_", 1)
        service = facts.service(prefix)
        names = service.resource_types() if service is not None else ()
        if sum(_letters(name).endswith(_letters(own)) for name in names) > 1:
            return ""
    return _marked(templates[0])


def _marked(template: str) -> str:
    return _HOLE_OF_ARN.sub(lambda hole: _PLAIN if hole[1] in _PLACES else _REFERENCE, template)


def _is_own(attribute: str, target: Resource) -> bool:
    """Whether an attribute is the ARN of the resource itself, and not of something beside it, such as a table's stream."""
    stem = _letters(attribute).removesuffix("arn") if attribute != "Ref" else ""
    return (attribute == "Ref" or attribute.endswith(("Arn", "ARN"))) and _letters(target.type).endswith(stem)


def _with_form(leaf: Value[str], app: App) -> str | None:
    """The text of one leaf as `written` has it, but with the form of its ARN where it begins with one of the application."""
    text = written(leaf)
    _, first = next(leaf.references(), (None, None))
    if text is None or first is None or not text.startswith(_REFERENCE):
        return text
    target = app.get(first.target)
    form = _form(target.type) if target is not None and _is_own(first.attribute, target) else ""
    if isinstance(target, Table) and first.attribute == "StreamArn":
        form = _marked(facts.arn_templates(*_STREAM)[0])
    return form + text[len(_REFERENCE) :] if form else text


@lru_cache(maxsize=512)
def _shapes(service: str, kind: str) -> tuple[str, str]:
    """The service's field and the resource's part of a type's ARN, each variable a mark; empty if it is not known."""
    template = next(iter(facts.arn_templates(service, kind)), "")
    fields = re.sub(r"\$\{[^}]*\}", _ANY, template).split(":", 5)
    return (fields[2], fields[5]) if len(fields) == 6 else ("", "")


@lru_cache(maxsize=4096)
def breadth(text: str, kinds: tuple[str, ...]) -> Breadth:
    """How much a resource pattern covers of what an action can be limited to: a service, and types of its resources."""
    if not text.strip("*?") or text in {"arn:*", "arn:*:*"}:
        return "all"
    fields = text.split(":", 5)
    if fields[0] != "arn" or len(fields) < 3 or ("*" not in text and "?" not in text):
        return "part"
    shapes = [_shapes(kinds[0], kind) for kind in kinds[1:]]
    if len(fields) < 6:
        # A wildcard may stand for several fields: `arn:aws:s3*`.
        whole = text.replace(_PLAIN, "aws", 1)
        named = [f"arn:aws:{service}:{_ANY}:{_ANY}:{resource}" for service, resource in shapes if service]
        return "kind" if text.endswith("*") and any(facts.fits(whole, one) for one in named) else "part"
    if not fields[2].strip("*?") and not fields[5].strip("*?:/"):
        return "all"
    covered = any(r and facts.fits(fields[5], r) and facts.fits(fields[2], service) for service, r in shapes)
    return "kind" if covered else "part"


@lru_cache(maxsize=4096)
def may_concern(text: str, kinds: tuple[str, ...]) -> bool:
    """Whether a resource pattern can name something that an action is about. NO only where it is sure."""
    if not text.strip("*?"):
        return True
    if len(kinds) < 2:
        return False  # it works on `*` alone
    shapes = [_shapes(kinds[0], kind) for kind in kinds[1:]]
    fields = text.split(":", 5)
    if len(fields) < 6 or fields[0] != "arn":
        whole = text.startswith(_REFERENCE) and kinds[0] == "s3"
        return not whole or any(_may_be(text.replace(_REFERENCE, _ANY, 1), *shape) for shape in shapes)
    return any(_may_be(fields[5], *shape) for shape in shapes if not shape[0] or facts.fits(fields[2], shape[0]))


def may_name(text: str, kinds: tuple[str, ...]) -> bool:
    """Whether an action is to be named beside a resource: a part that is not known is taken for a name, without a slash."""
    fields = text.split(":", 5)
    if "*" not in fields[-1] and "?" not in fields[-1]:
        text = ":".join((*fields[:-1], _PARTS.sub("x", fields[-1])))
    return may_concern(text, kinds)


def _may_be(written_: str, service: str, resource: str) -> bool:
    """Whether what is written for a resource can be one of the shape, as far as the beginnings of both say."""
    if not resource:
        return True
    if service != "s3" and _OPEN.search(written_) is None:
        return facts.fits(resource.replace(_ANY, "*"), written_)  # all of it is written
    head, shape_head = (_OPEN.split(text, maxsplit=1)[0] for text in (written_, resource))
    known, wanted = (head, shape_head) if len(head) <= len(shape_head) else (head[: len(shape_head)], shape_head)
    if not wanted.startswith(known):
        return False
    if service != "s3" or shape_head:
        return True
    # A bucket's name has no slash, and an object's ARN always has one.
    if "/" in resource:
        return "/" in written_ or "*" in written_ or _HOLE in written_
    return "/" not in written_ or written_.startswith("*")


class Wide(Struct, frozen=True, eq=False):
    """Whether a statement's resources cover everything, or all of a kind, of what an action is about; and where."""

    answer: Tri
    breadth: Breadth = "part"
    at: Origin | None = None
    shown: tuple[str, ...] = ()  # the resources, the first of which is at that place


def texts_of(values: Relation[Value[str]], app: App | None = None) -> list[tuple[When, str | None, Value[str]]]:
    """Every text that a list may hold, with its premises; None for the text where it is not known.

    With an application, references to the ARNs of its resources have the form of those.
    """
    found: list[tuple[When, str | None, Value[str]]] = []
    for value in values:
        for when, leaf in value.leaves():
            if not isinstance(leaf, Default):
                found.append((when, written(leaf) if app is None else _with_form(leaf, app), leaf))
    return found


def widest(statement: Statement, resources: list[tuple[When, str | None, Value[str]]], kinds: tuple[str, ...]) -> Wide:
    """How wide the resources of a statement are for one action, by its service and the types of its resources."""
    if statement.resources is None:
        return Wide(NO)
    answers: list[Tri] = []
    best: Breadth = "part"
    places: list[Value[str]] = []
    for when, text, leaf in resources:
        if text is None:
            doubt = doubt_of(leaf) or Doubt("the resource is not known")
            answers.append(given(when, Tri("maybe", (leaf.origin,), (doubt,))))
            continue
        reach = breadth(text, kinds)
        if reach == "part":
            continue
        answers.append(given(when, yes(leaf.origin)))
        if not places or (reach == "all" and best == "kind"):
            best, places = reach, []
        if reach == best:
            places.append(leaf)
    if not statement.resources.complete:
        answers.append(Tri("maybe", (), statement.resources.gaps or (Doubt("not all resources are known"),)))
    at = places[0].origin if places else None
    return Wide(any_of(answers), best, at, tuple(place.show() for place in places))
