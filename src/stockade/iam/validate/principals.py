"""Whether principals are written as such, and what a policy on a resource asks of services."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.iam.principals import EVENTS
from stockade.iam.sets.literals import operator
from stockade.iam.validate._subject import Subject, Word, effect, fault, is_wild, listed, words
from stockade.knowledge import iam as facts
from stockade.knowledge import regions
from stockade.model.policy import Fault, Principal, Statement
from stockade.model.value import NOTHING, Relation
from stockade.near import nearest
from stockade.patterns import regex

_ACCOUNT = regex(r"[0-9]{12}")
_ARN = regex(r"arn:[\w-]+:(?:iam|sts)::(?:[0-9]{12}|[*]|cloudfront|aws):(?:root|[\w-]+/.+)")
_UNIQUE = regex(r"(AROA|AIDA|AGPA|AIPA|ANPA)[A-Z0-9]{12,}")
_CANONICAL = regex(r"[0-9a-f]{64}")
_PROVIDER = regex(r"arn:[\w-]+:iam::[0-9]{12}:(?:saml-provider|oidc-provider)/.+")
_SOURCES = frozenset({"aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceowner"})

# What KMS tells of whom a service asks for.
_SOURCES_OF_KMS = ("kms:viaservice", "kms:calleraccount", "kms:encryptioncontext:")

# Whose policies can have no condition on what EventBridge publishes for.
_TOPIC, _KEY = "AWS::SNS::Topic", "AWS::KMS::Key"


def check(subject: Subject) -> Iterator[Fault]:
    """Every principal of every statement."""
    if subject.type not in {"resource", "trust"}:
        return
    for statement in subject.statements:
        for stated in (statement.principals, statement.not_principals):
            for principal in stated if stated is not None else NOTHING:
                for word in words(Relation((principal.value,))):
                    yield from _principal(subject, statement, principal, word)
        if statement.principals is not None and effect(statement) == "Allow":
            yield from _services(subject, statement)


def _principal(subject: Subject, statement: Statement, principal: Principal, word: Word) -> Iterator[Fault]:
    kind, text = principal.kind, word.text
    if "${" in text:
        return  # told as a variable where none may stand
    if kind == "*":
        if text == "*" and subject.type == "trust" and statement.principals is not None:
            yield from fault(
                "ROLE_TRUST_POLICY_UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
                statement,
                word,
                "a trust policy says `*` for its principal",
                "name the accounts, roles or services that may take the role",
            )
        return
    if kind not in {"AWS", "Service", "Federated", "CanonicalUser"}:
        return
    if is_wild(text) and not (text == "*" and kind == "AWS"):
        yield from fault(
            "UNSUPPORTED_WILDCARD_IN_PRINCIPAL",
            statement,
            word,
            f"`{word.shown}` has a wildcard, which stands for itself in a principal of the kind `{kind}`",
            "name the principals, or the account and a condition on aws:PrincipalArn with ArnLike"
            if kind == "AWS"
            else "name them one by one",
        )
        return
    if not word.known or text == "*":
        return
    if kind == "AWS":
        yield from _account_or_arn(statement, word)
    elif kind == "Service":
        yield from _service(statement, word)
    elif kind == "Federated":
        yield from _federated(subject, statement, word)


def _account_or_arn(statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    unique = _UNIQUE.match(text)
    if unique is not None and unique[1] in {"AROA", "AIDA"}:
        what, id_ = ("role", "INVALID_ROLE_REFERENCE") if unique[1] == "AROA" else ("user", "INVALID_USER_REFERENCE")
        yield from fault(
            id_,
            statement,
            word,
            f"`{word.shown}` is what IAM put in place of the ARN of a {what}, which is gone or was made anew",
            f"write the {what}'s ARN, if it still is to be let in",
        )
        return
    if _ACCOUNT.fullmatch(text) or _ARN.fullmatch(text) or unique or _CANONICAL.fullmatch(text):
        return
    if regions.is_service_principal(text) and not text.startswith("arn:"):
        help_ = f'a service is named as {{"Service": "{text}"}}'
    elif text.isdigit():
        help_ = f"an account has 12 digits, and this has {len(text)}" + (
            ": put a zero before it" if len(text) == 11 else ""
        )
    else:
        help_ = "write an account's 12 digits, or the ARN of a role, user or session"
    yield from fault("INVALID_PRINCIPAL_FORMAT", statement, word, f"`{word.shown}` is no account, role or user", help_)


def _service(statement: Statement, word: Word) -> Iterator[Fault]:
    fault_ = service_principal_fault(word.text)
    if fault_ is not None:
        message, meant = fault_
        help_ = f"write `{meant}`" if meant else "services are named as `lambda.amazonaws.com`"
        yield from fault("INVALID_SERVICE_PRINCIPAL_FORMAT", statement, word, message, help_, instead=meant or None)


def service_principal_fault(text: str) -> tuple[str, str] | None:
    """What is wrong with a text as the name of a service's principal, and what to write; None where nothing is."""
    lower = text.strip().lower()
    if text in facts.language().service_principals_elsewhere:
        return None
    if regions.is_service_principal(text):
        first = lower.partition(".")[0]
        if lower.endswith(".amazon.com") and facts.service(first) is not None:
            return f"`{text}` is a host name, and no principal of a service", f"{first}.amazonaws.com"
        return None if text == lower else (f"`{text}` is not written in lower case", lower)
    if facts.service(lower) is not None:
        return f"`{text}` lacks the end of a service's principal", f"{lower}.amazonaws.com"
    first, _, rest = lower.partition(".")
    near_ = nearest(rest, ("amazonaws.com", "amazonaws.com.cn"), cutoff=0.6) if rest else ""
    return f"`{text}` is no principal of a service", f"{first}.{near_}" if near_ else ""


def _federated(subject: Subject, statement: Statement, word: Word) -> Iterator[Fault]:
    if subject.type == "resource":
        yield from fault(
            "FEDERATED_PRINCIPAL_NOT_SUPPORTED",
            statement,
            word,
            "only a role's trust policy can name an identity provider",
            "name the role that federated users take",
        )
        return
    text = word.text
    if _PROVIDER.fullmatch(text) or re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", text):
        return
    yield from fault(
        "INVALID_FEDERATED_PRINCIPAL_SYNTAX_IN_ROLE_TRUST_POLICY",
        statement,
        word,
        f"`{word.shown}` is no identity provider",
        "write the ARN of a SAML or OIDC provider, or a domain such as `accounts.google.com`",
    )


# --------------------------------------------------------------------------------------------------- services that ask


def _services(subject: Subject, statement: Statement) -> Iterator[Fault]:
    stated = statement.principals if statement.principals is not None else NOTHING
    asking = [w for p in stated if p.kind == "Service" for w in words(Relation((p.value,)))]
    if not asking:
        return
    keys = {condition.key.lower(): condition for condition in statement.conditions}
    if all(p.kind == "Service" for p in stated):
        members = {key.lower() for key in facts.language().keys_of_members}
        for key, condition in keys.items():
            how = operator(condition.operator)
            if key in members and how is not None and how.sign != "!" and not how.if_exists and how.family != "null":
                yield from fault(
                    "UNSUPPORTED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                    statement,
                    condition,
                    f"no request of `{asking[0].shown}` has `{condition.key}`: a service is in no organization",
                    "ask for aws:SourceOrgID, aws:SourceAccount or aws:SourceArn",
                )
                return
    if subject.type != "resource" or keys.keys() & _SOURCES or not statement.conditions.complete:
        return
    asking = [word for word in asking if not (subject.resource_type == _TOPIC and word.text == EVENTS)]
    if not asking:
        return
    by_key = subject.resource_type == _KEY and any(word.text == EVENTS for word in asking)
    for key in facts.language().spoofable_keys:
        if key.lower() in keys:
            yield from fault(
                "RECOMMENDED_CONDITION_KEY_FOR_SERVICE_PRINCIPAL",
                statement,
                keys[key.lower()],
                f"`{key}` does not say on whose behalf `{asking[0].shown}` asks",
                "ask for aws:SourceArn or aws:SourceAccount",
            )
            return
    if any(key.endswith((":sourcearn", ":sourceaccount")) or key.startswith(_SOURCES_OF_KMS) for key in keys):
        return
    names = listed(dict.fromkeys(w.shown for w in asking))
    yield from fault(
        "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL",
        statement,
        asking[0],
        f"{names} may do it on behalf of anybody's account",
        "ask in a condition for aws:SourceArn or aws:SourceAccount"
        + (", but where EventBridge publishes to a topic under this key, which works without only" if by_key else ""),
    )
