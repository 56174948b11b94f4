"""What the rules of this folder share: secrets in environments, and words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.allows import may_call, roles_of
from stockade.model.app import (
    App,
    Database,
    EnvVar,
    Function,
    MicrovmImage,
    Parameter,
    Resource,
    Secret,
    Variable,
    WebRevision,
)
from stockade.model.sensitive import Plain, plain_secrets
from stockade.model.value import (
    YES,
    Doubt,
    File,
    Origin,
    Tri,
    Value,
    When,
    any_of,
    conjoin,
    given,
    maybe,
    otherwise,
)
from stockade.patterns import regex
from stockade.rules._base import HIGH, LOW, MEDIUM, Outcome, Severity, found, spared

# A parameter in the shown text of a value, and on the way to one.
_HOLE = regex(r"\$\{(?:var\.)?(\w+)\}")
_INPUT = regex(r"\b(?:parameter|variable) (\w+)")
_MOST_CASES = 256
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


# What has environment variables.
Run: TypeAlias = Function | WebRevision | MicrovmImage
_R = TypeVar("_R", bound=Run)


def runs(app: App) -> tuple[Run, ...]:
    """Whatever Lambda runs with environment variables: functions, web functions, and images of MicroVMs as they are built."""
    return (*app.functions, *app.of(WebRevision), *app.of(MicrovmImage))


def secrets_in(run: Run) -> Iterator[tuple[EnvVar, Plain]]:
    """The secrets in plain text in an environment."""
    for variable in run.environment:
        for plain in plain_secrets(variable.name, variable.value):
            yield variable, plain


def start(function: Function) -> Origin:
    """The place of an environment: its first variable's key, for a value may be one of several branches."""
    at = function.environment.items[0].origin
    return replace(at, span=at.key_span) if isinstance(at, File) and at.key_span is not None else at


def hidden_part(of: Iterable[_R], fault: str, only: Callable[[_R], Tri] | None = None) -> Iterator[Outcome]:
    """One undecided outcome for each of whose environment a part can't be seen.

    `fault` is what that part may do ("holds a secret in plain text"); `only` says for which of them that matters.
    """
    for run in of:
        if not run.environment.complete:
            gaps = run.environment.gaps or (Doubt("not all of the environment is known"),)
            message = f"the rest of the environment of `{run}` {fault}"
            answer = Tri("maybe", (), gaps) & (YES if only is None else only(run))
            yield from found(answer, subject=run, message=message, evidence="unseen")


class Bounds(Struct, frozen=True):
    """What something adds up to, at least and at most."""

    least: int
    most: int


_Entry = tuple[str, When, int, int]


def add_up(function: Function, weigh: Callable[[EnvVar, Value[str]], tuple[int, int]]) -> Bounds:
    """What the environment variables of a function weigh together, each at least and at most as `weigh` says.

    Of a name that conditions choose values for, and of names that can't be there at once, those of one case count.
    """
    entries: list[_Entry] = []
    for variable in function.environment:
        for when, leaf in variable.value.leaves():
            both = conjoin(variable.exists, when)
            if both is not None:
                entries.append((variable.name, both, *weigh(variable, leaf)))
    groups = [_add_up(group) for group in _dependent(entries)]
    return Bounds(sum(least for least, _ in groups), sum(most for _, most in groups))


def _dependent(entries: list[_Entry]) -> list[list[_Entry]]:
    """The entries in groups, of which none has a name or an assumption in common with another."""
    groups: list[tuple[set[str], list[_Entry]]] = []
    for entry in entries:
        marks = {f"={entry[0]}", *(premise.key for premise in entry[1])}
        joined = [group for group in groups if not group[0].isdisjoint(marks)]
        groups = [group for group in groups if group[0].isdisjoint(marks)]
        groups.append((marks.union(*(m for m, _ in joined)), [*(e for _, own in joined for e in own), entry]))
    return [own for _, own in groups]


def _add_up(entries: list[_Entry]) -> tuple[int, int]:
    """What entries weigh in the lightest and in the heaviest of all cases."""
    cases: list[When] = [()]
    for when in {tuple((p.key, p.value, p.holds) for p in when): when for _, when, _, _ in entries}.values():
        cases = [
            both for case in cases for other in (when, *otherwise(when)) if (both := conjoin(case, other)) is not None
        ]
        if len(cases) > _MOST_CASES:
            return 0, sum({name: most for name, _, _, most in sorted(entries, key=lambda entry: entry[3])}.values())
    sums = []
    for case in cases:
        there = [entry for entry in entries if conjoin(case, entry[1]) is not None]
        least = {name: own for name, _, own, _ in there}
        most = {name: own for name, _, _, own in there}
        sums.append((sum(least.values()), sum(most.values())))
    return min(least for least, _ in sums), max(most for _, most in sums)


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


def write_only(app: App, plain: Plain) -> list[tuple[str, Resource]]:
    """The write-only arguments that a secret default of a variable goes into, each with its resource, as far as they are known.

    Their names all end alike:
    https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only (as of 2026-11-28)
    """
    values: list[tuple[Resource, Value[str]]] = [(secret, secret.literal) for secret in app.of(Secret)]
    values += [(parameter, parameter.literal) for parameter in app.of(Parameter)]
    values += [(database, database.password) for database in app.of(Database)]
    taken: list[tuple[str, Resource]] = []
    for resource, value in values:
        for _, leaf in value.leaves():
            at = leaf.origin
            argument = at.key_span.text if isinstance(at, File) and at.key_span is not None else ""
            if argument.endswith("_wo") and any(via.span is not None and via.span == plain.place for via in at.via):
                taken.append((argument, resource))
    return taken


def reached(variable: Variable, by: dict[tuple[str, str], tuple[Function, ...]]) -> tuple[Function, ...]:
    """The functions that an input concerns: by what it is given to, and by their environments."""
    functions = (*variable.functions, *by.get((_file(variable), variable.address.removeprefix("var.")), ()))
    return tuple({id(function): function for function in functions}.values())


def _file(resource: Function | Variable) -> str:
    return _home(resource.origin.path) if isinstance(resource.origin, File) else ""


def _home(path: str) -> str:
    """What the inputs of a file belong to: the file, or in Terraform its folder."""
    return path.rpartition("/")[0] + "/" if path.endswith((".tf", ".tofu", ".tf.json", ".tfvars")) else path


def may_read(app: App, function: Function, actions: Iterable[str], secrets: Iterable[Secret]) -> Tri:
    """Whether a role of a function allows one of the actions on anything.

    MAYBE where the role is not known, or one of the secrets has a policy of its own, which may let the role in.
    """
    roles = roles_of(function)
    if not roles:
        return maybe("its role is not part of the scanned code", function.role.origin, cause="role elsewhere")
    by_policy = any_of(
        maybe("the secret has a policy of its own", policy.origin) for secret in secrets for policy in secret.policies
    )
    return any_of(given(when, may_call(app, role, action)) for when, role in roles for action in actions) | by_policy
