"""Policy variables: whether they may stand where they do, and are written as such.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.iam.sets.literals import operator
from stockade.iam.validate._subject import Subject, Word, fault, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault, Statement
from stockade.model.value import NOTHING, Relation
from stockade.patterns import regex

_FAMILIES = frozenset({"text", "text-like", "text-any-case", "arn"})
_VARIABLE = regex(r"\$\{([^{}]*)\}")
_ESCAPES = {"*", "?", "$"}
_PSEUDO = "AWS::"


def check(subject: Subject) -> Iterator[Fault]:
    """Every text of every statement."""
    first: tuple[Statement, Word] | None = None
    for statement in subject.statements:
        for word in (*words(statement.actions), *words(statement.not_actions)):
            yield from _nowhere(statement, word, "an action")
        for stated in (statement.principals, statement.not_principals):
            for principal in stated if stated is not None else NOTHING:
                for word in words(Relation((principal.value,))):
                    yield from _nowhere(statement, word, "a principal")
        for word in _fillable(statement):
            if not word.known or "${" not in word.text:
                continue
            yield from _spelling(statement, word)
            if first is None and any(_names(word.text)):
                first = (statement, word)
        if subject.has_variables is not False:
            yield from _operators(statement)
    if first is not None and subject.has_variables is False:
        statement, word = first
        yield from fault(
            "VARIABLE_UNSUPPORTED_IN_VERSION",
            statement,
            word,
            f"`{word.shown}` is taken as it is written: the policy's version knows no variables",
            'write "Version": "2012-10-17"',
        )


def _fillable(statement: Statement) -> Iterator[Word]:
    yield from words(statement.resources)
    yield from words(statement.not_resources)
    for condition in statement.conditions:
        yield from words(condition.values)


def _names(text: str) -> Iterator[str]:
    """The names of the keys that a text asks for."""
    for match in _VARIABLE.finditer(text):
        name = match[1].strip()
        if name and name not in _ESCAPES and not name.startswith(_PSEUDO):
            yield name


def _nowhere(statement: Statement, word: Word, what: str) -> Iterator[Fault]:
    match = _VARIABLE.search(word.text) if word.known else None
    if match is not None:
        help_ = "variables may stand in `Resource` and in the values of conditions only"
        if match[1].startswith(_PSEUDO):
            help_ = "CloudFormation fills it in inside of `Fn::Sub` only"
        yield from fault(
            "VARIABLE_UNSUPPORTED_IN_ELEMENT",
            statement,
            word,
            f"`{match[0]}` in {what} is taken as it is written",
            help_,
        )


def _spelling(statement: Statement, word: Word) -> Iterator[Fault]:
    text = word.text
    if re.search(r"\$\{[^}]*(?:\$\{|\Z)", text):
        yield from fault(
            "MISSING_BRACE_IN_VARIABLE",
            statement,
            word,
            f"a variable in `{word.shown}` is not closed",
            "write `}` behind its name",
        )
        return
    for match in _VARIABLE.finditer(text):
        inside = match[1]
        if inside in _ESCAPES or inside.startswith(_PSEUDO):
            continue
        name, comma, default = inside.partition(",")
        if not inside.strip():
            yield from fault(
                "EMPTY_VARIABLE",
                statement,
                word,
                f"the variable `{match[0]}` in `{word.shown}` has no name",
                "name a key, or remove it",
            )
        elif re.search(r"\s", name):
            yield from fault(
                "UNSUPPORTED_SPACE_IN_VARIABLE",
                statement,
                word,
                f"the variable `{match[0]}` has white space in its name",
                f"write `${{{re.sub(chr(92) + 's', '', name)}{comma}{default}}}`",
            )
        elif comma and not re.fullmatch(r"\s*'[^']*'", default):
            value = default.strip().strip("'")
            yield from fault(
                "MISSING_QUOTE_IN_VARIABLE",
                statement,
                word,
                f"the default in `{match[0]}` is not in single quotes",
                f"write `${{{name}, '{value}'}}`",
            )


def _operators(statement: Statement) -> Iterator[Fault]:
    sensitive = {key.lower() for key in facts.language().sensitive_keys}
    for condition in statement.conditions:
        how = operator(condition.operator)
        if how is None:
            continue
        for word in words(condition.values):
            if not word.known or not any(_names(word.text)):
                continue
            if how.family not in _FAMILIES:
                yield from fault(
                    "INVALID_VARIABLE_FOR_OPERATOR",
                    statement,
                    word,
                    f"`{condition.operator}` takes `{word.shown}` as it is written",
                    "variables work with operators for texts and ARNs only",
                )
            elif (
                how.family == "text-like"
                and condition.key.lower() in sensitive
                and not all(name.lower() in sensitive for name in _names(word.text))
            ):
                yield from fault(
                    "VARIABLE_USAGE_TOO_PERMISSIVE",
                    statement,
                    word,
                    f"what stands for `{word.shown}` may hold a wildcard, which then fits any `{condition.key}`",
                    f"write `{condition.operator.replace('Like', 'Equals')}`, or the value itself",
                )
