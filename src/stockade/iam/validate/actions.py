"""Whether the actions that a policy names exist."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from stockade.iam.validate._subject import MARKS, Subject, Word, effect, fault, is_wild, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Statement
from stockade.near import nearest


def check(subject: Subject) -> Iterator[Fault]:
    """Every action of every statement."""
    for statement in subject.statements:
        for values in (statement.actions, statement.not_actions):
            for word in words(values):
                yield from _action(subject, statement, word)


def _action(subject: Subject, statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    if text in {"*", "*:*"} or "${" in text or any(mark in text for mark in MARKS):
        return
    prefix, colon, verb = text.partition(":")
    if not colon:
        yield from _without_service(statement, word)
        return
    if is_wild(prefix):
        if not _any_service(prefix):
            yield from fault(
                "INVALID_SERVICE_IN_ACTION", statement, word, f"no service's name fits `{prefix}`", "name the service"
            )
        else:
            yield from fault(
                "WILDCARD_IN_SERVICE_NAME",
                statement,
                word,
                f"`{word.shown}` has a wildcard in the name of the service, which takes in services to come",
                "name the services",
            )
        return
    if facts.is_unlisted(text):
        return
    if facts.service(prefix) is None:
        yield from _no_service(statement, word, prefix)
    elif not _exists(text):
        yield from _no_action(statement, word, prefix.lower(), verb)
    elif subject.type in {"resource", "trust"}:
        yield from _elsewhere(subject, statement, word, prefix.lower())


@lru_cache(maxsize=8192)
def _exists(text: str) -> bool:
    return bool(facts.expand(text))


@lru_cache(maxsize=512)
def _any_service(prefix: str) -> bool:
    return any(facts.fits(prefix.lower(), name) for name in facts.services())


def _without_service(statement: Statement, word: Word) -> Iterator[Fault]:
    named = [p for p in facts.services() if (found := facts.service(p)) is not None and found.action(word.text)]
    if len(named) == 1:
        action = facts.action(f"{named[0]}:{word.text}")
        meant = action.name if action is not None else ""
        yield from fault(
            "INVALID_ACTION",
            statement,
            word,
            f"`{word.shown}` does not say of which service",
            f"write `{meant}`",
            instead=meant,
        )
        return
    example = f"`{named[0]}:{word.text}`" if named else "`s3:GetObject`"
    yield from fault(
        "INVALID_ACTION",
        statement,
        word,
        f"`{word.shown}` is no action: it does not say of which service",
        f"write the service, a colon and the action, such as {example}",
    )


def _no_service(statement: Statement, word: Word, prefix: str) -> Iterator[Fault]:
    alias = facts.language().service_aliases.get(prefix.lower())
    meant = alias or nearest(prefix, facts.services())
    rest = word.text[len(prefix) :]
    help_ = "look its prefix up in the Service Authorization Reference"
    if meant:
        help_ = f"the prefix of that service is `{meant}`" if alias else f"did you mean `{meant}`?"
    instead = f"{meant}{rest}" if meant and facts.expand(f"{meant}{rest}") else None
    yield from fault(
        "INVALID_SERVICE_IN_ACTION", statement, word, f"there is no service `{prefix}`", help_, instead=instead
    )


def _no_action(statement: Statement, word: Word, prefix: str, verb: str) -> Iterator[Fault]:
    operations = {name.lower(): action for name, action in facts.language().operations.items()}
    allows = operations.get(word.text.lower())
    if allows is not None:
        there = _is_there(statement, word, allows)
        named = f"`{allows}`" if ":" in allows else allows
        does = {"Allow": "what allows it is", "Deny": "what denies it is"}.get(effect(statement), "its action is")
        yield from fault(
            "INVALID_ACTION",
            statement,
            word,
            f"`{word.shown}` is an operation of the API, and no action of a policy",
            f"leave it out: {named} is there already" if there else f"{does} {named}",
            instead=allows if facts.action(allows) is not None and not there else None,
            harmless=there,
        )
        return
    if is_wild(verb):
        message = f"no action of `{prefix}` fits `{word.shown}`"
        stem = verb.rstrip("*?")
        meant = nearest(stem, {a.verb for a in facts.actions(prefix)}) if stem else ""
        yield from fault(
            "INVALID_ACTION", statement, word, message, f"there is `{prefix}:{meant}`" if meant else "remove it"
        )
        return
    meant = nearest(verb.strip(), [action.verb for action in facts.actions(prefix)])
    whole = f"{prefix}:{meant}"
    message = f"`{prefix}` has no action `{verb}`"
    if verb != verb.strip():
        message = f"`{word.shown}` has white space in it"
    help_ = (
        f"did you mean `{whole}`?"
        if meant
        else f"remove it: nothing is allowed or denied by a name that `{prefix}` does not know"
    )
    yield from fault("INVALID_ACTION", statement, word, message, help_, instead=whole if meant else None)


def _is_there(statement: Statement, word: Word, action: str) -> bool:
    """Whether an action stands in a statement wherever a word of its own does."""
    own = statement.actions if statement.actions is not None else statement.not_actions
    return any(
        all(any(p.same(q) for q in word.when) for p in other.when) and facts.fits(other.text.lower(), action.lower())
        for other in words(own)
        if other.text != word.text
    )


def _elsewhere(subject: Subject, statement: Statement, word: Word, prefix: str) -> Iterator[Fault]:
    known = subject.on
    if subject.type == "trust":
        allowed: tuple[str, ...] = ("sts",)
        what = "a role's trust policy"
    elif known is not None:
        allowed = known.services
        what = f"a policy on {subject.resource_type}"
    else:
        return
    if prefix not in allowed:
        yield from fault(
            "UNSUPPORTED_ACTION_IN_POLICY",
            statement,
            word,
            f"`{word.shown}` is no action that {what} is about",
            f"only actions of `{allowed[0]}` have an effect there",
        )
