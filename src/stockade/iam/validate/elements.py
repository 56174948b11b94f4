"""What a policy of each type has to have, and must not have: version, Sids, resources, principals."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.iam.validate._subject import Subject, Word, effect, fault, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Principal, Statement
from stockade.model.value import NOTHING, Default, Known, Relation
from stockade.patterns import regex

_VERSIONS = ("2012-10-17", "2008-10-17")
_VARIABLE = regex(r"\$\{[^*?$}]")
_HAS_NO_PRINCIPAL = {"identity": "an identity policy", "scp": "a service control policy"}


def check(subject: Subject) -> Iterator[Fault]:
    """All of it."""
    yield from _version(subject)
    yield from _sids(subject)
    for statement in subject.statements:
        yield from _principal(subject, statement)
        yield from _resource(subject, statement)
        if subject.type == "rcp":
            yield from _rcp(statement)


def _version(subject: Subject) -> Iterator[Fault]:
    found = subject.statements
    version = found.version
    if version is None or (isinstance(version, Default) and version.v is None):
        if found.origin is not None and not _uses_variables(subject):
            yield from fault(
                "MISSING_VERSION",
                None,
                found.origin,
                "the policy has no `Version`, so that the rules of 2008 hold for it, which know no policy variables",
                'add "Version": "2012-10-17"',
            )
        return
    for when, leaf in version.leaves():
        if isinstance(leaf, Known) and leaf.v not in _VERSIONS:
            yield from fault(
                "INVALID_VERSION",
                None,
                leaf.origin,
                f"`{leaf.v}` is no version of the policy language",
                "write `2012-10-17`: it is no date of the policy's own",
                when=when,
                instead="2012-10-17",
            )


def _uses_variables(subject: Subject) -> bool:
    """Whether a text asks for the value of a key: that finding says that a version is missing."""
    for statement in subject.statements:
        values = [*words(statement.resources), *words(statement.not_resources)]
        for condition in statement.conditions:
            values += words(condition.values)
        if any(word.known and _VARIABLE.search(word.text) for word in values):
            return True
    return False


def _sids(subject: Subject) -> Iterator[Fault]:
    seen: dict[str, Word] = {}
    strict = subject.type in {"identity", "trust", "scp", "rcp"}
    for statement in subject.statements:
        for word in words(Relation((statement.sid,)) if statement.sid is not None else NOTHING):
            if not word.known:
                continue
            if not word.text:
                yield from fault(
                    "EMPTY_SID_VALUE", statement, word, "the `Sid` is empty", "name the statement, or remove it"
                )
                continue
            # Other services than IAM allow more characters.
            bad = re.sub(r"[A-Za-z0-9]", "", word.text)
            if strict and bad:
                yield from fault(
                    "UNSUPPORTED_SID",
                    statement,
                    word,
                    f"the `Sid` `{word.shown}` holds {_signs(bad)}",
                    "only letters and digits of ASCII may stand in it",
                    instead="".join(part[:1].upper() + part[1:] for part in re.findall(r"[A-Za-z0-9]+", word.text))
                    or None,
                )
            first = seen.setdefault(word.text, word)
            if first is not word and not first.when and not word.when and not statement.exists:
                known = subject.on
                id_ = "UNIQUE_SIDS_REQUIRED" if strict or (known and known.unique_sids) else "UNIQUE_SIDS_RECOMMENDED"
                yield from fault(
                    id_, statement, word, f"two statements have the `Sid` `{word.shown}`", "give each its own, or none"
                )


def _signs(text: str) -> str:
    """Characters in words."""
    seen = dict.fromkeys("white space" if sign.isspace() else f"`{sign}`" for sign in text)
    return " and ".join(list(seen)[:3])


def _principal(subject: Subject, statement: Statement) -> Iterator[Fault]:
    stated = statement.principals if statement.principals is not None else statement.not_principals
    element = "Principal" if statement.principals is not None else "NotPrincipal"
    if subject.type in _HAS_NO_PRINCIPAL:
        if stated is not None:
            id_ = "SCP_SYNTAX_ERROR_PRINCIPAL" if subject.type == "scp" else "UNSUPPORTED_PRINCIPAL"
            help_ = (
                "remove it, and ask for aws:PrincipalArn in a condition"
                if subject.type == "scp"
                else "remove it: the policy is for whoever it is attached to"
            )
            at = next(iter(stated), None)
            message = f"{_HAS_NO_PRINCIPAL[subject.type]} says `{element}`"
            yield from fault(id_, statement, at, message, help_)
        return
    if subject.type == "rcp":
        return
    if stated is None:
        yield from fault(
            "MISSING_PRINCIPAL",
            statement,
            statement.origin,
            "the statement does not say for whom it is",
            'add "Principal", such as {"AWS": "111122223333"}',
        )
    elif subject.type == "trust" and statement.not_principals is not None:
        at = next(iter(stated), None)
        yield from fault(
            "ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL",
            statement,
            at,
            "a trust policy says `NotPrincipal`",
            "name in `Principal` who may take the role",
        )
    elif statement.not_principals is not None and effect(statement) == "Allow":
        at = next(iter(stated), None)
        yield from fault(
            "ALLOW_WITH_NOT_PRINCIPAL",
            statement,
            at,
            "`NotPrincipal` with `Allow` lets in everybody else, without credentials too",
            "name in `Principal` who is let in, and deny the others in a statement of its own",
        )


def _resource(subject: Subject, statement: Statement) -> Iterator[Fault]:
    stated = statement.resources if statement.resources is not None else statement.not_resources
    if subject.type == "trust":
        if stated is not None:
            at = next(words(stated), None)
            yield from fault(
                "ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE",
                statement,
                at,
                "a trust policy names a resource",
                "remove the element: the policy is about the role that it belongs to",
            )
        return
    if stated is None:
        yield from fault(
            "MISSING_RESOURCE",
            statement,
            statement.origin,
            "the statement is about no resource: it has neither `Resource` nor `NotResource`",
            'add "Resource"',
        )


# -------------------------------------------------------------------------------------- resource control policies


def _rcp(statement: Statement) -> Iterator[Fault]:
    yield from _rcp_principal(statement)
    if statement.not_actions is not None:
        at = next(words(statement.not_actions), None)
        yield from fault(
            "RCP_SYNTAX_ERROR_NOTACTION",
            statement,
            at,
            "a resource control policy says `NotAction`",
            "list the actions in `Action`",
        )
    if effect(statement) == "Allow":
        everything = [word.text for word in words(statement.resources)] == ["*"]
        if not everything or len(statement.conditions) or [w.text for w in words(statement.actions)] != ["*"]:
            yield from fault(
                "RCP_SYNTAX_ERROR_ALLOW",
                statement,
                statement.origin,
                "a resource control policy allows something in particular; only AWS's own RCPFullAWSAccess allows",
                "deny what is not to be done: an RCP gives no permission",
            )
        return
    services = facts.language().rcp_services
    for word in words(statement.actions):
        prefix, colon, _ = word.text.lower().partition(":")
        if word.text == "*" or (colon and word.known and "*" not in prefix and prefix not in services):
            yield from fault(
                "RCP_SYNTAX_ERROR_ACTION",
                statement,
                word,
                f"resource control policies are about some services only, and not about `{word.shown}`",
                "name actions of services that support them, such as `s3:*`",
            )


def _rcp_principal(statement: Statement) -> Iterator[Fault]:
    stated = statement.principals
    named: list[Principal] = list(stated) if stated is not None else []
    fine = bool(named) and all(
        (p.kind in {"*", "AWS"} and not isinstance(p.value, Known)) or _is_star(p) for p in named
    )
    if fine and statement.not_principals is None:
        return
    others = statement.not_principals if statement.not_principals is not None else NOTHING
    at = named[0] if named else next(iter(others), None)
    yield from fault(
        "RCP_SYNTAX_ERROR_PRINCIPAL",
        statement,
        at,
        "a resource control policy is for everybody, and this one names somebody or does not say it",
        'write "Principal": "*", and ask for the principal in a condition',
    )


def _is_star(principal: Principal) -> bool:
    value = principal.value
    return principal.kind in {"*", "AWS"} and isinstance(value, Known) and value.v == "*"
