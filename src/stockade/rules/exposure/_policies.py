"""What the rules about policies of resources share: which statements are for everybody, and what they allow in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stockade.iam.opened import Open, for_everybody
from stockade.iam.statements import takes_in
from stockade.model.app import App, Policy, Resource
from stockade.model.intent import Fix
from stockade.model.policy import Statement
from stockade.model.value import NO, YES, Doubt, Tri
from stockade.rules._base import Outcome, Severity, found
from stockade.rules._words import join

# What somebody may do, by the actions that allow it: "send messages to" a queue.
Ways = tuple[tuple[tuple[str, ...], str], ...]


def policies_of(
    app: App, kinds: tuple[type[Resource], ...], types: tuple[str, ...]
) -> Iterator[tuple[Policy, tuple[Resource, ...]]]:
    """The policies that are put on resources of some kinds, with those; and those of a type, of resources elsewhere."""
    for policy in app.of(Policy):
        if policy.form != "resource":
            continue
        guarded = tuple(each for each in policy.guards if isinstance(each, kinds))
        if guarded or (not policy.guards and policy.type in types):
            yield policy, guarded


def powers(statement: Statement, ways: Ways) -> str:
    """What a statement is about, in words: "send messages to and read"; nothing where it is about none of the ways."""
    return join(words for actions, words in ways if not takes_in(statement, *actions).is_no)


def may_do(statement: Statement, *actions: str) -> bool:
    """Whether a statement is, or may be, about one of these actions."""
    return not takes_in(statement, *actions).is_no


def public(  # noqa: PLR0913 - what differs between kinds of resources
    app: App,
    *,
    kinds: tuple[type[Resource], ...],
    types: tuple[str, ...],
    noun: Callable[[Resource], str],
    ways: Ways,
    severity: Callable[[Open], Severity],
    help_: str,
    unless: Callable[[Open], Tri] = lambda _: NO,
) -> Iterator[Outcome]:
    """One outcome for each statement that is for everybody, and a pass for what has none.

    `noun` is what a resource is called: "the queue"; `unless`: what keeps everybody out all the same.
    """
    told: set[int] = set()
    for policy, guarded in policies_of(app, kinds, types):
        for one in for_everybody(app, policy):
            if one.guarded is not None and not isinstance(one.guarded, kinds):
                continue
            told.add(id(one.subject))
            called = f"{noun(one.subject)} `{one.subject}`" if one.guarded is not None else f"what `{policy}` is put on"
            yield from found(
                one.answer & ~unless(one),
                subject=one.subject,
                at=one.at,
                severity=severity(one),
                message=f"anybody may {powers(one.statement, ways) or 'use'} {called}",
                help=help_,
                fix=Fix.advice("name in the policy who may, or limit it by a condition"),
                evidence=one.statement.sid.show() if one.statement.sid is not None else "everybody",
                passes="conditions or other settings keep everybody out",
            )
        if not policy.statements.complete:
            for resource in guarded or (policy,):
                told.add(id(resource))
                yield from _unread(policy, resource, noun)
    for kind in kinds:
        for resource in app.of(kind):
            if id(resource) not in told:
                yield from found(NO, subject=resource, message="")


def _unread(policy: Policy, resource: Resource, noun: Callable[[Resource], str]) -> Iterator[Outcome]:
    doubts = policy.statements.gaps or (Doubt("its policy is not wholly known", cause="policy"),)
    yield from found(
        Tri("maybe", (policy.origin,), doubts) & YES,
        subject=resource,
        at=policy,
        message=f"anybody may use {noun(resource)} `{resource}`",
        evidence="unseen",
    )
