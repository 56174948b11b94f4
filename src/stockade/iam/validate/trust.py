"""What is particular to trust policies: which action goes with which principal, and what identity providers are asked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stockade.iam.sets.literals import operator
from stockade.iam.validate._subject import Subject, Word, effect, fault, listed, words
from stockade.knowledge import iam as facts
from stockade.model.policy import Condition, Fault, Statement
from stockade.model.value import Relation
from stockade.patterns import regex

_OIDC = regex(r"arn:[^:]*:iam::[^:]*:oidc-provider/(.+)")
_SAML = regex(r"arn:[^:]*:iam::[^:]*:saml-provider/.+")
_GITHUB = "token.actions.githubusercontent.com"
_WITH_SAML = "sts:assumerolewithsaml"
_WITH_WEB = "sts:assumerolewithwebidentity"
_ROLES_ANYWHERE = ("sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession")


def check(subject: Subject) -> Iterator[Fault]:
    """Every statement of a trust policy."""
    if subject.type != "trust":
        return
    for statement in subject.statements:
        if statement.principals is None or effect(statement) != "Allow":
            continue
        by_kind: dict[str, list[Word]] = {}
        for principal in statement.principals:
            by_kind.setdefault(principal.kind, []).extend(words(Relation((principal.value,))))
        actions = {word.text.lower(): word for word in words(statement.actions)}
        yield from _mismatched(statement, by_kind, actions)
        yield from _roles_anywhere(statement, by_kind, actions)
        yield from _providers(statement, by_kind)
        yield from _sessions(statement, by_kind)
        yield from _audience(statement)


def _is_saml(word: Word) -> bool:
    return _SAML.match(word.text) is not None


def _host(word: Word) -> str:
    """Where the keys of an OIDC provider begin; empty for what is none, or not known."""
    match = _OIDC.match(word.text)
    if match is not None:
        return match[1] if word.known else ""
    return word.text if word.known and word.text in facts.language().identity_providers else ""


def _mismatched(statement: Statement, by_kind: dict[str, list[Word]], actions: dict[str, Word]) -> Iterator[Fault]:
    federated = by_kind.get("Federated", [])
    known = [word for word in federated if word.known or _is_saml(word) or _OIDC.match(word.text)]
    if len(known) != len(federated):
        return
    saml = [word for word in federated if _is_saml(word)]
    web = [word for word in federated if not _is_saml(word)]
    others = [word for kind, own in by_kind.items() if kind != "Federated" for word in own]
    for action, word in actions.items():
        # Of several principals and actions, each has to go with some.
        if action == _WITH_SAML and not saml:
            help_ = "that is for SAML providers; use sts:AssumeRoleWithWebIdentity" if web else "use sts:AssumeRole"
            yield from _mismatch(statement, word, web or others, help_)
        elif action == _WITH_WEB and not web:
            help_ = "that is for OIDC providers; use sts:AssumeRoleWithSAML" if saml else "use sts:AssumeRole"
            yield from _mismatch(statement, word, saml or others, help_)
        elif action == "sts:assumerole" and federated and not others:
            better = "sts:AssumeRoleWithSAML" if saml else "sts:AssumeRoleWithWebIdentity"
            if better.lower() not in actions:
                yield from _mismatch(statement, word, federated, f"identity providers use {better}")


def _mismatch(statement: Statement, word: Word, who: list[Word], help_: str) -> Iterator[Fault]:
    if who:
        yield from fault(
            "MISMATCHED_ACTION_FOR_PRINCIPAL",
            statement,
            word,
            f"`{word.shown}` can't be done by {listed(w.shown for w in who)}",
            help_,
        )


def _roles_anywhere(statement: Statement, by_kind: dict[str, list[Word]], actions: dict[str, Word]) -> Iterator[Fault]:
    for word in by_kind.get("Service", []):
        if word.text != "rolesanywhere.amazonaws.com" or statement.actions is None or not statement.actions.complete:
            continue
        missing = [
            name for name in _ROLES_ANYWHERE if not any(facts.fits(pattern, name.lower()) for pattern in actions)
        ]
        if missing:
            yield from fault(
                "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY",
                statement,
                word,
                f"IAM Roles Anywhere needs {listed(missing)} as well, and gets no session without",
                f"add {listed(missing)} to `Action`",
            )


def _providers(statement: Statement, by_kind: dict[str, list[Word]]) -> Iterator[Fault]:
    if not statement.conditions.complete:
        return
    conditions = {condition.key.lower(): condition for condition in statement.conditions}
    for word in by_kind.get("Federated", []):
        host = _host(word).lower()
        if not host:
            continue
        if host.startswith(_GITHUB):
            yield from _github(statement, word, host, conditions)
        elif not any(key.startswith(f"{host}:") for key in conditions):
            yield from fault(
                "MISSING_CONDITION_KEY_FOR_OIDC_PRINCIPAL",
                statement,
                word,
                f"anybody with a token of `{host}` may take the role, whomever it was made for",
                f"ask in a condition for {host}:aud, and {host}:sub where there is one",
            )


def _github(statement: Statement, word: Word, host: str, conditions: dict[str, Condition]) -> Iterator[Fault]:
    subject = conditions.get(f"{host}:sub")
    narrowing = {
        f"{host}:{claim}" for claim in ("repository", "repository_id", "job_workflow_ref", "repository_owner_id")
    }
    if subject is None:
        if not narrowing & conditions.keys():
            yield from fault(
                "MISSING_GITHUB_REPO_CONDITION_KEY",
                statement,
                word,
                "a workflow of any repository on GitHub may take the role",
                f'ask for the repository and branch: "{host}:sub": "repo:owner/name:ref:refs/heads/main"',
            )
        return
    for value in words(subject.values):
        if not value.known or not value.text.startswith("repo:"):
            if value.known and set(value.text) & {"*", "?"} and not narrowing & conditions.keys():
                yield from _wide(statement, value, "workflows of repositories that you do not own")
            continue
        _, repository, rest = [*value.text.split(":", 2), "", ""][:3]
        owner, _, name = repository.partition("/")
        if set(owner) & {"*", "?"}:
            yield from _wide(statement, value, "workflows of other people's repositories")
        elif set(name) & {"*", "?"}:
            yield from _wide(statement, value, f"workflows of every such repository of `{owner}`")
        elif rest in {"*", "", "ref:*", "ref:refs/*"} and f"{host}:ref" not in conditions:
            yield from _wide(statement, value, f"workflows of every branch and pull request of `{repository}`")


def _wide(statement: Statement, word: Word, who: str) -> Iterator[Fault]:
    yield from fault(
        "SPECIFIC_GITHUB_REPO_AND_BRANCH_RECOMMENDED",
        statement,
        word,
        f"`{word.shown}` lets {who} take the role",
        "write the repository and the branch: repo:owner/name:ref:refs/heads/main",
    )


def _sessions(statement: Statement, by_kind: dict[str, list[Word]]) -> Iterator[Fault]:
    roles: dict[tuple[str, str], str] = {}
    for word in by_kind.get("AWS", []):
        match = re.fullmatch(r"arn:[^:]*:iam::([0-9]{12}):role/(?:.*/)?([^/]+)", word.text)
        if match is not None and word.known:
            roles[match[1], match[2]] = word.text
    for word in by_kind.get("AWS", []):
        match = re.fullmatch(r"arn:[^:]*:(?:iam|sts)::([0-9]{12}):assumed-role/([^/]+)/.+", word.text)
        parent = roles.get((match[1], match[2])) if match is not None and word.known else None
        if parent is not None:
            yield from fault(
                "REDUNDANT_PRINCIPAL_IN_ROLE_TRUST_POLICY",
                statement,
                word,
                f"the session `{word.shown}` is let in by its role `{parent}` already",
                "remove the session, or the role if only the session is meant",
            )


def _audience(statement: Statement) -> Iterator[Fault]:
    for condition in statement.conditions:
        how = operator(condition.operator)
        if how is None or not condition.key.lower().endswith(":aud") or not how.quantifier:
            continue
        if how.quantifier == "all":
            yield from fault(
                "CONFIRM_AUDIENCE_CLAIM_TYPE",
                statement,
                condition,
                f"`{condition.key}` has one value, and `ForAllValues` also holds for tokens without any",
                f"write `{condition.operator.partition(':')[2]}`",
            )
        else:
            yield from fault(
                "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE",
                statement,
                condition,
                f"`{condition.key}` has one value, and `ForAnyValue` is for keys with several",
                f"write `{condition.operator.partition(':')[2]}`",
            )
