"""Words that rules of every domain say in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from stockade.model.app import App, Resource, Role
from stockade.model.value import Value


def join(words: Iterable[str]) -> str:
    """Words as a list: "S3", "S3 and SNS", "S3, SNS and SES"."""
    every = list(dict.fromkeys(words))
    return " and ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def names(subjects: Iterable[object], most: int = 2, of: str = "function") -> str:
    """Subjects by name: "`A`", "`A` and `B`", "`A`, `B` and 2 more functions", "`A` (2 of that name)"."""
    counted = Counter(f"`{subject}`" for subject in subjects)
    shown = [name if count == 1 else f"{name} ({count} of that name)" for name, count in counted.items()]
    more = len(shown) - most
    if more <= 1:  # "and 1 more" would hide a name to save none
        return join(shown)
    return f"{', '.join(shown[:most])} and {more} more {of}s"


def told(app: App, value: Value[str]) -> str:
    """What a value names, to stand in code marks: a resource that it is a reference to by its address, else as it is written."""
    shown: dict[str, None] = {}
    for _, leaf in value.leaves():
        resource = next((app.get(reference.target) for _, reference in leaf.refers()), None)
        shown[leaf.show() if resource is None else str(resource)] = None
    return "` or `".join(shown)


def is_made(subject: Resource) -> bool:
    """Whether a framework makes it of what is written in its own words."""
    return subject.site is not None and subject.site.made


def is_of_sam(role: Role) -> bool:
    """Whether SAM makes a function's role: in its own template, or in one that it has processed, by its name and tag there.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources-function.html
    (as of 2026-11-28).
    """
    if role.generated:
        return not is_made(role)
    by_sam = role.tags.any(lambda tag: tag.key.is_("lambda:createdBy") & tag.value.is_("SAM")).is_yes
    return by_sam and any(role.address == f"{function.address}Role" for function in role.functions)


def by_format(subject: Resource, words: str, terraform: str, serverless: str = "", *, sam: str = "") -> str:
    """What to write, in the words of the format that the subject is written in: `words`, but for Terraform.

    `serverless` are those of the Serverless Framework for what it makes. What stands under `resources` is CloudFormation.
    `sam` are those of SAM, where it names a property otherwise than the resource that it makes, and refuses the other name.
    """
    if sam and subject.site is not None and subject.site.type.startswith("AWS::Serverless::"):
        return sam
    if subject.site is not None and subject.site.input == "serverless":
        return serverless if serverless and is_made(subject) else words
    in_terraform = subject.type.startswith("aws_") or subject.address.startswith("var.")
    return terraform if in_terraform else words
