"""Requests as AWS has them: actions that there are, on resources of their kinds, with condition keys of theirs.

A policy is about any texts. But nobody can call `s3:Foo`, nor get an object of which the ARN is that of a queue; an example
with such a request is none. Facts are those of `knowledge.iam`, which says how old they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from stockade.iam.sets import globs
from stockade.iam.sets.arns import HOLE, PARTITION, REGION, dashed
from stockade.iam.sets.cubes import Cube, Side, Space
from stockade.iam.sets.globs import Language
from stockade.iam.sets.literals import ACTION, PARTS, RESOURCE, Text
from stockade.knowledge import iam as facts

# Where an example is looked for first: what functions are about.
_FIRST = (
    *(
        "s3",
        "dynamodb",
        "sqs",
        "sns",
        "lambda",
        "secretsmanager",
        "ssm",
        "kms",
        "iam",
        "sts",
        "logs",
        "events",
        "states",
    ),
    *("kinesis", "ec2", "ecr", "ses", "execute-api", "rds", "cloudwatch"),
)
_FIELDS = {"Partition", "Region", "Account"}
# Examples read better with these than with any text: the ARNs that AWS's documentation writes.
_NICE = {"Partition": PARTITION, "Region": REGION, "Account": "111122223333"}


class Universe:
    """Narrows what was found to a request that can be made; of one space, for one question."""

    def __init__(self, space: Space) -> None:
        self.space = space
        self._actions: dict[Side, tuple[facts.Action, ...]] = {}

    def accept(self, cube: Cube) -> Cube | None:
        """The cube with one action that there is, on a resource of its kinds; None where there is no such request."""
        asked = frozenset(
            part for part in cube.parts if part not in PARTS and ":" in part and not part.startswith("aws:")
        )
        present = frozenset(part for part in asked if getattr(cube.parts[part], "present", None) is True)
        tried: set[tuple[str, tuple[str, ...], frozenset[str]]] = set()
        for action in self._candidates(cube):
            lacking = present - _keys_of(action, present)
            kind = (action.service, tuple(use.name for use in action.resource_types), lacking)
            if kind in tried or lacking:
                continue
            self.space.words.budget.spend()
            narrowed = cube.with_(self.space, Text(ACTION, globs.language((action.name.lower(),))))
            if narrowed is None:
                continue
            tried.add(kind)
            found = self._on_resource(narrowed, action)
            if found is not None:
                return found
        return None

    def _candidates(self, cube: Cube) -> Iterator[facts.Action]:
        """The actions that there are in a cube, by what it says of actions alone."""
        state = cube.state(ACTION)
        if not isinstance(state, Side):
            raise TypeError("an action is a text")
        known = self._actions.get(state)
        if known is not None:
            yield from known
            return
        kept: list[facts.Action] = []
        for action in _narrowest(state):
            name = action.name.lower()
            # What holds a symbol may be any text; whether it fits is told when the action is put in.
            if all(each.atoms or each.accepts(name) for each in state.inside) and not any(
                not each.atoms and each.accepts(name) for each in state.outside
            ):
                kept.append(action)
                yield action
        self._actions[state] = tuple(kept)

    def _on_resource(self, cube: Cube, action: facts.Action) -> Cube | None:
        """The cube with a resource of the action's kinds; the nicest to read, of those that there are."""
        for pattern, outside in _resources(action):
            narrowed = cube.with_(self.space, Text(RESOURCE, pattern))
            if narrowed is not None and outside is not None:
                narrowed = narrowed.with_(self.space, Text(RESOURCE, outside, inside=False))
            if narrowed is not None:
                return self._nicer(narrowed, action)
        return None

    def _nicer(self, cube: Cube, action: facts.Action) -> Cube:
        for template in (each for kind in _kinds(action) for each in facts.arn_templates(action.service, kind)):
            everything = {name: dashed(name) for name in HOLE.findall(template)} | _NICE
            for names in (
                everything,
                _NICE,
                {"Partition": PARTITION, "Account": _NICE["Account"]},
                {"Partition": PARTITION},
            ):
                narrowed = cube.with_(self.space, Text(RESOURCE, _language(template, tuple(sorted(names.items())))))
                if narrowed is not None:
                    return narrowed
        return cube


def _narrowest(state: Side) -> Iterator[facts.Action]:
    """The actions of whichever set of patterns says most; all actions, of none."""
    shapes = [
        [pattern.replace(globs.ANY, "*").replace(globs.ONE, "?") for pattern in language.patterns]
        for language in state.inside
        if not any(map(globs.has_atom, language.patterns))
    ]
    if not shapes:
        shapes = [["*"]]
    chosen = min(shapes, key=lambda patterns: (any(p.startswith(("*", "?")) for p in patterns), len(patterns)))
    seen: set[str] = set()
    for pattern in chosen:
        for action in _expanded(pattern):
            if action.name not in seen:
                seen.add(action.name)
                yield action


def _expanded(pattern: str) -> Iterator[facts.Action]:
    """The actions of a pattern, those first that functions are about, and no service read before it is its turn."""
    prefix, colon, _ = pattern.partition(":")
    if colon and not facts.is_pattern(prefix):
        yield from _worst_first(facts.expand(pattern))
        return
    fits = _prefix_fits(prefix if colon else pattern)
    for service in (*_FIRST, *(each for each in facts.services() if each not in _FIRST)):
        if fits.accepts(service) or not colon:
            yield from _worst_first(each for each in facts.actions(service) if facts.fits(pattern, each.name.lower()))


def _worst_first(actions: Iterable[facts.Action]) -> list[facts.Action]:
    """Examples are the more telling the worse they are, and the better known: names that are short."""
    return sorted(actions, key=lambda action: (not facts.sensitive(action), action.access in _SLIGHT, len(action.name)))


_SLIGHT = {"List", "Tagging"}


@lru_cache(maxsize=256)
def _prefix_fits(pattern: str) -> Language:
    return globs.language((globs.glob(pattern),))


def _keys_of(action: facts.Action, keys: frozenset[str]) -> frozenset[str]:
    """Which of these keys a request for an action may have.

    A service's reference lists for its actions the keys of what is asked. Keys that none of its actions has are those of
    whoever asks, and come with requests for any service, such as `lambda:SourceFunctionArn`
    (https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html); so do those of identity providers
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
    """
    return frozenset(key for key in keys if not _of_actions(key) or _has_key(action.name, key))


@lru_cache(maxsize=4096)
def _of_actions(key: str) -> bool:
    """Whether it is a key of some actions, and not of others."""
    return any(
        _is_key(name, key) for action in facts.actions(key.partition(":")[0]) for name in _key_names(action.name)
    )


@lru_cache(maxsize=16384)
def _has_key(action: str, key: str) -> bool:
    return any(_is_key(name, key) for name in _key_names(action))


@lru_cache(maxsize=16384)
def _key_names(name: str) -> tuple[str, ...]:
    action = facts.action(name)
    if action is None:
        return ()
    service = facts.service(action.service)
    found = list(action.condition_keys)
    for use in action.resource_types:
        found += use.condition_keys
        if service is not None:
            found += service.resource_type_keys(use.name)
    return tuple(dict.fromkeys(key.lower() for key in found))


def _is_key(name: str, key: str) -> bool:
    """Whether a key is one of this name, which may end with a hole: `${TagKey}`, or `<key>`."""
    stem = name.partition("${")[0].partition("<")[0]
    return key == name or (stem != name and key.startswith(stem))


@lru_cache(maxsize=1024)
def _of_service(service: str, kinds: tuple[str, ...]) -> tuple[tuple[Language, Language | None], ...]:
    known = facts.service(service)
    names = known.resource_types() if known is not None else {}
    every = [each for name in names for each in facts.arn_templates(service, name)]
    out: list[tuple[Language, Language | None]] = []
    for template in (each for kind in kinds for each in facts.arn_templates(service, kind) or ("",)):
        if not template:
            out.append((globs.language((globs.ANY,)), None))
            continue
        # `table/${T}` and `table/${T}/index/${I}`: what the second is, the first is not. A colon says less: a function is also
        # invoked by its ARN with a qualifier. https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
        longer = tuple(
            globs.glob(_pattern(template, ()) + HOLE.sub(globs.ANY, each[len(template) :]))
            for each in every
            if each.startswith(template + "/")
        )
        out.append((globs.language((_pattern(template, ()),)), globs.language(longer) if longer else None))
    return tuple(out)


def _resources(action: facts.Action) -> Iterator[tuple[Language, Language | None]]:
    """What the resource of a request for an action looks like, kind by kind; with what it does not look like then."""
    yield from _of_service(action.service, _kinds(action))
    if not any(use.required for use in action.resource_types):
        yield globs.language(("*",)), None


@lru_cache(maxsize=1024)
def _kinds_of(service: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(kinds, key=lambda kind: len(facts.resource_type(service, kind) or "")))


def _kinds(action: facts.Action) -> tuple[str, ...]:
    """The types of an action's resources, those first that are said shortest."""
    return _kinds_of(action.service, tuple(use.name for use in action.resource_types))


@lru_cache(maxsize=4096)
def _language(template: str, names: tuple[tuple[str, str], ...]) -> Language:
    return globs.language((_pattern(template, names),))


def _pattern(template: str, names: tuple[tuple[str, str], ...]) -> str:
    """The pattern of an ARN's template: some holes filled, the rest any text that is not empty."""
    filled = dict(names)

    def fill(match: re.Match[str]) -> str:
        name = match[1]
        if name in filled:
            return filled[name]
        return globs.ONE_IN_FIELD + globs.FIELD if name in _FIELDS else globs.ONE + globs.ANY

    return globs.glob(HOLE.sub(fill, template))
