from __future__ import annotations

import pytest

from stockade.iam.managed import attached, aws_policy
from stockade.model.value import Doubt, Hole, Known, ServiceDefault, Text, Unknown

HERE = ServiceDefault("test")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess"),
        ("arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole", "AWSLambdaBasicExecutionRole"),
        ("AmazonS3FullAccess", "AmazonS3FullAccess"),
        ("OurOwnPolicy", None),
        ("arn:aws:iam::111122223333:policy/AdministratorAccess", None),
    ],
)
def test_which_policies_are_awss(text: str, name: str | None) -> None:
    assert aws_policy(text) == name


def test_the_partition_may_be_open() -> None:
    hole = Hole("AWS::Partition", Doubt("the partition"), plain=True)
    (found,) = attached(Text(parts=("arn:", hole, ":iam::aws:policy/PowerUserAccess"), origin=HERE))
    assert found.policy is not None
    assert found.policy.kind == "power"


def test_what_is_not_known_says_why() -> None:
    (found,) = attached(Unknown(doubt=Doubt("the parameter `Arn` has no default"), origin=HERE))
    assert found.policy is None
    assert "Arn" in found.why.why
    (other,) = attached(Known(v="arn:aws:iam::111122223333:policy/own", origin=HERE))
    assert "not part of the scanned code" in other.why.why


def test_full_access_by_document_or_name() -> None:
    def full(name: str) -> bool:
        (found,) = attached(Known(v=name, origin=HERE))
        return found.is_full_access

    assert full("SecretsManagerReadWrite")
    assert full("AmazonAPIGatewayInvokeFullAccess")
    assert not full("AdministratorAccess")
    assert not full("AWSLambdaBasicExecutionRole")


def test_what_read_only_policies_leave_open() -> None:
    (parameters,) = attached(Known(v="AmazonSSMReadOnlyAccess", origin=HERE))
    assert "ssm:GetParameter" in parameters.secrets
    assert not parameters.is_open  # told as a read of secrets
    (objects,) = attached(Known(v="AmazonS3ReadOnlyAccess", origin=HERE))
    assert objects.is_open
