"""Operators and keys of conditions: whether there are such, and whether they go together."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.sets.literals import Operator, operator
from stockade.iam.validate._subject import Subject, effect, fault, is_wild, listed, of_key, words
from stockade.knowledge import iam as facts
from stockade.knowledge.iam import KnownKey
from stockade.model.policy import Condition, Fault, Statement
from stockade.near import nearest

_WORDS = (
    *(
        "StringEquals",
        "StringNotEquals",
        "StringEqualsIgnoreCase",
        "StringNotEqualsIgnoreCase",
        "StringLike",
        "StringNotLike",
    ),
    *("NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals", "NumericGreaterThan"),
    *(
        "NumericGreaterThanEquals",
        "DateEquals",
        "DateNotEquals",
        "DateLessThan",
        "DateLessThanEquals",
        "DateGreaterThan",
    ),
    *(
        "DateGreaterThanEquals",
        "Bool",
        "BinaryEquals",
        "IpAddress",
        "NotIpAddress",
        "ArnEquals",
        "ArnLike",
        "ArnNotEquals",
    ),
    *("ArnNotLike", "Null"),
)
_BY_TYPE = {
    "String": ("text", "text-like", "text-any-case"),
    "ARN": ("arn", "text", "text-like", "text-any-case"),
    "Bool": ("bool",),
    "Numeric": ("number",),
    "Date": ("date",),
    "DateOrNumeric": ("date", "number"),
    "IPAddress": ("address",),
    "Binary": ("binary",),
}
_NAMED = {
    "String": "String…",
    "ARN": "Arn…",
    "Bool": "Bool",
    "Numeric": "Numeric…",
    "Date": "Date…",
    "DateOrNumeric": "Date… or Numeric…",
    "IPAddress": "IpAddress or NotIpAddress",
    "Binary": "BinaryEquals",
}
_READS = ("dynamodb:getitem", "dynamodb:batchgetitem", "dynamodb:query", "dynamodb:scan")


def check(subject: Subject) -> Iterator[Fault]:
    """Every condition of every statement."""
    for statement in subject.statements:
        for condition in statement.conditions:
            how = operator(condition.operator)
            if how is None:
                yield from _no_operator(statement, condition)
                continue
            if "${" in condition.key:
                continue  # a part of the key is not known
            yield from _key(subject, statement, condition, how)
        yield from _together(subject, statement)


def _no_operator(statement: Statement, condition: Condition) -> Iterator[Fault]:
    name = condition.operator
    at = of_key(condition.operator_origin if condition.operator_origin is not None else condition.origin)
    prefix, colon, word = name.rpartition(":")
    if word.lower() == "nullifexists":
        yield from fault(
            "NULL_WITH_IF_EXISTS",
            statement,
            at,
            f"`{name}` can't be: `Null` itself asks whether the key is there",
            f"write `{prefix}{colon}Null`",
        )
        return
    bare = word[: -len("IfExists")] if word.lower().endswith("ifexists") else word
    meant = nearest(bare, _WORDS)
    quantifiers = ("ForAllValues", "ForAnyValue")
    if colon and prefix.lower() not in {q.lower() for q in quantifiers}:
        close = nearest(prefix, quantifiers, cutoff=0.5)
        help_ = (
            f"did you mean `{close}:{meant or word}`?"
            if close
            else "before the colon stands `ForAllValues` or `ForAnyValue`"
        )
    else:
        rest = word[len(bare) :]
        help_ = f"did you mean `{prefix}{colon}{meant}{rest}`?" if meant else f"there are {listed(_WORDS, 4)}"
    yield from fault("INVALID_CONDITION_OPERATOR", statement, at, f"there is no condition operator `{name}`", help_)


def _key(subject: Subject, statement: Statement, condition: Condition, how: Operator) -> Iterator[Fault]:
    key = condition.key
    prefix, colon, rest = key.partition(":")
    lower = key.lower()
    if not colon or not rest or not prefix:
        yield from _odd_key(statement, condition)
        return
    known = facts.condition_key(key)
    if known is None:
        yield from _unknown_key(statement, condition, prefix.lower(), lower)
        return
    yield from _qualifier(statement, condition, how, known)
    yield from _type(statement, condition, how, known)
    yield from _particular(subject, statement, condition, how, lower)


def _odd_key(statement: Statement, condition: Condition) -> Iterator[Fault]:
    key = condition.key.strip(":")
    meant = next((name for name in facts.language().global_keys if name.partition(":")[2].lower() == key.lower()), "")
    help_ = (
        f"write `{meant}`" if meant else "write the service (or `aws`), a colon and the name, such as `aws:SourceIp`"
    )
    yield from fault(
        "INVALID_CONDITION_KEY_FORMAT", statement, condition, f"`{condition.key}` is no condition key", help_
    )


def _unknown_key(statement: Statement, condition: Condition, prefix: str, lower: str) -> Iterator[Fault]:
    language = facts.language()
    key = condition.key
    if facts.is_unlisted_key(key):
        return
    stems = {name.lower(): name for name in facts.near_keys(key)}
    tag = next(
        (n for low, n in stems.items() if low.partition("${")[0].rstrip("/") == lower.rstrip("/") and "/" in low), ""
    )
    if tag and lower.rstrip("/") + "/" in {low.partition("${")[0].partition("<")[0] for low in stems}:
        yield from fault(
            "MISSING_TAG_KEY_IN_CONDITION",
            statement,
            condition,
            f"`{key}` does not say which tag is asked for",
            f"write `{key.rstrip('/')}/` and the tag's key",
        )
        return
    if prefix == "aws":
        yield from _unknown_global(statement, condition, lower)
        return
    if facts.service(prefix) is not None:
        if prefix in language.key_prefixes_elsewhere:
            return
        meant = nearest(key, (name.partition("${")[0].rstrip("/") for name in stems.values()), cutoff=0.8)
        yield from fault(
            "INVALID_SERVICE_CONDITION_KEY",
            statement,
            condition,
            f"`{prefix}` has no condition key `{key}`",
            f"did you mean `{meant}`?" if meant else "look its keys up in the Service Authorization Reference",
        )
        return
    # An identity provider's keys begin with its host.
    if prefix in language.key_prefixes_elsewhere or "." in prefix or "/" in prefix or facts.is_unlisted(f"{prefix}:x"):
        return
    alias = language.service_aliases.get(prefix) or nearest(prefix, ("aws", *facts.services()))
    yield from fault(
        "INVALID_SERVICE",
        statement,
        condition,
        f"there is no service `{prefix}`, whose key `{key}` would be",
        f"did you mean `{alias}:{key.partition(':')[2]}`?" if alias else "keys of all services begin with `aws:`",
    )


def _unknown_global(statement: Statement, condition: Condition, lower: str) -> Iterator[Fault]:
    language = facts.language()
    for name, better in language.unsupported_keys.items():
        if name.lower() == lower:
            yield from fault(
                "UNSUPPORTED_GLOBAL_CONDITION_KEY",
                statement,
                condition,
                f"no request has `{condition.key}`",
                f"ask for {better}",
            )
            return
    for name, better in language.deprecated_keys.items():
        if name.lower() == lower:
            yield from fault(
                "DEPRECATED_GLOBAL_CONDITION_KEY",
                statement,
                condition,
                f"`{condition.key}` is an old key, which few services still set",
                f"ask for {better}",
            )
            return
    meant = nearest(condition.key, language.global_keys, cutoff=0.8)
    yield from fault(
        "INVALID_GLOBAL_CONDITION_KEY",
        statement,
        condition,
        f"there is no global condition key `{condition.key}`",
        f"did you mean `{meant}`?" if meant else "keys of one service begin with its prefix",
    )


def _qualifier(statement: Statement, condition: Condition, how: Operator, known: KnownKey) -> Iterator[Fault]:
    word = condition.operator.rpartition(":")[2]
    if how.family == "null":
        if how.quantifier:
            yield from fault(
                "NULL_WITH_QUALIFIER",
                statement,
                condition,
                f"`{condition.operator}` {'always' if how.quantifier == 'all' else 'never'} holds",
                "write `Null`, which asks whether the key is there",
            )
        return
    if known.many and not how.quantifier and known.name not in facts.language().keys_without_qualifier:
        yield from fault(
            "MISSING_QUALIFIER",
            statement,
            condition,
            f"`{known.name}` can have several values, and `{condition.operator}` does not say how many have to match",
            f"write `ForAnyValue:{word}` for one at least, or `ForAllValues:{word}` for every one",
        )
    elif how.quantifier == "all" and not known.many and effect(statement) == "Allow" and known.type:
        if condition.key.lower().endswith(":aud") or _must_be_there(statement, condition):
            return
        yield from fault(
            "FORALLVALUES_WITH_SINGLE_VALUED_KEY",
            statement,
            condition,
            f"`{condition.operator}` also holds for every request without `{known.name}`, which has one value",
            f"write `{word}`",
        )


def _must_be_there(statement: Statement, condition: Condition) -> bool:
    """Whether another condition asks that the key is there."""
    for other in statement.conditions:
        if other.operator.lower() == "null" and other.key.lower() == condition.key.lower():
            return all(word.text.lower() == "false" for word in words(other.values))
    return False


def _type(statement: Statement, condition: Condition, how: Operator, known: KnownKey) -> Iterator[Fault]:
    if how.family == "null" or not known.type:
        return
    allowed = _BY_TYPE.get(known.type, ())
    if known.named and how.family == "arn":
        return  # a tag's value, or what else a user names, may be an ARN
    if how.family not in allowed:
        own = list(words(condition.values))
        if how.family in _BY_TYPE["String"] and own and all("${" in word.text for word in own):
            return  # only such an operator takes variables
        yield from fault(
            "TYPE_MISMATCH",
            statement,
            condition,
            f"`{condition.operator}` does not fit `{known.name}`, whose values are {_kind(known)}",
            f"use {_NAMED[known.type]}",
        )
    elif known.type == "ARN" and how.family == "text-like":
        arn = condition.operator.replace("StringNotLike", "ArnNotLike").replace("StringLike", "ArnLike")
        yield from fault(
            "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS",
            statement,
            condition,
            f"`{condition.operator}` lets a wildcard in an ARN reach beyond its field, into another account say",
            f"write `{arn}`",
        )


def _kind(known: KnownKey) -> str:
    return {
        "String": "texts",
        "ARN": "ARNs",
        "Bool": "true or false",
        "Numeric": "numbers",
        "Date": "moments",
        "DateOrNumeric": "moments",
        "IPAddress": "IP addresses",
        "Binary": "binary data",
    }[known.type]


def _particular(
    subject: Subject, statement: Statement, condition: Condition, how: Operator, lower: str
) -> Iterator[Fault]:
    language = facts.language()
    if lower in {key.lower() for key in language.own_resource_keys.get(subject.resource_type, ())}:
        yield from fault(
            "IRRELEVANT_CONDITION_KEY_IN_POLICY",
            statement,
            condition,
            f"`{condition.key}` is the account of the resource that the policy is on, and so the same for every request",
            "ask for it in an identity policy, or remove it",
        )
    if (
        lower in {key.lower() for key in language.spoofable_keys}
        and how.family != "null"
        and not _asks_service(statement)
    ):
        yield from fault(
            "UNTRUSTWORTHY_CONDITION_KEY",
            statement,
            condition,
            f"whoever asks writes `{condition.key}` as they like",
            "do not decide by it who may do something",
        )
    wanted = {key.lower(): paired for key, paired in language.paired_keys.items()}.get(lower)
    if wanted is not None and how.family != "null":
        keys = {other.key.lower() for other in statement.conditions}
        positive = (how.sign != "!") is (effect(statement) == "Allow")
        literal = not any("${" in word.text for word in words(condition.values))
        if effect(statement) and positive and literal and not keys & {key.lower() for key in wanted}:
            yield from fault(
                "MISSING_PAIRED_CONDITION_KEYS",
                statement,
                condition,
                f"`{condition.key}` alone says little: other networks have the same addresses",
                f"also ask for {' or '.join(wanted)}",
            )
    if lower == "s3:prefix" and how.family in {"text", "text-like", "text-any-case"}:
        yield from _prefix(statement, condition, how)
    if lower in {key.lower() for key in language.vpce_keys} and how.family != "null":
        yield from _vpce(statement, condition)


def _asks_service(statement: Statement) -> bool:
    return statement.principals is not None and any(p.kind == "Service" for p in statement.principals)


def _prefix(statement: Statement, condition: Condition, how: Operator) -> Iterator[Fault]:
    negative = how.sign == "!"
    own = effect(statement)
    if (own == "Deny" and not negative) or (own == "Allow" and negative):
        yield from fault(
            "S3_PREFIX_IN_NEGATIVE_CONTEXT",
            statement,
            condition,
            "a list with a shorter prefix, or none, still shows what lies below this one",
            "allow the prefixes that may be listed with StringLike, or deny all others with StringNotLike",
        )


def _vpce(statement: Statement, condition: Condition) -> Iterator[Fault]:
    services = facts.language().vpce_services
    beyond = [w.shown for w in words(statement.actions) if w.text == "*" or _service_of(w.text) not in services]
    if statement.not_actions is not None:
        beyond = ["everything but some actions"]
    if beyond:
        yield from fault(
            "USE_CONDITION_KEY_ONLY_WITH_SUPPORTED_SERVICES",
            statement,
            condition,
            f"`{condition.key}` is only known to some services, and the statement is about {listed(beyond)}",
            "make it about actions of services that know the key",
        )


def _service_of(action: str) -> str:
    return action.partition(":")[0].lower()


def _together(subject: Subject, statement: Statement) -> Iterator[Fault]:
    keys = {condition.key.lower(): condition for condition in statement.conditions}
    attributes = keys.get("dynamodb:attributes")
    if attributes is not None and "dynamodb:select" not in keys and effect(statement) == "Allow":
        reads = any(facts.fits(word.text.lower(), read) for word in words(statement.actions) for read in _READS)
        if reads and statement.conditions.complete:
            yield from fault(
                "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT",
                statement,
                attributes,
                "a read that names no attributes still returns all of them",
                'add "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}',
            )
    yield from _session(subject, statement, keys)


_SETS = {
    "sts:sourceidentity": "sts:SetSourceIdentity",
    "sts:transitivetagkeys": "sts:TagSession",
    "aws:requesttag/": "sts:TagSession",
    "aws:tagkeys": "sts:TagSession",
}


def _allows(statement: Statement, action: str) -> bool:
    """Whether a statement may allow an action."""
    if effect(statement) != "Allow":
        return False
    known = list(words(statement.actions))
    whole = statement.actions is not None and statement.actions.complete and len(known) == len(statement.actions.items)
    return not whole or any(facts.fits(word.text.lower(), action) for word in known)


def _session(subject: Subject, statement: Statement, keys: dict[str, Condition]) -> Iterator[Fault]:
    """Keys that only another action sets, in statements about taking roles."""
    actions = [word.text.lower() for word in words(statement.actions)]
    if not actions or not any(text.startswith("sts:assumerole") for text in actions) or effect(statement) != "Allow":
        return
    if (
        statement.actions is None
        or not statement.actions.complete
        or not all(text.startswith("sts:") for text in actions)
    ):
        return
    for key, condition in keys.items():
        start = next((known for known in _SETS if key == known or (known.endswith("/") and key.startswith(known))), "")
        action = _SETS.get(start)
        if action is None or any(facts.fits(text, action.lower()) for text in actions) or is_wild("".join(actions)):
            continue
        if any(_allows(other, action.lower()) for other in subject.statements):
            continue
        how = operator(condition.operator)
        if how is not None and how.family == "null":
            continue
        yield from fault(
            "MISSING_ACTION_FOR_CONDITION_KEY",
            statement,
            condition,
            f"`{condition.key}` is set with `{action}`, which the statement does not allow",
            f"add `{action}` to `Action`",
        )
        return
