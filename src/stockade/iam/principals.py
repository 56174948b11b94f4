"""Who a principal of a policy is: Lambda, another service, this account, or another one."""

from __future__ import annotations

from collections.abc import Iterable

from stockade.iam.resources import ask, doubt_of, written
from stockade.model.policy import Principal, Statement
from stockade.model.value import NO, YES, Default, Doubt, Tri, Value, maybe
from stockade.patterns import regex

_ACCOUNT = regex(r"(?:arn:[^:]*:(?:iam|sts)::)?(\d{12})(?::|$)")
_ARN_ACCOUNT = regex(r"arn:[^:]*:(?:iam|sts)::([^:]*):")
_PLAIN = "\ue001"
_LAMBDA = ("lambda.", "edgelambda.")
# Where EventBridge publishes to a topic, AWS supports no condition on the source: not in the policy of the topic, as the guide
# has it, nor in that of the topic's key. The connectors of SAM write one into the former, which AWS tests with real events
# (integration/combination/test_connectors.py of SAM): it is neither to be asked for nor a fault. All as of 2026-11-28:
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sns-permissions
# https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
EVENTS = "events.amazonaws.com"


def service_named(value: Value[str], service: str) -> Tri:
    """Whether a service principal is this one, with or without a region or another partition's suffix."""
    stem = service.partition(".")[0] + "."
    return ask(value, lambda leaf: NO if isinstance(leaf, Default) else leaf.starts_with(stem))


def is_lambda(value: Value[str]) -> Tri:
    """Whether a service principal is Lambda, at the edge too."""
    return ask(value, lambda leaf: YES if isinstance(leaf, Default) else leaf.starts_with(*_LAMBDA))


def is_foreign(value: Value[str]) -> Tri:
    """Whether an AWS principal belongs to an account that is written as a number, and so is not the one deployed to.

    A number may be the own account's; a person who writes it knows. An account out of a parameter can't be told.
    """
    return ask(value, _is_foreign)


def _is_foreign(leaf: Value[str]) -> Tri:
    if isinstance(leaf, Default):
        return NO
    text = written(leaf)
    if text is None:
        doubt = doubt_of(leaf) or Doubt("the principal is not known")
        return maybe(doubt.why, leaf.origin, remedy=doubt.remedy, cause=doubt.cause)
    if _ACCOUNT.match(text):
        return Tri("yes", (leaf.origin,))
    arn = _ARN_ACCOUNT.match(text)
    if arn is not None and arn[1] not in {_PLAIN, ""}:
        return maybe(f"the account of `{leaf.show()}` is known only when it is given", leaf.origin, cause="parameter")
    return NO


def is_of(value: Value[str], accounts: Iterable[str]) -> Tri:
    """Whether an AWS principal belongs to one of these accounts."""
    own = "|".join(accounts)
    return value.reads(rf"(?:{own})|arn:[^:]*:(?:iam|sts)::(?:{own}):.*") if own else NO


def account_number(value: Value[str]) -> str:
    """The account of a principal, where it is written as a number; else nothing."""
    for _, leaf in value.leaves():
        match = _ACCOUNT.match(written(leaf) or "")
        if match:
            return match[1]
    return ""


def account_of(value: Value[str]) -> str:
    """For messages: the account of a principal, or the principal itself."""
    number = account_number(value)
    return f"the account {number}" if number else f"`{value.show()}`"


def principals(statement: Statement) -> tuple[Principal, ...]:
    """The principals that a statement names; none where it has no `Principal`."""
    return statement.principals.items if statement.principals is not None else ()


def is_own_root(value: Value[str]) -> Tri:
    """Whether it is the root of the account that is deployed to, by reference."""

    def asks(leaf: Value[str]) -> Tri:
        text = written(leaf) or ""
        arn = _ARN_ACCOUNT.match(text)
        return Tri("yes", (leaf.origin,)) if arn is not None and arn[1] == _PLAIN and text.endswith(":root") else NO

    return ask(value, asks)
