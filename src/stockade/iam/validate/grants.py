"""Statements that pass any role, or create any service-linked role, and are not taken back by the policy itself.

A statement is only told if something is left of it once the policy's own denials are taken away, of roles that the policy
does not name. That is decided exactly (`stockade.iam.sets`).
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.sets.access import Access
from stockade.iam.sets.clauses import Clause
from stockade.iam.sets.questions import Refuted, Setting, nothing
from stockade.iam.validate._subject import MARKS, Subject, Word, effect, fault, is_wild, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Statement
from stockade.model.value import Known
from stockade.patterns import regex

_STEPS = 60_000
_FRESH = "stockade-a-role-that-nobody-named"
_PASS = ("iam:passrole", "PASS_ROLE", "iam:passedtoservice", f"role/{_FRESH}")
_CREATE = (
    "iam:createservicelinkedrole",
    "CREATE_SLR",
    "iam:awsservicename",
    f"role/aws-service-role/{_FRESH}.amazonaws.com/AWSServiceRoleFor",
)
_ANY_ROLE = regex(r"arn:[^:]*:iam:[^:]*:[^:]*:(?:[*?]+|role[*?/]*|role/(?:service-role/|aws-service-role/)?[*?]+)")
_Grant = tuple[str, str, str, str]


def check(subject: Subject) -> Iterator[Fault]:
    """Every statement that allows."""
    if subject.type != "identity":
        return
    for statement in subject.statements:
        if effect(statement) == "Allow":
            for grant in (_PASS, _CREATE):
                yield from _granted(subject, statement, grant)


def _granted(subject: Subject, statement: Statement, grant: _Grant) -> Iterator[Fault]:
    action, prefix, key, _ = grant
    how = _by(statement, action)
    if how is None:
        return
    by, at = how
    wide = _wide(statement)
    if wide is None or any(condition.key.lower() == key for condition in statement.conditions):
        return
    if not statement.conditions.complete or not _survives(subject, statement, grant):
        return
    # AWS's names of these checks put together what is wide: the action, the resource, or what is left out.
    if wide == "not":
        end = {"name": "NOT_RESOURCE", "star": "STAR_IN_ACTION_AND_NOT_RESOURCE", "not": "NOT_ACTION_AND_NOT_RESOURCE"}[
            by
        ]
    else:
        end = {
            "name": "STAR_IN_RESOURCE",
            "star": "STAR_IN_ACTION_AND_RESOURCE",
            "not": "STAR_IN_RESOURCE_AND_NOT_ACTION",
        }[by]
    where = at
    if prefix == "PASS_ROLE":
        message = f"any role can be passed to any service{_through(by, at, 'iam:PassRole')}"
        help_ = "name the roles in `Resource`, and the service in a condition on iam:PassedToService"
    else:
        message = f"a service-linked role of any service can be made{_through(by, at, 'iam:CreateServiceLinkedRole')}"
        help_ = "name the role in `Resource`, or the service in a condition on iam:AWSServiceName"
    yield from fault(f"{prefix}_WITH_{end}", statement, where, message, help_)


def _through(by: str, at: Word | None, action: str) -> str:
    if by == "star" and at is not None:
        return f": `{at.shown}` takes in {action}"
    return f": {action} is not left out" if by == "not" else ""


def _by(statement: Statement, action: str) -> tuple[str, Word | None] | None:
    """How a statement takes an action in: by its name, by a wildcard, or by not leaving it out."""
    if statement.not_actions is not None:
        if not statement.not_actions.complete:
            return None
        for word in words(statement.not_actions):
            if any(mark in word.text for mark in MARKS) or facts.fits(word.text.lower(), action):
                return None
        return "not", next(words(statement.not_actions), None)
    found: tuple[str, Word | None] | None = None
    for word in words(statement.actions):
        text = word.text.lower()
        if text == action:
            return "name", word
        if is_wild(text) and facts.fits(text, action):
            found = "star", word
    return found


def _wide(statement: Statement) -> str | None:
    """Whether the resources are all roles ("star"), all but some ("not"), or some (None)."""
    if statement.not_resources is not None:
        return "not"
    for word in words(statement.resources):
        if (
            not word.text.strip("*")
            or _ANY_ROLE.fullmatch(word.text)
            or word.text in {"arn:*", "arn:aws:*", "arn:aws:iam:*"}
        ):
            return "star"
    return None


def _survives(subject: Subject, statement: Statement, grant: _Grant) -> bool:
    """Whether something is left of it; NO also where that can't be told."""
    action, _, _, fresh = grant
    denials = [other for other in subject.statements if effect(other) != "Allow"]
    relevant = [other for other in denials if _may_concern(other, action)]
    if not relevant:
        return True
    own = subject.plain(statement)
    named = [value for other in relevant for value in (other.actions if other.actions is not None else ())]
    if own is None or not all(isinstance(value, Known) for value in named):
        return False  # a denial of an action that is not known may be of this one
    about = {"Action", "NotAction", "Resource", "NotResource"}
    narrowed = {key: value for key, value in own.items() if key not in about}
    narrowed |= {"Action": action, "Resource": f"arn:aws:iam::000000000000:{fresh}"}
    left = Access(identity=(Clause(narrowed, narrowed, "statement"), *subject.clauses(*relevant)))
    setting = Setting(steps=_STEPS)
    return isinstance(nothing(left, subject.names.setting(setting) if subject.names is not None else setting), Refuted)


def _may_concern(statement: Statement, action: str) -> bool:
    if statement.not_actions is not None:
        return not any(facts.fits(word.text.lower(), action) for word in words(statement.not_actions))
    if statement.actions is None or not statement.actions.complete:
        return True
    found = list(words(statement.actions))
    known = len(found) == len(statement.actions.items)
    return not known or any(
        any(mark in word.text for mark in MARKS) or facts.fits(word.text.lower(), action) for word in found
    )
