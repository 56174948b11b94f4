"""Pulumi's names for Terraform's types and attributes, against our tables and what Terraform's provider says of itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.terraform.tables import tables
from stockade.knowledge import pulumi
from stockade.knowledge.pulumi import Property

SCHEMA = Path(__file__).parents[1] / "oracles" / "terraform" / "schema.json"
SCHEMAS: dict[str, Any] = json.loads(SCHEMA.read_text(encoding="utf-8"))
# What is newer than the version of Terraform's provider whose attributes Pulumi's properties have to agree with.
NEWER = {"aws_lambda_capacity_provider"}
TYPES = sorted({name.partition("/")[0] for name in tables()} - NEWER)
# What no property gives: the code of functions and layers is an archive, and stages have left the deployments of APIs.
WITHOUT = {
    ("aws_lambda_function", "filename"),
    ("aws_lambda_layer_version", "filename"),
    ("aws_api_gateway_deployment", "stage_name"),
}


@pytest.mark.parametrize("type_", TYPES)
def test_every_type_of_ours_has_a_token_and_every_field_a_property(type_: str) -> None:
    assert type_ in pulumi.types().values()
    known = pulumi.properties(type_)
    assert known is not None
    attributes = {own.attribute for own in known.values()}
    needed = {lens.path[0] for lens in tables()[type_].fields.values()} if type_ in tables() else set()
    assert {(type_, name) for name in needed - attributes} <= WITHOUT


def of(known: dict[str, Property], schema: dict[str, Any], at: str = "") -> Iterator[str]:
    """Where an object is none in Terraform, or the other way round."""
    for name, own in known.items():
        kind = schema.get(own.attribute)
        if kind is None:
            continue  # of a later version
        block = kind[1] if isinstance(kind, list) and isinstance(kind[1], dict) else None
        if own.inner is not None and block is not None:
            yield from of(own.inner, block, f"{at}{name}.")
        elif (own.inner is not None) != (block is not None):
            yield f"{at}{name}"


@pytest.mark.parametrize("type_", [type_ for type_ in TYPES if type_ in SCHEMAS])
def test_objects_are_blocks_and_their_properties_attributes(type_: str) -> None:
    assert list(of(pulumi.properties(type_) or {}, SCHEMAS[type_])) == []


@pytest.mark.parametrize(
    ("token", "type_", "way", "attribute"),
    [
        ("aws:lambda/function:Function", "aws_lambda_function", ("deadLetterConfig", "targetArn"), "target_arn"),
        ("aws:lambda/function:Function", "aws_lambda_function", ("name",), "function_name"),
        ("aws:lambda/permission:Permission", "aws_lambda_permission", ("function",), "function_name"),
        ("aws:dynamodb/table:Table", "aws_dynamodb_table", ("globalSecondaryIndexes",), "global_secondary_index"),
        ("aws:s3/bucketV2:BucketV2", "aws_s3_bucket", ("bucket",), "bucket"),
        ("aws:lb/loadBalancer:LoadBalancer", "aws_lb", ("subnetMappings",), "subnet_mapping"),
        ("aws:sns/topicSubscription:TopicSubscription", "aws_sns_topic_subscription", ("topic",), "topic_arn"),
    ],
)
def test_what_the_documentation_says(token: str, type_: str, way: tuple[str, ...], attribute: str) -> None:
    assert pulumi.types()[token] == type_
    known = pulumi.properties(type_)
    own = None
    for step in way:
        assert known is not None
        own = known[step]
        known = own.inner
    assert own is not None
    assert own.attribute == attribute


def test_maps_and_lists_of_one() -> None:
    variables = (pulumi.properties("aws_lambda_function") or {})["environment"].inner
    assert variables == {"variables": Property("variables")}
    types = ((pulumi.properties("aws_api_gateway_rest_api") or {})["endpointConfiguration"].inner or {})["types"]
    assert types.one


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("kmsKeyArn", "kms_key_arn"), ("s3Bucket", "s3_bucket"), ("ipv6CidrBlock", "ipv6_cidr_block"), ("arn", "arn")],
)
def test_camel_case(name: str, attribute: str) -> None:
    assert pulumi.snake(name) == attribute
