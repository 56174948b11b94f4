"""The values that conditions compare with: whether they are of the right kind, and whether they can ever match."""

from __future__ import annotations

import binascii
import ipaddress
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from stockade.iam.sets import ranges
from stockade.iam.sets.literals import Operator, operator
from stockade.iam.validate._subject import Subject, Word, fault, is_wild, words
from stockade.iam.validate.principals import service_principal_fault
from stockade.knowledge import iam as facts
from stockade.knowledge import regions
from stockade.model.policy import Condition, Fault, Statement
from stockade.near import nearest
from stockade.patterns import regex

_ID = regex(r"[0-9a-z]{8}|[0-9a-z]{17}")
_KEY_ARN = regex(r"arn:[\w-]+:kms:[\w-]+:[0-9]{12}:key/[\w-]+")
_PRINCIPALS = frozenset(
    {
        "aws:principalservicename",
        "aws:principalservicenameslist",
        "aws:calledvia",
        "aws:calledviafirst",
        "aws:calledvialast",
    }
    | {"iam:passedtoservice", "iam:awsservicename"}
)
# Addresses that no request from the internet comes from: RFC 1918, 4193, and those of a machine or a link itself.
_PRIVATE = (
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "fc00::/7",
    "fe80::/10",
    "::1/128",
)
_WILD_FAMILIES = frozenset({"text", "text-any-case"})


def check(subject: Subject) -> Iterator[Fault]:
    """Every condition of every statement."""
    for statement in subject.statements:
        for condition in statement.conditions:
            how = operator(condition.operator)
            if how is not None:
                own = list(words(condition.values))
                yield from _typed(statement, condition, how, own)
                yield from _of_key(statement, condition, how, own)
                yield from _always(statement, condition, how, own)


def _literal(word: Word) -> bool:
    """Whether all of a value is known, and holds no variable."""
    return word.known and "${" not in word.text


# ------------------------------------------------------------------------------------------------------------ by type


def _typed(statement: Statement, condition: Condition, how: Operator, own: list[Word]) -> Iterator[Fault]:
    name = condition.operator
    for word in own:
        if not _literal(word):
            continue
        text = word.text
        if how.family in {"bool", "null"} and text.strip().lower() not in {"true", "false"}:
            yield from fault(
                "TYPE_MISMATCH_BOOLEAN",
                statement,
                word,
                f"`{name}` compares with `{word.shown}`",
                "write `true` or `false`",
            )
        elif how.family == "number" and ranges.number(text) is None:
            yield from fault(
                "TYPE_MISMATCH_NUMBER",
                statement,
                word,
                f"`{name}` compares with `{word.shown}`, which is no number",
                "write a number",
            )
        elif how.family == "date":
            yield from _date(statement, word, name)
        elif how.family == "address":
            yield from _address(statement, word, name)
        elif how.family == "binary" and not _is_base64(text):
            yield from fault(
                "TYPE_MISMATCH_STRING",
                statement,
                word,
                f"`{name}` compares with `{word.shown}`, which is no Base64",
                "write the bytes in Base64",
            )
        elif how.family in _WILD_FAMILIES and is_wild(text):
            better = re.sub("Equals(IgnoreCase)?", "Like", name)
            yield from fault(
                "WILDCARD_WITHOUT_LIKE_OPERATOR",
                statement,
                word,
                f"`{name}` takes the wildcard in `{word.shown}` for the character itself",
                f"write `{better}`, if it is meant as one",
            )
    if how.family == "bool" and len(own) > 1 and condition.values.complete and not any(word.when for word in own):
        yield from fault(
            "INVALID_CONDITION_MULTIPLE_BOOLEAN",
            statement,
            condition,
            f"`{name}` of `{condition.key}` has {len(own)} values",
            "write one: of both, every request has one",
        )
    if how.family == "number":
        yield from _numbers(statement, condition, how, own)


def _date(statement: Statement, word: Word, name: str) -> Iterator[Fault]:
    text = word.text.strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text):
        yield from fault(
            "INVALID_DATE_VALUE",
            statement,
            word,
            f"`{word.shown}` is a number of seconds, which may not be the moment that is meant",
            "write a date as 2027-01-31, or 2027-01-31T12:00:00Z",
        )
    elif ranges.moment(text) is None:
        yield from fault(
            "TYPE_MISMATCH_DATE",
            statement,
            word,
            f"`{name}` compares with `{word.shown}`, which is no date",
            "write it as 2027-01-31, or 2027-01-31T12:00:00Z",
        )


def _address(statement: Statement, word: Word, name: str) -> Iterator[Fault]:
    text = word.text.strip()
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        yield from fault(
            "TYPE_MISMATCH_IP_RANGE",
            statement,
            word,
            f"`{name}` compares with `{word.shown}`, which is no address and no range",
            "write it as 203.0.113.7, or 203.0.113.0/24",
        )
        return
    if "/" in text and str(ipaddress.ip_address(text.partition("/")[0])) != str(network.network_address):
        yield from fault(
            "IMPROVE_IP_RANGE",
            statement,
            word,
            f"`{word.shown}` is the range `{network}`: what follows the first {network.prefixlen} bits does not count",
            f"write `{network}`, or /{network.max_prefixlen} for the one address",
            instead=str(network),
        )


def _is_base64(text: str) -> bool:
    try:
        binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _numbers(statement: Statement, condition: Condition, how: Operator, own: list[Word]) -> Iterator[Fault]:
    """Of several limits on one side, one holds for all."""
    if (
        len(own) < 2
        or how.sign not in {"<", "<=", ">", ">="}
        or not all(map(_literal, own))
        or any(w.when for w in own)
    ):
        return
    try:
        found = [Decimal(word.text.strip()) for word in own]
    except InvalidOperation:
        return
    best = max(found) if how.sign[0] == "<" else min(found)
    yield from fault(
        "REDUNDANT_CONDITION_VALUE_NUM",
        statement,
        condition,
        f"of the values of `{condition.key}`, only {best} has an effect: one that holds is enough",
        f"write {best} alone",
    )


# ------------------------------------------------------------------------------------------------------------- by key


def _of_key(statement: Statement, condition: Condition, how: Operator, own: list[Word]) -> Iterator[Fault]:
    key = condition.key.lower()
    if how.family == "address" and key == "aws:sourceip":
        yield from _source_ip(statement, condition, how, own)
        return
    if how.family not in {"text", "text-like", "text-any-case"}:
        return
    sensitive = {name.lower() for name in facts.language().sensitive_keys}
    for word in own:
        if not _literal(word):
            continue
        text = word.text
        if is_wild(text):
            if how.family == "text-like" and key in sensitive:
                yield from fault(
                    "WILDCARD_USAGE_TOO_PERMISSIVE",
                    statement,
                    word,
                    f"`{word.shown}` fits more than one `{condition.key}`, and one is meant",
                    f"write it out, with `{condition.operator.replace('Like', 'Equals')}`",
                )
            elif how.family == "text-like" and key == "aws:userid":
                yield from _user_id(statement, word)
            continue
        if key == "aws:requestedregion" and not regions.is_region(text):
            meant = nearest(text, regions.regions())
            yield from fault(
                "INVALID_REGION",
                statement,
                word,
                f"there is no region `{word.shown}`",
                f"did you mean `{meant}`?" if meant else "regions are written as `eu-west-1`",
                instead=meant or None,
            )
        elif key in {"aws:sourcevpc", "aws:ec2instancesourcevpc"}:
            yield from _network_id(statement, word, "vpc-", "INVALID_VPC_FORMAT")
        elif key == "aws:sourcevpce":
            yield from _network_id(statement, word, "vpce-", "INVALID_VPCE_FORMAT")
        elif key in _PRINCIPALS:
            yield from _service(statement, word)
        elif key == "kms:viaservice":
            yield from _via(statement, word)
        elif key == "s3:x-amz-server-side-encryption-aws-kms-key-id" and not _KEY_ARN.fullmatch(text):
            yield from fault(
                "INVALID_KMS_KEY_VALUE",
                statement,
                word,
                f"`{word.shown}` is not the ARN of a key, with which S3 compares",
                "write arn:aws:kms:region:account:key/id, and no alias",
            )


def _user_id(statement: Statement, word: Word) -> Iterator[Fault]:
    left, colon, _ = word.text.partition(":")
    if (colon and left == "*") or not is_wild(left):
        return
    yield from fault(
        "WILDCARD_USAGE_TOO_PERMISSIVE",
        statement,
        word,
        f"`{word.shown}` fits the ids of several users and roles",
        "write the id before the colon out, and a wildcard for the session behind it",
    )


def _network_id(statement: Statement, word: Word, prefix: str, id_: str) -> Iterator[Fault]:
    if word.text.startswith(prefix) and _ID.fullmatch(word.text[len(prefix) :].lower()):
        return
    yield from fault(
        id_,
        statement,
        word,
        f"`{word.shown}` is no id of a VPC{' endpoint' if prefix == 'vpce-' else ''}",
        f"it is `{prefix}` and 8 or 17 letters and digits",
    )


def _service(statement: Statement, word: Word) -> Iterator[Fault]:
    found = service_principal_fault(word.text)
    if found is not None:
        message, meant = found
        help_ = f"write `{meant}`" if meant else "services are named as `lambda.amazonaws.com`"
        yield from fault("INVALID_SERVICE_PRINCIPAL_FORMAT", statement, word, message, help_, instead=meant or None)


def _via(statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    if (
        regions.is_service_principal(text)
        and text == text.lower()
        and regions.service_of(text) != _without_suffix(text)
    ):
        return
    first = text.lower().partition(".")[0]
    yield from fault(
        "INVALID_SERVICE_PRINCIPAL_FORMAT",
        statement,
        word,
        f"`{word.shown}` does not name a service and its region, as kms:ViaService does",
        f"write `{first}.REGION.amazonaws.com`",
    )


def _without_suffix(text: str) -> str:
    return re.sub(r"\.amazonaws\.com(\.cn)?$", "", text.lower())


def _source_ip(statement: Statement, condition: Condition, how: Operator, own: list[Word]) -> Iterator[Fault]:
    if not own or not condition.values.complete or not all(map(_literal, own)):
        return
    answers = [_is_private(word.text.strip()) for word in own]
    if None in answers or not any(answers):
        return
    negated = how.sign == "!"
    word = own[answers.index(True)]
    name = "PRIVATE_NOT_IP_ADDRESS" if negated else "PRIVATE_IP_ADDRESS"
    if all(answers):
        what = "so that it always holds" if negated else "so that it never holds"
        message = f"`{condition.key}` is compared with private addresses only, {what}: requests come from public ones"
    else:
        name += "_SUBSET"
        message = f"`{word.shown}` is private, and no request's `{condition.key}` ever is"
    yield from fault(
        name, statement, word, message, "for requests through a VPC endpoint, ask for aws:VpcSourceIp and aws:SourceVpc"
    )


def _is_private(text: str) -> bool | None:
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return any(
        network.version == known.version and network.subnet_of(known)  # type: ignore[arg-type]
        for known in map(ipaddress.ip_network, _PRIVATE)
    )


# -------------------------------------------------------------------------------------------- always, never, as `Null`


def _always(statement: Statement, condition: Condition, how: Operator, own: list[Word]) -> Iterator[Fault]:
    """What a value of `*` makes of an operator: it fits every value that there is."""
    if how.family not in {"text-like", "arn"} or not any(word.text == "*" and not word.when for word in own):
        return
    if condition.key.lower() in {key.lower() for key in facts.language().sensitive_keys} and how.family == "text-like":
        return  # told as a wildcard where none may be
    name, key = condition.operator, condition.key
    negated = how.sign == "!"
    if how.quantifier == "any" and negated:
        yield from fault(
            "REDUNDANT_STATEMENT_DUE_TO_WILDCARD_IN_CONDITION",
            statement,
            condition,
            f"`{name}` of `{key}` never holds, so that the statement does nothing",
            "remove the statement, or compare with something else than `*`",
        )
    elif not negated and (how.quantifier == "all" or how.if_exists):
        yield from fault(
            "REDUNDANT_KEY_DUE_TO_WILDCARD_IN_CONDITION",
            statement,
            condition,
            f"`{name}` of `{key}` always holds",
            "remove it",
        )
    else:
        there = "false" if not negated else "true"
        yield from fault(
            f"EQUIVALENT_TO_NULL_{there.upper()}",
            statement,
            condition,
            f"`{name}` of `{key}` asks only whether the key is {'there' if not negated else 'not there'}",
            f'write "Null": {{"{key}": "{there}"}}',
        )
