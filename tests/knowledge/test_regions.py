"""Partitions, regions and service principals."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from stockade.knowledge import regions


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-central-2", "aws"),
        ("ap-southeast-7", "aws"),
        ("cn-north-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eusc-de-east-1", "aws-eusc"),
        ("eu-west-9", "aws"),  # not there yet, but of its kind
        ("moon-base-1", None),
        ("", None),
        ("us-east-1a", None),
    ],
)
def test_partition_of_a_region(region: str, partition: str | None) -> None:
    found = regions.partition_of(region)
    assert (found.id if found else None) == partition


def test_regions_that_are_there() -> None:
    assert regions.is_region("eu-west-1")
    assert not regions.is_region("eu-west-9")
    assert not regions.is_region("aws-global")
    assert len(regions.regions()) > 45
    assert regions.partitions()[0].id == "aws"


def test_suffixes() -> None:
    china = regions.partition("aws-cn")
    assert china is not None
    assert china.dns_suffix == "amazonaws.com.cn"
    assert china.principal_suffixes == ("amazonaws.com", "amazonaws.com.cn")
    assert regions.partition("aws-moon") is None


@pytest.mark.parametrize(
    ("principal", "service"),
    [
        ("s3.amazonaws.com", "s3"),
        ("logs.eu-west-1.amazonaws.com", "logs"),
        ("logs.cn-north-1.amazonaws.com.cn", "logs"),
        ("lambda.alarms.cloudwatch.amazonaws.com", "lambda.alarms.cloudwatch"),
        ("batchoperations.s3.amazonaws.com", "batchoperations.s3"),
        ("alexa-appkit.amazon.com", "alexa-appkit"),
        ("EC2.amazonaws.com", "ec2"),
        ("amazonaws.com", None),
        ("s3.amazonaws.com.evil.example", None),
        ("arn:aws:iam::123456789012:root", None),
        ("*", None),
        ("", None),
        ("s3amazonaws.com", None),
    ],
)
def test_service_principals(principal: str, service: str | None) -> None:
    assert regions.service_of(principal) == service
    assert regions.is_service_principal(principal) is (service is not None)


def test_partitions_equal_those_of_botocore() -> None:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        pytest.fail("botocore is not installed")
    theirs = json.loads((Path(spec.origin).parent / "data/partitions.json").read_text(encoding="utf-8"))["partitions"]
    ours = {known.id: set(known.regions) for known in regions.partitions()}
    for partition in theirs:
        known = {name for name in partition["regions"] if not name.endswith("-global")}
        assert ours[partition["id"]] >= known or known >= ours[partition["id"]]
