"""Writes src/stockade/knowledge/data/sam.json and sam_connectors.json.

Run with the package `aws-sam-translator` (Apache-2.0) installed:

    python scripts/knowledge/build_sam.py 2026-10-12       # the day of that release

Policy templates, connectors, Globals, resource and event properties are the translator's own data. What the role that
it generates may do is found out by running it on one small template for each thing that adds to a role.
"""

from __future__ import annotations

import json
import os
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

os.environ["AWS_DEFAULT_REGION"] = "us-east-1"  # the translator asks boto3 for one

from samtranslator.model import ResourceMacro, sam_resources
from samtranslator.model.stepfunctions import events as state_machine_events
from samtranslator.parser.parser import Parser
from samtranslator.plugins.globals.globals import CUSTOM_STRATEGIES, Globals
from samtranslator.translator.translator import Translator

DATA = Path(__file__).parents[2] / "src/stockade/knowledge/data"

# What is put where the user's own value goes.
HOLE = {name: "${" + name + "}" for name in ("destination", "source", "secret", "key", "queue")}

AUTH = [{"Type": "BASIC_AUTH", "URI": HOLE["secret"]}]
VPC_AUTH = [{"Type": "VPC_SUBNET", "URI": "subnet:s"}, {"Type": "VPC_SECURITY_GROUP", "URI": "security_group:g"}]


def failure(kind: str) -> dict[str, Any]:
    """A stream with a place for failed records."""
    return {
        "Type": "Kinesis",
        "Properties": {
            "Stream": HOLE["source"],
            "StartingPosition": "LATEST",
            "DestinationConfig": {"OnFailure": {"Type": kind, "Destination": HOLE["destination"]}},
        },
    }


def event(kind: str, **properties: object) -> dict[str, Any]:
    """A function's property with one event source."""
    return {"Events": {"E": {"Type": kind, "Properties": properties}}}


def outcome(side: str, kind: str) -> dict[str, Any]:
    """A function's property with one destination of asynchronous events."""
    return {"EventInvokeConfig": {"DestinationConfig": {side: {"Type": kind, "Destination": HOLE["destination"]}}}}


STREAM = {"Stream": HOLE["source"], "StartingPosition": "LATEST"}
KAFKA = {"KafkaBootstrapServers": ["host:9092"], "Topics": ["t"]}

# what adds to the role: the function's properties that make it so
ROLE_PARTS: dict[str, dict[str, Any]] = {
    "tracing": {"Tracing": "Active"},
    "vpc": {"VpcConfig": {"SubnetIds": ["s"], "SecurityGroupIds": ["g"]}},
    "dead-letter-queue:SQS": {"DeadLetterQueue": {"Type": "SQS", "TargetArn": HOLE["destination"]}},
    "dead-letter-queue:SNS": {"DeadLetterQueue": {"Type": "SNS", "TargetArn": HOLE["destination"]}},
    **{f"on-success:{kind}": outcome("OnSuccess", kind) for kind in ("SQS", "SNS", "Lambda", "EventBridge")},
    **{
        f"on-failure:{kind}": outcome("OnFailure", kind) for kind in ("SQS", "SNS", "Lambda", "EventBridge", "S3Bucket")
    },
    "event:Kinesis": event("Kinesis", **STREAM),
    "event:DynamoDB": event("DynamoDB", **STREAM),
    "event:SQS": event("SQS", Queue=HOLE["source"]),
    "event:MSK": event("MSK", **STREAM),
    "event:MSK:secret": event(
        "MSK",
        **STREAM,
        SourceAccessConfigurations=[{"Type": "CLIENT_CERTIFICATE_TLS_AUTH", "URI": HOLE["secret"]}],
    ),
    "event:MQ": event("MQ", Broker=HOLE["source"], Queues=["q"], SourceAccessConfigurations=AUTH),
    "event:MQ:key": event(
        "MQ", Broker=HOLE["source"], Queues=["q"], SourceAccessConfigurations=AUTH, SecretsManagerKmsKeyId=HOLE["key"]
    ),
    "event:SelfManagedKafka:secret": event("SelfManagedKafka", **KAFKA, SourceAccessConfigurations=AUTH),
    "event:SelfManagedKafka:vpc": event("SelfManagedKafka", **KAFKA, SourceAccessConfigurations=VPC_AUTH),
    "event:DocumentDB": event(
        "DocumentDB",
        Cluster=HOLE["source"],
        DatabaseName="d",
        StartingPosition="LATEST",
        SourceAccessConfigurations=AUTH,
    ),
    **{f"event:on-failure:{kind}": {"Events": {"E": failure(kind)}} for kind in ("SQS", "SNS", "S3")},
}
BASE = {"Handler": "a.b", "Runtime": "python3.14", "CodeUri": "s3://b/k"}
PREFIX = "arn:aws:iam::aws:policy/"


def role_of(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties of the role that the translator makes for a function with these properties."""
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {**BASE, **properties}}},
    }
    made = Translator({}, Parser()).translate(template, {})
    found: dict[str, Any] = made["Resources"]["FRole"]["Properties"]
    return found


def role_parts() -> list[dict[str, Any]]:
    """What each feature adds to what every generated role has."""
    base = role_of({})
    durable = role_of({"DurableConfig": {"ExecutionTimeout": 60}})
    managed = set(base["ManagedPolicyArns"])
    parts = [part("base", base, set()), part("durable", durable, set())]
    parts += [part(when, role_of(properties), managed) for when, properties in ROLE_PARTS.items()]
    return parts


def part(when: str, role: dict[str, Any], without: set[str]) -> dict[str, Any]:
    """One row of the table."""
    return {
        "when": when,
        "managed": [arn.removeprefix(PREFIX) for arn in role["ManagedPolicyArns"] if arn not in without],
        "statements": [
            statement for policy in role.get("Policies", []) for statement in policy["PolicyDocument"]["Statement"]
        ],
    }


def properties_of(macro: type[ResourceMacro]) -> dict[str, bool]:
    """The names of a resource's or event's properties, and whether each is required."""
    return {name: bool(kind.required) for name, kind in sorted(macro.property_types.items())}


def resource_types() -> dict[str, dict[str, bool]]:
    """Every `AWS::Serverless::*` type with its properties."""
    found = {}
    for macro in vars(sam_resources).values():
        name = getattr(macro, "resource_type", None)
        if isinstance(name, str) and name.startswith("AWS::Serverless::"):
            found[name] = properties_of(macro)
    return dict(sorted(found.items()))


def function_events() -> dict[str, dict[str, Any]]:
    """Every event type of a function."""
    found = {}
    for name, macro in sam_resources.SamFunction.event_resolver.resource_types.items():
        if name is None:
            continue
        found[name] = {
            "pull": "EventSourceMapping" in (macro.to_cloudformation.__doc__ or ""),
            "principal": getattr(macro, "principal", None),
            "properties": properties_of(macro),
        }
    return dict(sorted(found.items()))


def machine_events() -> dict[str, dict[str, bool]]:
    """Every event type of a state machine."""
    found = {}
    for macro in vars(state_machine_events).values():
        name = getattr(macro, "resource_type", None)
        if isinstance(macro, type) and issubclass(macro, state_machine_events.EventSource) and isinstance(name, str):
            found[name] = properties_of(macro)
    found.setdefault("ScheduleV2", function_events()["ScheduleV2"]["properties"])
    return dict(sorted(found.items()))


def main() -> int:
    """Write both files; the argument is the day of the translator's release."""
    (day,) = sys.argv[1:]
    provenance = {
        "as_of": day,
        "sources": [
            {
                "name": "aws-sam-translator",
                "version": version("aws-sam-translator"),
                "date": day,
                "licence": "Apache-2.0",
                "gives": "all of it",
            }
        ],
        "notes": "",
    }
    root = files("samtranslator")
    templates = json.loads((root / "policy_templates_data/policy_templates.json").read_text(encoding="utf-8"))
    document = {
        "provenance": provenance,
        "policy_templates": {
            name: {
                "description": template["Description"],
                "parameters": {key: value["Description"] for key, value in template["Parameters"].items()},
                "statements": template["Definition"]["Statement"],
            }
            for name, template in sorted(templates["Templates"].items())
        },
        "globals": {
            name.removeprefix("AWS::Serverless::"): names for name, names in Globals.supported_properties.items()
        },
        "globals_merge": {path: how.value for path, how in CUSTOM_STRATEGIES.items()},
        "resource_types": resource_types(),
        "function_events": function_events(),
        "state_machine_events": machine_events(),
        "role": {"trust": role_of({})["AssumeRolePolicyDocument"], "parts": role_parts()},
    }
    (DATA / "sam.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    profiles = json.loads((root / "model/connector_profiles/profiles.json").read_text(encoding="utf-8"))
    connectors = {
        "provenance": provenance,
        "profiles": [
            {"source": source, "destination": destination, "kind": profile["Type"], "properties": profile["Properties"]}
            for source, destinations in sorted(profiles["Permissions"].items())
            for destination, profile in sorted(destinations.items())
        ],
        "resources": profiles["CfnResourceProperties"],
    }
    (DATA / "sam_connectors.json").write_text(json.dumps(connectors, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
