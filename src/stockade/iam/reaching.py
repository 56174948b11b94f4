"""Whether an element of a policy takes in the ARN of one resource, where parts of either may not be known.

What is not known becomes marks: one for each unknown, so that a reference to a name and that name itself are one, and a
wildcard takes them in as it does any text.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from stockade.iam.resources import doubt_of, templates_of
from stockade.knowledge import iam as facts
from stockade.model.app import App, LogGroup, Resource, Table
from stockade.model.names import Parts, in_full, parts_of
from stockade.model.value import Doubt, Hole, Part, Reference, Tri, Value

# Marks out of Unicode's private-use area, which no ARN holds, for what may be any text, and for what is a word such as a region.
_MARKS, _WORDS = "\ue100", "\uf000"
# The partition, region and account of an ARN, which are taken to be the own ones, and what stands for them.
_PLACES = (1, 3, 4)
_PLACE = Hole("", Doubt(""), plain=True)
_NO_NAMES: Mapping[str, Parts] = MappingProxyType({})


def arn_of(resource: Table | LogGroup) -> Parts:
    """The ARN of a resource, in any place. That of a log group is without the `:*` that stands for its streams."""
    name = Reference(resource.key, "Ref", resource.address)
    return anywhere("dynamodb", "table/", name) if isinstance(resource, Table) else anywhere("logs", "log-group:", name)


def anywhere(service: str, *resource: Part) -> Parts:
    """An ARN of a service, in any place."""
    return ("arn:", _PLACE, f":{service}:", _PLACE, ":", _PLACE, ":", *resource)


def reaches(app: App, leaf: Value[str], *arns: Parts, names: Mapping[str, Parts] = _NO_NAMES) -> Tri:
    """Whether one leaf of a statement's resources takes in one of these ARNs, each of which the same thing may be called by.

    `names`: by the keys of resources that state none, what is known of their names.
    """
    parts = parts_of(leaf)
    marks: dict[object, str] = {}
    pattern = _marked(app, _with_arn(app, parts), marks, names) if parts else ""
    if not pattern or pattern in marks.values():
        doubt = doubt_of(leaf) or Doubt(f"what `{leaf.show()}` is can't be told", cause="policy")
        return Tri("maybe", (leaf.origin,), (doubt,))
    texts = [_marked(app, arn, marks, names) for arn in arns]
    fields = pattern.split(":", 5)
    places = [number for number in _PLACES if number < len(fields) - 1 and fields[0] == "arn"]
    pattern, *texts = (_without(text, places) for text in (pattern, *texts))
    if any(facts.fits(pattern, text) for text in texts):
        return Tri("yes", (leaf.origin,))
    if not any(_may_fit(pattern, text) for text in texts):
        return Tri("no", (leaf.origin,))
    unknown = next((p.doubt for arn in (parts, *arns) for p in arn if isinstance(p, Hole) and not p.plain), None)
    doubt = unknown or Doubt(f"what `{leaf.show()}` takes in is known only when it is made", cause="name")
    return Tri("maybe", (leaf.origin,), (doubt,))


def _with_arn(app: App, parts: Parts) -> Parts:
    """The parts of an element, with the ARN that it begins with in place of a reference to that."""
    first = parts[0]
    if not isinstance(first, Reference) or not first.attribute.endswith(("Arn", "ARN")):
        return parts
    target = app.get(first.target)
    if first.attribute == "Arn" and isinstance(target, LogGroup):
        # CloudFormation's ends in `:*`, which the provider of Terraform takes away (since its version 3). As of 2026-11-28:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-3-upgrade
        streams = () if target.type.startswith("aws_") else (":*",)
        return (*arn_of(target), *streams, *parts[1:])
    if first.attribute == "Arn" and isinstance(target, Table):
        return (*arn_of(target), *parts[1:])
    templates = templates_of(_type_of(first, target))
    if len({template.split(":", 3)[2] for template in templates if template.count(":") > 2}) != 1:
        return parts
    service = templates[0].split(":", 3)[2]
    return (*anywhere(service, first), *parts[1:])


def _type_of(reference: Reference, target: Resource | None) -> str:
    """What the source calls the type of a resource, which may not be in the model."""
    if target is not None:
        return target.type
    address = reference.target.rpartition("#")[2]
    return next((word for word in address.split(".") if word.startswith("aws_")), "")


def _marked(app: App, parts: Parts, marks: dict[object, str], names: Mapping[str, Parts]) -> str:
    """A text with a mark for each part that is not known."""
    said: list[str] = []
    for part in in_full(app, parts):
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, Reference) and part.attribute == "Ref" and part.target in names:
            said.append(_marked(app, names[part.target], marks, {}))
        else:
            own = (part.target, part.attribute) if isinstance(part, Reference) else part.name or id(part.doubt)
            first = _WORDS if isinstance(part, Hole) and part.plain else _MARKS
            said.append(marks.setdefault(own, chr(ord(first) + len(marks))))
    return "".join(said)


def _without(arn: str, places: list[int]) -> str:
    """An ARN without some of its fields."""
    return ":".join("" if number in places else field for number, field in enumerate(arn.split(":", 5)))


def _may_fit(pattern: str, text: str) -> bool:
    """Whether a pattern takes in a text, if each mark is whatever it may be. What both begin with is the same in both."""
    both = zip(pattern, text, strict=False)
    same = next((n for n, (left, right) in enumerate(both) if left != right), min(len(pattern), len(text)))
    return _meet(pattern[same:], text[same:])


@lru_cache(maxsize=4096)
def _meet(left: str, right: str) -> bool:
    """Whether two patterns take in one text at least, where each mark may be any text."""
    ahead, seen = [(0, 0)], {(0, 0)}
    while ahead:
        i, j = ahead.pop()
        mine, its = left[i : i + 1], right[j : j + 1]
        if not mine and not its:
            return True
        steps = []
        if _is_long(mine):
            steps.append((i + 1, j))
        if _is_long(its):
            steps.append((i, j + 1))
        if mine and its and _share(mine, its):
            steps.append((i if _is_long(mine) else i + 1, j if _is_long(its) else j + 1))
        ahead += [step for step in steps if step not in seen]
        seen.update(steps)
    return False


def _is_long(char: str) -> bool:
    """Whether it stands for a text of any length."""
    return char == "*" or char >= _MARKS


def _share(left: str, right: str) -> bool:
    """Whether what two characters of patterns stand for has a character in common."""
    for char, other in ((left, right), (right, left)):
        if char in {"*", "?"} or _MARKS <= char < _WORDS:
            return True
        if char >= _WORDS:
            return other not in {"/", ":"}
    return left == right


__all__ = ["anywhere", "arn_of", "reaches"]
