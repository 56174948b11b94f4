"""What the rules of this folder share: secrets in environments, and words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stockade.model.app import App, EnvVar, Function, Variable
from stockade.model.sensitive import Plain, plain_secrets
from stockade.model.value import YES, Doubt, File, Tri
from stockade.patterns import regex
from stockade.rules._base import HIGH, LOW, MEDIUM, Outcome, Severity, found, spared

# A parameter in the shown text of a value, and on the way to one.
_HOLE = regex(r"\$\{(?:var\.)?(\w+)\}")
_INPUT = regex(r"\b(?:parameter|variable) (\w+)")
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


def hidden_part(app: App, fault: str, only: Callable[[Function], Tri] | None = None) -> Iterator[Outcome]:
    """One undecided outcome for each function of whose environment a part can't be seen.

    `fault` is what that part may do ("holds a secret in plain text"); `only` says for which functions that matters.
    """
    for function in app.functions:
        if not function.environment.complete:
            gaps = function.environment.gaps or (Doubt("not all of the environment is known"),)
            message = f"the rest of the environment of `{function}` {fault}"
            answer = Tri("maybe", (), gaps) & (YES if only is None else only(function))
            yield from found(answer, subject=function, message=message, evidence="unseen")


def without_environment(app: App) -> Iterator[Outcome]:
    """One outcome for each function whose own block shows that it has no environment variables."""
    for function in app.functions:
        if not len(function.environment) and function.environment.complete:
            yield from spared(function)


def readers(app: App) -> dict[tuple[str, str], tuple[Function, ...]]:
    """By file and input, the functions into whose environments a parameter or variable goes."""
    found_: dict[tuple[str, str], dict[int, Function]] = {}
    for function in app.functions:
        for variable in function.environment:
            for _, leaf in variable.value.leaves():
                names = [(_file(function), name) for name in _HOLE.findall(leaf.show())]
                for via in leaf.origin.via:
                    match = _INPUT.search(via.what)
                    if match is not None:
                        path = via.span.doc.path if via.span is not None else ""
                        names.append((_home(path) if path else _file(function), match[1]))
                for name in names:
                    found_.setdefault(name, {})[id(function)] = function
    return {key: tuple(functions.values()) for key, functions in found_.items()}


def reached(variable: Variable, by: dict[tuple[str, str], tuple[Function, ...]]) -> tuple[Function, ...]:
    """The functions that an input concerns: by what it is given to, and by their environments."""
    functions = (*variable.functions, *by.get((_file(variable), variable.address.removeprefix("var.")), ()))
    return tuple({id(function): function for function in functions}.values())


def _file(resource: Function | Variable) -> str:
    return _home(resource.origin.path) if isinstance(resource.origin, File) else ""


def _home(path: str) -> str:
    """What the inputs of a file belong to: the file, or in Terraform its folder."""
    return path.rpartition("/")[0] + "/" if path.endswith((".tf", ".tofu", ".tf.json", ".tfvars")) else path
