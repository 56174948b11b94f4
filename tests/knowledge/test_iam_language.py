"""The facts about the policy language that the Service Authorization Reference does not have."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from stockade.knowledge import iam
from stockade.knowledge.iam import _language


@pytest.mark.parametrize(
    ("key", "type_", "many"),
    [
        ("aws:SourceIp", "IPAddress", False),
        ("AWS:sourceip", "IPAddress", False),
        ("aws:TagKeys", "String", True),
        ("aws:PrincipalTag/team", "String", False),
        ("aws:MultiFactorAuthAge", "Numeric", False),
        ("lambda:SourceFunctionArn", "ARN", False),
        ("lambda:FunctionArn", "ARN", False),
        ("s3:ExistingObjectTag/a", "String", False),
        ("kms:EncryptionContext:app", "String", False),
        ("dynamodb:LeadingKeys", "String", True),
    ],
)
def test_condition_keys(key: str, type_: str, many: bool) -> None:  # noqa: FBT001
    found = iam.condition_key(key)
    assert found is not None
    assert (found.type, found.many) == (type_, many)


@pytest.mark.parametrize(
    "key", ["aws:PrincipalTag", "aws:PrincipalTag/", "aws:nothing", "s3:nothing", "nothing", "x:y", ""]
)
def test_what_is_no_condition_key(key: str) -> None:
    assert iam.condition_key(key) is None


def test_the_names_in_the_facts_are_names() -> None:
    language = iam.language()
    for key in (*language.sensitive_keys, *language.spoofable_keys, *language.keys_of_members, *language.vpce_keys):
        assert key in language.global_keys
    for key, paired in language.paired_keys.items():
        assert {key, *paired} <= set(language.global_keys)
    for alias, prefix in language.service_aliases.items():
        assert iam.service(prefix) is not None, alias
        assert iam.service(alias) is None, alias
    for name, allowed in language.operations.items():
        assert iam.action(name) is None, name
        first = allowed.replace(",", "").split()[0]
        assert iam.action(first) is not None, name
    for on in language.resource_policies.values():
        assert all(iam.service(prefix) is not None for prefix in on.services)
    for prefix in (
        *language.always_in_an_account,
        *language.services_without_all_keys,
        *language.sometimes_without_region,
    ):
        assert iam.service(prefix) is not None or prefix == "events", prefix


def test_what_aws_names_and_its_reference_does_not_is_up_to_date() -> None:
    path = Path(__file__).parents[2] / "scripts" / "knowledge" / "build_unlisted.py"
    spec = importlib.util.spec_from_file_location("build_unlisted", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    actions, keys = module.unlisted()
    assert set(actions) == _language._unlisted().actions
    assert set(keys) == _language._unlisted().condition_keys


def test_what_is_unlisted() -> None:
    assert iam.is_unlisted("evidently:GetSegment")
    assert iam.is_unlisted("evidently:Whatever"), "of a service that is gone, everything"
    assert not iam.is_unlisted("s3:GetObjekt")
    assert not iam.is_unlisted("nothing:GetObject")


def test_services_of_arns() -> None:
    assert {"s3", "sqs", "catalog"} <= iam.arn_services()
    assert "$" not in "".join(iam.arn_services())
    assert any(resource == "${BucketName}" for _, _, resource, _ in iam.arn_shapes("s3"))
    assert iam.arn_shapes("nothing") == ()
