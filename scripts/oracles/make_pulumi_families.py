"""Writes tests/families/*/pulumi.json: each application as `pulumi stack export` shows it once it is deployed.

    python -m scripts.oracles.make_pulumi_families

Made of the Terraform configuration beside it, since Pulumi's AWS provider is made of Terraform's: what is written there, under
Pulumi's names for it, with made up ids and ARNs in the place of references, and `propertyDependencies` that say what these were.
The form is that of a deployment in version 3; Pulumi itself is not run.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from stockade.inputs.given import Variables
from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.lower import Declared
from stockade.inputs.terraform.naming import OWN_NAME
from stockade.inputs.terraform.project import Project
from stockade.inputs.terraform.terms import Json, Lit, Obj, Ref, Seq, Term, Txt, Unk, in_full
from stockade.knowledge import pulumi as names
from stockade.knowledge.pulumi import Property
from stockade.model.value import Hole

FAMILIES = Path(__file__).parents[2] / "tests" / "families"
SIGNATURE, ARCHIVE = "4dabf18193072939515e22adb298388d", "0def7320c3a5731c473e5ecbe6d01bc7"
START = "urn:pulumi:dev::family::"
STACK = f"{START}pulumi:pulumi:Stack::family-dev"
PROVIDER = f"{START}pulumi:providers:aws::default"
REGION, ACCOUNT = "eu-west-1", "905418000017"  # where the plans were recorded
_KNOWN = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com"}
# What may stand but once although its name ends as plurals do; Pulumi writes it without a list.
ONCE = frozenset({
    "accessLogSettings", "allowedPublishers", "cors", "defaultRouteSettings", "onSuccess", "policies", "quotaSettings",
    "rotationRules", "throttleSettings", "types",
})  # fmt: skip
# ARNs in which other names of a resource stand.
_ARNS = {
    "aws_dynamodb_table": "dynamodb:{region}:{account}:table/{name}",
    "aws_iam_policy": "iam::{account}:policy/{name}",
    "aws_iam_role": "iam::{account}:role/{name}",
    "aws_lambda_function": "lambda:{region}:{account}:function:{name}",
    "aws_s3_bucket": "s3:::{name}",
    "aws_sns_topic": "sns:{region}:{account}:{name}",
    "aws_sqs_queue": "sqs:{region}:{account}:{name}",
    "aws_cloudwatch_log_group": "logs:{region}:{account}:log-group:{name}",
    "aws_cloudwatch_event_rule": "events:{region}:{account}:rule/{name}",
}
Plain = Any


class Family:
    """One application."""

    def __init__(self, folder: Path) -> None:
        project = Project(Disk(folder), Variables(values={}, workspace="default"))
        project.run([""])
        self.declared = [found for root in project.roots for found in project.declared(root, foreign=True)]
        self.declared = [found for found in self.declared if not found.address.startswith("data.")]
        self.by_key = {found.key: found for found in self.declared}
        self.needs: set[str] = set()
        self.tokens: dict[str, str] = {}
        for token, type_ in names.types().items():
            # Of a type's tokens, the oldest name is not the one that is written.
            if not any(old in token for old in ("V2:", "elasticloadbalancingv2", "applicationloadbalancing")):
                self.tokens.setdefault(type_, token)

    def export(self) -> Plain:
        """The whole stack."""
        stack = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack"}
        provider = {
            "urn": PROVIDER,
            "custom": True,
            "type": "pulumi:providers:aws",
            "id": "0",
            "inputs": {"region": REGION},
        }
        resources = [stack, provider, *map(self.resource, self.declared)]
        return {"version": 3, "deployment": {"manifest": {"version": "v3.200.0"}, "resources": resources}}

    def token(self, type_: str) -> str:
        """A type's token; of one that is not known, something like it."""
        known = self.tokens.get(type_)
        if known is not None:
            return known
        service, _, rest = type_.removeprefix("aws_").partition("_")
        member = camel(rest or service)
        return f"aws:{service}/{member}:{member[:1].upper()}{member[1:]}"

    def urn(self, found: Declared) -> str:
        """What a resource is known by."""
        return f"{START}{self.token(found.type)}::{self.name(found)}"

    @staticmethod
    def name(found: Declared) -> str:
        """The name that a program would give a resource."""
        return found.address.partition(".")[2].replace('["', "-").replace('"]', "").replace("[", "-").replace("]", "")

    def resource(self, found: Declared) -> Plain:
        """A resource of the deployment."""
        known = names.properties(found.type)
        inputs: dict[str, Plain] = {}
        needs: dict[str, list[str]] = {}
        for attribute, term in found.block.entries.items():
            if attribute == "filename":
                inputs["code"] = {SIGNATURE: ARCHIVE, "hash": "0" * 64, "path": self.value("code", term, None)}
                continue
            own = next(((n, p) for n, p in (known or {}).items() if p.attribute == attribute), None)
            name, property_ = own if own is not None else (camel(attribute), None)
            self.needs = set()
            made = self.value(name, term, property_)
            if made is not None:
                inputs[name] = made
                needs[name] = sorted(self.needs)
        outputs = {"arn": self.made_up(found, "arn"), "id": self.made_up(found, "id")}
        if found.type == "aws_lambda_function":
            outputs["version"] = self.made_up(found, "version")
        if found.type == "aws_api_gateway_rest_api":
            outputs["rootResourceId"] = self.made_up(found, "root_resource_id")
        for attribute in ("execution_arn", "invoke_arn", "stream_arn"):
            if found.type in {"aws_apigatewayv2_api", "aws_api_gateway_rest_api"} or attribute != "execution_arn":
                outputs[camel(attribute)] = self.made_up(found, attribute)
        return {
            "urn": self.urn(found),
            "custom": True,
            "id": outputs["id"],
            "type": self.token(found.type),
            "inputs": inputs,
            "outputs": outputs,
            "parent": STACK,
            "provider": f"{PROVIDER}::0",
            "dependencies": sorted({one for own in needs.values() for one in own}),
            "propertyDependencies": needs,
        }

    def value(self, name: str, term: Term, own: Property | None) -> Plain:
        """A value by Pulumi's names; None where there is none."""
        term = in_full(term)
        if type(term) is Seq:
            items = [self.value(name, item, own) for item in term.items]
            # A block that may stand but once is an object; the name of any other one is in the plural.
            blocks = own is not None and own.inner is not None
            return items[0] if len(items) == 1 and (name in ONCE or (blocks and not name.endswith("s"))) else items
        if type(term) is Obj and own is not None and own.inner is not None:
            return {
                n: held
                for n, p in own.inner.items()
                if p.attribute in term.entries and (held := self.value(n, term.entries[p.attribute], p)) is not None
            }
        if type(term) is Obj:
            return {key: self.value(key, item, None) for key, item in term.entries.items()}
        if type(term) is Json:
            return json.dumps(self.value(name, term.inner, None), separators=(",", ":"))
        if type(term) is Lit:
            return float(term.v) if isinstance(term.v, Decimal) else term.v
        if type(term) is Txt:
            return "".join(map(self.part, term.parts))
        if type(term) is Unk and term.name in _KNOWN:
            return _KNOWN[term.name]
        raise SystemExit(f"{term.span.doc.path}:{term.span.line}: {name} is not known: {term}")

    def part(self, part: str | Ref | Hole) -> str:
        """A part of a text."""
        if isinstance(part, str):
            return part
        if isinstance(part, Hole):
            return _KNOWN[part.name]
        found = self.by_key[part.reference.target]
        self.needs.add(self.urn(found))
        attribute = part.reference.shown.rpartition(".")[2]
        if attribute == "execution_arn":  # of which a reference is the last part
            return self.made_up(found, "id")
        return self.made_up(found, attribute)

    def made_up(self, found: Declared, attribute: str) -> str:
        """What an attribute of a deployed resource might be."""
        stated = found.block.entries.get(attribute)
        if type(stated) is Lit and isinstance(stated.v, str):
            return stated.v
        own = next(
            (found.block.entries[n] for n in OWN_NAME.get(found.type, ("name",)) if n in found.block.entries), None
        )
        name = own.v if type(own) is Lit else f"{self.name(found)}-1a2b3c4"
        service = self.token(found.type).split(":")[1].partition("/")[0]
        form = _ARNS.get(found.type, f"{service}:{{region}}:{{account}}:{found.type.removeprefix('aws_')}/{{name}}")
        arn = "arn:aws:" + form.format(region=REGION, account=ACCOUNT, name=name)
        if attribute == "invoke_arn":
            return f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{arn}/invocations"
        if attribute == "execution_arn":
            return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{self.made_up(found, 'id')}"
        if attribute == "stream_arn":
            return f"{arn}/stream/2026-01-01T00:00:00.000"
        if attribute == "arn" or attribute.endswith("_arn"):
            return arn
        if attribute == "url" or (attribute == "id" and found.type == "aws_sqs_queue"):
            return f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}"
        if attribute == "id" and found.type in {"aws_sns_topic", "aws_secretsmanager_secret", "aws_iam_policy"}:
            return arn
        if attribute in {"id", "bucket", "function_name"} and own is not None and "gateway" not in found.type:
            return str(name)
        return f"{found.type.rpartition('_')[2]}-{attribute}-{self.name(found)}"


def camel(name: str) -> str:
    """A name in camel case."""
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def main() -> None:
    """Write all of them."""
    for path in sorted(FAMILIES.glob("*/plan.json")):
        if "variable " in path.with_name("main.tf").read_text(encoding="utf-8"):
            continue  # a program leaves nothing open
        made = json.dumps(Family(path.parent).export(), indent=1)
        path.with_name("pulumi.json").write_text(made + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
