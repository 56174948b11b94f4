"""Writes src/stockade/knowledge/data/pulumi.json: what Pulumi's AWS provider calls Terraform's resource types and attributes.

    python -m scripts.knowledge.build_pulumi --sdk FOLDER 2026-11-20       # the day of the SDK's release

`FOLDER` is the package `pulumi_aws` of Pulumi's SDK for Python, unpacked; it is read, never run. Pulumi's provider is made of
Terraform's: its program names each resource type by a token and each property in camel case, in the plural where Terraform
repeats a block. Which Terraform type a token stands for is told by its name (or `_TOKENS`), and believed only if the
properties agree with the attributes that Terraform's provider has (`tests/oracles/terraform/schema.json`). An attribute that
a table of ours reads and no property gives stops the script, unless `_WITHOUT` says why there is none.
"""

from __future__ import annotations

import argparse
import ast
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from stockade.inputs.terraform.tables import tables

ROOT = Path(__file__).parents[2]
OUT = ROOT / "src/stockade/knowledge/data/pulumi.json"
SCHEMA = ROOT / "tests/oracles/terraform/schema.json"
_DEPTH = 12
# What the recorded schema leaves out: statements in statements.
_NESTING = frozenset({"andStatement", "notStatement", "orStatement", "scopeDownStatement"})
_EVERYWHERE = frozenset({"id", "tags_all"})  # what no program writes

# The tokens (after `aws:`) that the name of a type does not lead to.
_TOKENS: dict[str, str] = {
    "aws_alb": "alb/loadBalancer:LoadBalancer",
    "aws_cloudtrail": "cloudtrail/trail:Trail",
    "aws_config_config_rule": "cfg/rule:Rule",
    "aws_config_organization_custom_rule": "cfg/organizationCustomRule:OrganizationCustomRule",
    "aws_db_instance": "rds/instance:Instance",
    "aws_codepipeline": "codepipeline/pipeline:Pipeline",
    "aws_lb": "lb/loadBalancer:LoadBalancer",
    "aws_route": "ec2/route:Route",
    "aws_route_table": "ec2/routeTable:RouteTable",
    "aws_route_table_association": "ec2/routeTableAssociation:RouteTableAssociation",
    "aws_sqs_queue_redrive_policy": "sqs/redrivePolicy:RedrivePolicy",
    "aws_vpc_endpoint": "ec2/vpcEndpoint:VpcEndpoint",
    "aws_vpc_endpoint_security_group_association": "ec2/securityGroupAssociation:SecurityGroupAssociation",
}
# Properties that are called otherwise than the attributes that they stand for.
_NAMES: dict[str, str] = {
    "aws_api_gateway_authorizer.restApi": "rest_api_id",
    "aws_api_gateway_deployment.restApi": "rest_api_id",
    "aws_api_gateway_integration.restApi": "rest_api_id",
    "aws_api_gateway_method.restApi": "rest_api_id",
    "aws_api_gateway_method_settings.restApi": "rest_api_id",
    "aws_api_gateway_stage.restApi": "rest_api_id",
    "aws_api_gateway_stage.deployment": "deployment_id",
    "aws_cloudwatch_log_subscription_filter.logGroup": "log_group_name",
    "aws_cloudwatch_metric_alarm.name": "alarm_name",
    "aws_iot_topic_rule.kineses": "kinesis",
    "aws_lambda_function.name": "function_name",
    "aws_lambda_permission.function": "function_name",
    "aws_sns_topic_subscription.topic": "topic_arn",
}
# Attributes that tables of ours read and no property gives.
_WITHOUT: dict[str, str] = {
    "aws_lambda_function.filename": "`code`: an archive, whose path `inputs/terraform/pulumi` reads",
    "aws_lambda_layer_version.filename": "`code`, as of a function",
    "aws_api_gateway_deployment.stage_name": "removed in version 7 of Pulumi's provider",
}
_SHORTER = frozenset({"aws_api_gateway_deployment"})  # version 7 has taken stages out of it

Shape = dict[
    str, Any
]  # properties by name: "", "[]" for a list, "*" for a map, the shape of an object (or list of them)


def snake(name: str) -> str:
    """A name in camel case as the bridge makes it of a name in snake case."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


class Sdk:
    """What the SDK says of tokens and their properties."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, Path] = {}
        self.aliases: dict[str, set[str]] = {}
        for path in sorted(folder.rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            found = re.search(r"super\(\w+, __self__\)\.__init__\(\s*'aws:([\w/]+:\w+)'", text)
            if found is not None:
                self.files[found[1]] = path
                self.aliases[found[1]] = set(re.findall(r'pulumi\.Alias\(type_="aws:([\w/]+:\w+)"', text))
        self._trees: dict[Path, dict[str, ast.ClassDef]] = {}

    def shape(self, token: str) -> Shape:
        """The properties that a resource takes."""
        path = self.files[token]
        name = token.rpartition(":")[2]
        classes = self._classes(path)
        node = classes.get(f"{name}Args") or classes[f"{name}InitArgs"]  # where a nested object has the other name
        return self._of(node, path.parent / "_inputs.py", 0)

    def _classes(self, path: Path) -> dict[str, ast.ClassDef]:
        if path not in self._trees:
            tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else ast.Module([], [])
            self._trees[path] = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        return self._trees[path]

    def _of(self, node: ast.ClassDef, inputs: Path, depth: int) -> Shape:
        found: Shape = {}
        for item in node.body:
            if not isinstance(item, ast.FunctionDef) or item.returns is None:
                continue
            getter = next((d for d in map(ast.unparse, item.decorator_list) if d.startswith("pulumi.getter")), None)
            if getter is None:
                continue
            named = re.search(r"name='(\w+)'", getter)
            if named is not None and named[1] in _NESTING:
                found[named[1]] = {}
                continue
            own = ast.unparse(item.returns)
            inner = re.search(r"'(\w+Args)'", own)
            classes = self._classes(inputs)
            if inner is not None and "Union[" in own:
                found[named[1] if named else item.name] = ""  # a document, which the SDK makes a text of
            elif inner is not None and inner[1] in classes:
                within = self._of(classes[inner[1]], inputs, depth + 1) if depth < _DEPTH else {}
                found[named[1] if named else item.name] = within
            elif inner is not None:
                raise SystemExit(f"{inner[1]} is not in {inputs}")
            else:
                found[named[1] if named else item.name] = (
                    "*" if "Mapping[str" in own else "[]" if "Sequence[" in own else ""
                )
        return found


def stem(name: str) -> str:
    """What the singular and the plural of a name share."""
    for end, other in (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if name.endswith(end) and len(name) > len(end) + 1:
            return name[: -len(end)] + other
    return name


def inside(kind: Any) -> Shape | None:  # noqa: ANN401 - as the schema has it
    """What is in a block of Terraform's schema; None for what is none."""
    return kind[1] if isinstance(kind, list) and isinstance(kind[1], dict) else None


def matched(shape: Shape, schema: Shape | None, type_: str = "") -> dict[str, str]:
    """The attributes that properties stand for; `type_` is that of a resource whose own properties they are."""
    own = schema or {}
    found = {name: _NAMES.get(f"{type_}.{name}", snake(name)) for name in shape}
    if schema is None:
        return found
    exact = {name for name, attribute in found.items() if attribute in own}
    left = [attribute for attribute in own if attribute not in set(found.values())]
    for name in shape:
        if name in exact:
            continue
        near = [a for a in left if stem(a) == stem(found[name]) or a.replace("_", "") == name.lower()]
        if len(near) == 1:
            found[name] = near[0]
    return found


def text(shape: Shape, schema: Shape | None, type_: str = "") -> str:
    """The properties in one text, as `stockade.knowledge.pulumi` reads it."""
    names = matched(shape, schema, type_)
    words: list[str] = []
    for name, own in sorted(shape.items()):
        word = name if names[name] == snake(name) else f"{name}={names[name]}"
        kind = (schema or {}).get(names[name])
        if isinstance(own, dict):
            word += "{" + text(own, inside(kind)) + "}"
        elif own == "*":
            word += "*"
        elif own == "" and isinstance(kind, str) and kind.startswith(("list(", "set(")):
            word += "[]"  # of which there is but one, so that Pulumi has it without the list
        words.append(word)
    return " ".join(words)


def paths(shape: Shape, schema: Shape | None, type_: str = "", before: str = "") -> set[str]:
    """Every attribute that the properties give, as a path."""
    found: set[str] = set()
    names = matched(shape, schema, type_)
    for name, own in shape.items():
        path = f"{before}{names[name]}"
        found.add(path)
        if isinstance(own, dict):
            found |= paths(own, inside((schema or {}).get(names[name])), before=f"{path}.")
        elif own == "*":
            found.add(f"{path}.*")
    return found


def token_of(type_: str, sdk: Sdk) -> str:
    """The token of a type."""
    if type_ in _TOKENS:
        return _TOKENS[type_]
    wanted = type_.removeprefix("aws_").replace("_", "")
    near: list[str] = []
    for token in sdk.files:
        module, _, member = token.partition("/")[0], "", token.rpartition(":")[2].lower()
        if wanted in {module + member, member} or wanted.removeprefix("db") == module.removeprefix("rds") + member:
            near.append(token)
    whole = [t for t in near if t.partition("/")[0] + t.rpartition(":")[2].lower() == wanted]
    near = whole or near
    if len(near) != 1:
        raise SystemExit(f"{type_}: {near or 'no token'}")
    return near[0]


def needed(type_: str) -> set[str]:
    """The attributes that tables of ours read of a type, from the resource itself on."""
    found: set[str] = set()
    table = tables().get(type_)
    for own in table.fields.values() if table is not None else ():
        for path in (own.path, *own.also):
            found.add(".".join(step for step in path if step != "*" and not step.isdigit()))
    return found


def mentioned() -> set[str]:
    """The types that the Terraform input speaks of, with a table or without."""
    found: set[str] = set()
    for path in sorted((ROOT / "src/stockade/inputs/terraform").rglob("*.py")):
        found |= set(re.findall(r'"(aws_[a-z0-9_]+)"', path.read_text(encoding="utf-8")))
    return found


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description="Records what Pulumi calls Terraform's types and attributes.")
    parser.add_argument("--sdk", type=Path, required=True, help="the folder `pulumi_aws`")
    parser.add_argument("day", help="the day of its release")
    given = parser.parse_args()
    sdk = Sdk(given.sdk)
    schemas = json.loads(SCHEMA.read_text(encoding="utf-8"))
    version = re.search(r"-(\d[\d.]*)\.dist-info", str(next(given.sdk.parent.glob("pulumi_aws-*.dist-info"))))
    types: dict[str, str] = {}
    properties: dict[str, str] = {}
    wrong: list[str] = []
    tabled = {name.partition("/")[0] for name in tables()}
    for type_ in sorted(tabled | mentioned()):
        if type_ in tabled and type_ not in schemas:
            continue  # newer than the version of Terraform's provider whose attributes would have to agree
        try:
            token = token_of(type_, sdk)
            shape = sdk.shape(token)
        except SystemExit as error:
            if type_ in tabled:
                wrong.append(str(error))
            continue
        schema = schemas.get(type_)
        have = paths(shape, schema, type_)
        short = {path for path in schema or {} if path not in have and path not in _EVERYWHERE}
        if len(short) * 3 > len(schema or {}) and type_ not in _SHORTER:
            wrong.append(f"{type_}: {token} has not {sorted(short)}")
        for path in sorted(needed(type_)):
            # A path that goes into a map, or into a document, ends before.
            stands = path in have or any(path.startswith(f"{p[:-2]}.") for p in have if p.endswith(".*"))
            if not stands and path.split(".")[0] in have and inside((schema or {}).get(path.split(".")[0])) is None:
                stands = True
            if not stands and f"{type_}.{path}" not in _WITHOUT:
                wrong.append(f"{type_}.{path} ({token}) is given by no property")
        for name in {token, *sdk.aliases[token]}:
            types.setdefault(f"aws:{name}", type_)
        properties[type_] = text(shape, schema, type_)
    if wrong:
        raise SystemExit("\n".join(wrong))
    document = {
        "provenance": {
            "as_of": given.day,
            "sources": [
                {
                    "name": "pulumi-aws, the SDK for Python",
                    "version": version[1] if version is not None else "",
                    "date": date.fromisoformat(given.day).isoformat(),
                    "licence": "Apache-2.0",
                    "gives": "tokens of resource types, their properties, and which of these are maps and objects",
                },
                {
                    "name": "AWS provider for Terraform, schema",
                    "version": schemas["provider"],
                    "date": "2025-06-13",
                    "licence": "facts",
                    "gives": "the attributes that the properties stand for",
                },
            ],
            "notes": "Of the types that Stockade's Terraform input speaks of. `name=attribute`: not its snake case; `*`: a map; "
            "`[]`: one item, which is a list of one in Terraform.",
        },
        "types": dict(sorted(types.items())),
        "properties": properties,
    }
    OUT.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    print(f"{len(types)} tokens, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
