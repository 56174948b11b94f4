"""What the rules of this folder share: secrets in environments, and words."""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EnvVar, Function
from stockade.model.sensitive import Plain, plain_secrets
from stockade.model.value import Doubt, Tri
from stockade.rules._base import HIGH, LOW, MEDIUM, Outcome, Severity, found

_SEVERITIES: dict[str, Severity] = {"high": HIGH, "medium": MEDIUM, "low": LOW}
_TITLES = {
    "jwt": "a signed web token",
    "random": "what looks like a key",
    "secret": "a secret",
    "password": "a password",
    "default-password": "a default password",
    "aws-access-key-id": "the id of an AWS access key",
    "database-url": "a database's URL with its password",
    "url-with-password": "a URL with its password",
    "connection-string": "a connection string with its password",
}


def severity_of(plain: Plain) -> Severity:
    """By how sure it is that it is a secret."""
    return _SEVERITIES[plain.hit.confidence]


def thing(plain: Plain) -> str:
    """What was found, with its article; never the secret itself."""
    known = _TITLES.get(plain.hit.kind)
    word = plain.hit.kind.replace("-", " ")
    return known or f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def secrets_in(function: Function) -> Iterator[tuple[EnvVar, Plain]]:
    """The secrets in plain text in a function's environment."""
    for variable in function.environment:
        for plain in plain_secrets(variable.name, variable.value):
            yield variable, plain


def hidden_part(app: App) -> Iterator[Outcome]:
    """One undecided outcome for each function of whose environment a part can't be seen."""
    for function in app.functions:
        if not function.environment.complete:
            gaps = function.environment.gaps or (Doubt("not all of the environment is known"),)
            message = f"a part of the environment of `{function}` can't be seen"
            yield from found(Tri("maybe", (), gaps), subject=function, message=message, evidence="unseen")
