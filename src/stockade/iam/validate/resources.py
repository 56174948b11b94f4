"""Whether the ARNs that a policy names have the form that AWS's reference gives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.validate._subject import MARKS, PLAIN, Subject, Word, fault, is_wild, listed, may_meet, words
from stockade.knowledge import iam as facts
from stockade.knowledge import regions
from stockade.model.policy import Fault, Statement
from stockade.near import nearest
from stockade.patterns import regex

_HOLE = regex(r"\$\{[^}]*\}")
_ACCOUNT = regex(r"[0-9]{12}")
_VARIABLE = regex(r"\$\{(?!AWS::)[^}]*\}")
# What stands for a value that somebody is still to give: no region and no account has such characters, or is called so.
_TO_FILL_IN = regex(
    r"<+[^<>:]*>+|\{+[^{}:]*\}+|\[+[^\[\]:]*\]+"
    r"|(?<=:)(?i:(?:(?:your|my|the|aws|target|source)[-_ ]?)*(?:account|region)(?:[-_ ]?(?:id|number|name|no))?|x{3,}|#{3,})(?=:)"
)
_PSEUDO = regex(r"\$\{AWS::(\w+)\}")


def check(subject: Subject) -> Iterator[Fault]:
    """Every resource of every statement."""
    if subject.type == "trust":
        return
    for statement in subject.statements:
        for values in (statement.resources, statement.not_resources):
            for word in words(values):
                yield from _resource(subject, statement, word)


def _resource(subject: Subject, statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    if not text.strip("*"):
        if not text:
            yield from fault(
                "INVALID_ARN_PREFIX", statement, word, "a resource is an empty text", "name it by its ARN, or write `*`"
            )
        return
    head = re.split(f"[{MARKS}]", text, maxsplit=1)[0]
    if not text.startswith("arn:"):
        if head == text or not "arn:".startswith(head):
            yield from _no_arn(subject, statement, word)
        return
    # A policy variable stands for a part of one field, whatever it is called.
    fields = _VARIABLE.sub(PLAIN, text).split(":", 5)
    # A part that is not known may hold colons itself.
    if any(mark in ":".join(fields[:5]) for mark in MARKS if mark != PLAIN):
        return
    if len(fields) < 6:
        if not any(mark in text for mark in MARKS) and not text.endswith("*"):
            yield from fault(
                "MISSING_ARN_FIELD",
                statement,
                word,
                f"`{word.shown}` has {len(fields)} of the six fields of an ARN",
                "write arn:partition:service:region:account:resource; what is not there stays empty, the colons do not",
            )
        return
    yield from _fields(statement, word, fields)
    yield from _on_type(subject, statement, word, fields)


def _no_arn(subject: Subject, statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    known = subject.on
    if subject.type == "resource" and text.startswith("execute-api:/"):
        return  # API Gateway fills in the rest
    instead = None
    if text.lower().startswith("arn:"):
        help_ = "write `arn:` in lower case"
    elif text.startswith("aws:") or re.match(r"aws[\w-]*:[a-z0-9-]+:", text):
        help_, instead = "write `arn:` before it", f"arn:{text}" if word.known else None
    elif text.startswith("s3://"):
        help_, instead = "write arn:aws:s3:::bucket/key", f"arn:aws:s3:::{text[5:]}" if word.known else None
    elif known is not None and "s3" in known.services:
        help_ = "name it by its ARN: arn:aws:s3:::bucket, or arn:aws:s3:::bucket/* for its objects"
    else:
        help_ = "name it by its ARN, or write `*` for every resource"
    yield from fault("INVALID_ARN_PREFIX", statement, word, f"`{word.shown}` is no ARN", help_, instead=instead)


def _fields(statement: Statement, word: Word, fields: list[str]) -> Iterator[Fault]:
    _, partition, service, *_ = fields
    pseudo = _PSEUDO.search(word.text)
    if pseudo is not None and word.known:
        id_ = {"Partition": "INVALID_PARTITION", "AccountId": "INVALID_ARN_ACCOUNT"}.get(
            pseudo[1], "INVALID_ARN_REGION"
        )
        yield from fault(
            id_,
            statement,
            word,
            f"`{pseudo[0]}` stands in the ARN as it is",
            "CloudFormation fills it in inside of `Fn::Sub` only",
        )
        return
    if _is_to_fill_in(partition) or any(map(_is_to_fill_in, fields[3:5])):
        yield from _unfilled(statement, word, fields)
        return
    if not _is_open(partition) and regions.partition(partition) is None:
        names = [known.id for known in regions.partitions()]
        meant = nearest(partition, names)
        yield from fault(
            "INVALID_PARTITION",
            statement,
            word,
            f"there is no partition `{partition}`" if partition else "the ARN does not say in which partition",
            f"did you mean `{meant}`?" if meant else "outside of China and of governments it is `aws`",
            instead=None if partition else ":".join(["arn", "aws", *fields[2:]]),
        )
        return
    if is_wild(service):
        # Where all of it is a wildcard, nobody means one service.
        yield from fault(
            "WILDCARD_IN_SERVICE_NAME",
            statement,
            word,
            f"`{word.shown}` has a wildcard in the name of the service, which takes in services to come",
            "name the services",
        )
        return
    if _is_open(service):
        return
    if service not in facts.arn_services():
        yield from _no_service(statement, word, fields)
        return
    yield from _shape(statement, word, fields)


def _is_to_fill_in(field: str) -> bool:
    return "${" not in field and _TO_FILL_IN.search(f":{field}:") is not None


def _unfilled(statement: Statement, word: Word, fields: list[str]) -> Iterator[Fault]:
    """Told once for all of an ARN: who fills in one part fills in all."""
    _, partition, _, region, *_ = fields
    id_ = (
        "INVALID_PARTITION"
        if _is_to_fill_in(partition)
        else "INVALID_ARN_REGION"
        if _is_to_fill_in(region)
        else "INVALID_ARN_ACCOUNT"
    )
    parts = list(dict.fromkeys(f"`{part}`" for part in _TO_FILL_IN.findall(_VARIABLE.sub(PLAIN, word.text))))
    named = " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]
    are, help_ = ("are", "write what they stand for") if len(parts) > 1 else ("is", "write what it stands for")
    message = f"{named} of `{word.shown}` {are} still to be filled in"
    yield from fault(id_, statement, word, message, help_, unfilled=True)


def _no_service(statement: Statement, word: Word, fields: list[str]) -> Iterator[Fault]:
    service = fields[2]
    if service.lower() in facts.arn_services():
        yield from fault(
            "INVALID_ARN_SERVICE_CASE",
            statement,
            word,
            f"`{service}` is written in lower case in ARNs",
            f"write `{service.lower()}`",
            instead=":".join([*fields[:2], service.lower(), *fields[3:]]) if word.known else None,
        )
        return
    meant = facts.language().service_aliases.get(service.lower()) or nearest(service, facts.arn_services())
    message = f"there is no service `{service}`" if service else "the ARN does not say of which service"
    yield from fault(
        "INVALID_SERVICE", statement, word, message, f"did you mean `{meant}`?" if meant else "look its prefix up"
    )


def _region(statement: Statement, word: Word, partition: str, region: str) -> Iterator[Fault]:
    if not region or _is_open(region):
        return
    if not regions.is_region(region):
        meant = nearest(region, regions.regions())
        yield from fault(
            "INVALID_ARN_REGION",
            statement,
            word,
            f"there is no region `{region}`",
            f"did you mean `{meant}`?" if meant else "regions are written as `eu-west-1`",
            instead=word.text.replace(f":{region}:", f":{meant}:", 1) if meant and word.known else None,
        )
        return
    own = regions.partition_of(region)
    if own is not None and not _is_open(partition) and own.id != partition:
        yield from fault(
            "INVALID_ARN_REGION",
            statement,
            word,
            f"`{region}` is a region of the partition `{own.id}`",
            f"write `arn:{own.id}:…`",
        )


def _shape(statement: Statement, word: Word, fields: list[str]) -> Iterator[Fault]:
    _, partition, service, region, account, resource = fields
    fits = _candidates(service, _pattern(resource))
    if any(own for own, _, _, _ in fits) or not fits:
        odd = list(_region(statement, word, partition, region))
        if odd:
            yield from odd
            return
    if not fits and (resource == "*" or not facts.arn_shapes(service)):
        return  # the reference lists no resources of the service
    if not fits:
        # An empty parameter is given where it matters, and not left at its default.
        left_out = not resource and bool(getattr(word.origin, "via", ()))
        if not left_out and not (is_wild(resource) and _begins_well(service, resource)):
            # Else it is a pattern for names that nobody gives, and what it is about can be told.
            yield from _no_type(statement, word, service, resource)
        return
    if _is_odd_account(account) and account != "aws" and not any(account == own for _, own, _, _ in fits):
        yield from fault(
            "INVALID_ARN_ACCOUNT",
            statement,
            word,
            f"`{account}` is no account: an account has 12 digits",
            "write its number, or `*`",
        )
        return
    there = (any(own for own, _, _, _ in fits), any(own for _, own, _, _ in fits))
    bare = [part if own else "" for part, own in zip((region, account), there, strict=True)]
    if region and not _is_open(region) and not any(own for own, _, _, _ in fits):
        yield from fault(
            "ARN_REGION_NOT_ALLOWED",
            statement,
            word,
            f"such resources of `{service}` have no region, and the ARN names `{region}`",
            "leave the field empty: two colons follow each other",
            instead=":".join([*fields[:3], *bare, *fields[5:]]) if word.known else None,
        )
    elif not region and service not in facts.language().sometimes_without_region and all(own for own, _, _, _ in fits):
        yield from fault(
            "MISSING_ARN_REGION",
            statement,
            word,
            f"such resources of `{service}` are in a region, and the ARN names none, so that it is none of them",
            "write the region, or `*`",
        )
    elif account and not _is_open(account) and not any(own for _, own, _, _ in fits):
        yield from fault(
            "ARN_ACCOUNT_NOT_ALLOWED",
            statement,
            word,
            f"the ARNs of such resources of `{service}` have no account, and this names `{account}`",
            "leave the field empty: two colons follow each other",
            instead=":".join([*fields[:3], *bare, *fields[5:]]) if word.known else None,
        )
    elif not account and service in facts.language().always_in_an_account and all(own for _, own, _, _ in fits):
        yield from fault(
            "MISSING_ARN_ACCOUNT",
            statement,
            word,
            f"such resources of `{service}` are in an account, and the ARN names none, so that it is none of them",
            "write the account, or `*`",
        )


def _begins_well(service: str, resource: str) -> bool:
    """Whether a pattern begins with the word for a type of the service's resources."""
    start = re.match(r"[\w-]+[:/]", resource)
    return start is not None and any(shape.startswith(start[0]) for _, _, shape, _ in facts.arn_shapes(service))


def _no_type(statement: Statement, word: Word, service: str, resource: str) -> Iterator[Fault]:
    shapes = sorted({_HOLE.sub("…", shape) for _, _, shape, _ in facts.arn_shapes(service)}, key=len)
    start = re.split(r"[:/*?]", resource, maxsplit=1)[0].lower()
    alike = [
        s for s in shapes if start and re.split(r"[:/…]", s, maxsplit=1)[0].lower().rstrip("s") == start.rstrip("s")
    ]
    if not alike:
        starts = [re.split(r"[:/…]", s, maxsplit=1)[0] for s in shapes]
        meant = nearest(start, [s for s in starts if s])
        alike = [s for s in shapes if meant and s.startswith(meant)]
    message = f"`{service}` has no resource of the form `{_shown(word, resource)}`"
    help_ = f"write {listed(alike or shapes)}"
    yield from fault("INVALID_ARN_RESOURCE", statement, word, message, help_)


def _shown(word: Word, resource: str) -> str:
    if any(mark in resource for mark in MARKS):
        return word.shown.split(":", 5)[-1]
    return resource if len(resource) <= 80 else resource[:79] + "…"


@lru_cache(maxsize=8192)
def _candidates(service: str, pattern: str) -> tuple[tuple[str, str, str, str], ...]:
    """The types of resources that a resource's part may be of."""
    for everywhere in (False, True):
        found = tuple(
            t for t in facts.arn_shapes(service, everywhere=everywhere) if may_meet(pattern, _template_pattern(t[2]))
        )
        if found:
            return found
    return ()


@lru_cache(maxsize=4096)
def _template_pattern(shape: str) -> str:
    return _HOLE.sub("?*", shape)


def _pattern(resource: str) -> str:
    """What a part may be: what is not known may be anything, and so may a policy variable."""
    return _HOLE.sub("*", re.sub(f"[{MARKS}]", "*", resource))


def _is_open(field: str) -> bool:
    """Whether a field may be several things, or is not known."""
    return is_wild(field) or "${" in field or any(mark in field for mark in MARKS)


def _is_odd_account(account: str) -> bool:
    return bool(account) and not _is_open(account) and not _ACCOUNT.fullmatch(account)


def _on_type(subject: Subject, statement: Statement, word: Word, fields: list[str]) -> Iterator[Fault]:
    known = subject.on
    if subject.type != "resource" or known is None or _is_open(fields[2]):
        return
    if fields[2] in facts.arn_services() and fields[2] not in known.services:
        yield from fault(
            "UNSUPPORTED_RESOURCE_ARN_IN_POLICY",
            statement,
            word,
            f"`{word.shown}` is nothing that a policy on {subject.resource_type} is about",
            f"name a resource of `{known.services[0]}`",
        )
