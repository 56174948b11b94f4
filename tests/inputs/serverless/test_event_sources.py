"""What events become where something of them is not known, is written wrongly, or is of version 4 alone.

What the framework makes of them where all is known is compared in tests/oracles/test_serverless_package.py.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.load import load
from stockade.model import app as m
from stockade.model.diff import plain
from stockade.model.value import File

_ODD: tuple[Any, ...] = (
    5,
    1.5,
    "",
    None,
    True,
    "text",
    [],
    [5],
    [[1]],
    {},
    {"x": 1},
    {"Ref": "X"},
    {"Fn::Join": [",", 5]},
    {"Fn::GetAtt": 5},
    {"Fn::Sub": ["a"]},
    "${ssm:/x}",
    "arn:aws:sqs:us-east-1:${ssm:/x}:q",
    "s3://[x",
)
_LOGIN = "arn:aws:secretsmanager:us-east-1:1:secret:S"
_BROKER = {"arn": "arn:aws:mq:us-east-1:1:broker:b:b-1", "basicAuthArn": _LOGIN, "queue": "q"}
_BLOCKS: dict[str, dict[str, Any]] = {
    "sqs": {"arn": "arn:aws:sqs:us-east-1:1:q", "filterPatterns": [{"a": [1]}], "maximumConcurrency": 2},
    "stream": {
        "arn": "arn:aws:kinesis:us-east-1:1:stream/s",
        "type": "kinesis",
        "consumer": True,
        "destinations": {"onFailure": "arn:aws:sqs:us-east-1:1:q"},
    },
    "kafka": {
        "bootstrapServers": ["a:1"],
        "topic": "t",
        "accessConfigurations": {"vpcSubnet": ["subnet-1"], "saslPlainAuth": [_LOGIN]},
    },
    "msk": {"arn": "arn:aws:kafka:us-east-1:1:cluster/c/1", "topic": "t", "saslScram512": _LOGIN},
    "activemq": _BROKER,
    "rabbitmq": {**_BROKER, "virtualHost": "/"},
    "sns": {
        "arn": "arn:aws:sns:us-east-1:1:t",
        "topicName": "t",
        "filterPolicy": {"a": [1]},
        "redrivePolicy": {"deadLetterTargetRef": "Q"},
    },
    "s3": {"bucket": "b", "event": "s3:ObjectCreated:*", "rules": [{"prefix": "a"}], "existing": True},
    "cognitoUserPool": {"pool": "p", "trigger": "CustomSMSSender", "kmsKeyId": "arn:aws:kms:k", "existing": True},
    "iot": {"sql": "SELECT 1", "enabled": False, "name": "n"},
    "iotFleetProvisioning": {"templateBody": {"a": 1}, "provisioningRoleArn": "arn:aws:iam::1:role/r"},
    "alexaSkill": {"appId": "a", "enabled": False},
    "alexaSmartHome": {"appId": "a"},
    "cloudFront": {
        "eventType": "viewer-request",
        "origin": "https://a.example",
        "behavior": {"Compress": True},
        "cachePolicy": {"name": "p"},
    },
}


def _load(folder: Path, *events: Any, provider: dict[str, Any] | None = None, **function: Any) -> m.App:
    service = {
        "service": "x",
        "provider": {"name": "aws", "runtime": "nodejs20.x", **(provider or {})},
        "functions": {"f": {"handler": "a.b", "events": list(events), **function}},
    }
    (folder / "serverless.yml").write_text(json.dumps(service), encoding="utf-8")
    return load(folder)


def _hidden(app: m.App) -> list[str]:
    return [gap.what for gap in app.gaps if gap.hides]


def _actions(app: m.App, name: str) -> list[str]:
    role = next(role for role in app.roles if role.key.endswith(f"#{name}"))
    statements = [statement for policy in role.inline for statement in policy.statements]
    return [str(plain(action)) for s in statements if s.actions is not None for action in s.actions]


@pytest.mark.parametrize("type_", _BLOCKS)
def test_wrong_shapes_never_break_the_reading(type_: str, tmp_path: Path) -> None:
    block = _BLOCKS[type_]
    for odd in _ODD:
        _load(tmp_path, {type_: odd})
        for key, value in block.items():
            _load(tmp_path, {type_: {**block, key: odd}})
            _load(tmp_path, {type_: {k: v for k, v in block.items() if k != key}})
            if isinstance(value, dict):
                for inner in value:
                    _load(tmp_path, {type_: {**block, key: {**value, inner: odd}}})


@pytest.mark.parametrize("type_", _BLOCKS)
def test_what_is_not_known_is_noted_where_it_hides_something(type_: str, tmp_path: Path) -> None:
    app = _load(tmp_path, {type_: "${ssm:/x}"})
    made: dict[str, type[m.Resource]] = {
        "sqs": m.EventSource,
        "s3": m.Bucket,
        "alexaSkill": m.Permission,
        "alexaSmartHome": m.Permission,
    }
    assert app.of(made[type_]) if type_ in made else _hidden(app)


@pytest.mark.parametrize("type_", _BLOCKS)
def test_of_a_mere_type_nothing_is_made(type_: str, tmp_path: Path) -> None:
    without = {resource.key for resource in _load(tmp_path).resources}
    for event in (type_, {type_: None}, {type_: False}):
        assert {resource.key for resource in _load(tmp_path, event).resources} == without


def test_values_stand_where_they_are_written(tmp_path: Path) -> None:
    app = _load(tmp_path, {"sqs": {"arn": "arn:aws:sqs:us-east-1:1:mine"}})
    (source,) = app.of(m.EventSource)
    assert source.source_arn is not None
    origin = source.source_arn.origin
    assert isinstance(origin, File)
    span = origin.span
    assert span.doc.text[span.start : span.end] == '"arn:aws:sqs:us-east-1:1:mine"'


def test_sources_that_may_differ_are_kept_apart(tmp_path: Path) -> None:
    queues = [{"sqs": f"arn:aws:sqs:us-east-1:1:${{ssm:/{name}}}-x"} for name in "ab"]
    assert len(_load(tmp_path, *queues).of(m.EventSource)) == 2
    topics = [{"sns": f"arn:aws:sns:us-east-1:1:${{ssm:/{name}}}-x"} for name in "ab"]
    assert len(_load(tmp_path, *topics).of(m.Permission)) == 2


def test_a_stream_of_unknown_kind_leaves_the_role_unsure(tmp_path: Path) -> None:
    assert "what the role of `f` is allowed on a stream" in _hidden(_load(tmp_path, {"stream": "${ssm:/stream}"}))
    known = _load(tmp_path, {"stream": {"type": "dynamodb", "arn": "${ssm:/stream}"}})
    assert not _hidden(known)
    assert "dynamodb:GetRecords" in _actions(known, "IamRoleLambdaExecution")


def test_a_bucket_of_an_unknown_definition_is_unknown(tmp_path: Path) -> None:
    app = _load(tmp_path, {"s3": "mine"}, provider={"s3": "${file(none.yml)}"})
    bucket = next(bucket for bucket in app.of(m.Bucket) if bucket.key.endswith("#S3BucketMine"))
    assert not bucket.block_public_acls.is_true().is_yes
    assert not bucket.block_public_acls.is_true().is_no


def test_whether_a_bucket_exists_may_be_open(tmp_path: Path) -> None:
    assert "the bucket of `f`" in _hidden(_load(tmp_path, {"s3": {"bucket": "b", "existing": "${ssm:/x}"}}))


def test_version_4_encrypts_topics_that_it_makes(tmp_path: Path) -> None:
    (topic,) = _load(tmp_path, {"sns": {"topicName": "t", "kmsMasterKeyId": "alias/aws/sns"}}).of(m.Topic)
    assert plain(topic.kms_key) == "alias/aws/sns"


def test_version_4_has_versions_of_triggers(tmp_path: Path) -> None:
    block = {"pool": "P", "trigger": "PreTokenGeneration", "lambdaVersion": "V2_0"}
    (pool,) = _load(tmp_path, {"cognitoUserPool": block}).of(m.UserPool)
    assert len(pool.triggers.items) == 1


def test_version_4_allows_events_to_the_functions_own_role_alone(tmp_path: Path) -> None:
    own = {"role": {"statements": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}}
    events = [{type_: _BLOCKS[type_]} for type_ in ("stream", "sqs", "msk", "cloudFront")]
    app = _load(tmp_path, *events, iam=own)
    actions = _actions(app, "FIamRoleLambdaExecution")
    for action in ("kinesis:SubscribeToShard", "sqs:ReceiveMessage", "kafka:DescribeCluster", "ec2:DescribeVpcs"):
        assert action in actions
    (role,) = app.roles
    assert "edgelambda.amazonaws.com" in repr([plain(statement) for statement in role.trust])


def test_functions_at_the_edge_have_no_variables(tmp_path: Path) -> None:
    app = _load(tmp_path, {"cloudFront": _BLOCKS["cloudFront"]}, environment={"A": "b"})
    (function,) = app.functions
    assert plain(function.memory) == 128
    assert not tuple(function.environment)
