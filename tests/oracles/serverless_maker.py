"""Services that are put together by chance, of everything that the framework takes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import yaml

Chance = random.Random
ACCOUNT = "123456789012"


def _arn(service: str, name: str) -> str:
    return f"arn:aws:{service}:us-east-1:{ACCOUNT}:{name}"


def _some(chance: Chance, options: dict[str, Any], share: float = 0.35) -> dict[str, Any]:
    """Some of the options."""
    return {key: value for key, value in options.items() if chance.random() < share}


def _http(chance: Chance, number: int) -> Any:
    method = chance.choice(["get", "post", "put", "any"])
    path = chance.choice([f"a{number}", f"a{number}/{{id}}", f"a{number}/b-c/{{rest+}}"])
    if chance.random() < 0.3:
        return f"{method} {path}"
    more = _some(chance, {"cors": chance.choice([True, {"origin": "https://x.example", "allowCredentials": True}])})
    if chance.random() < 0.4:
        more["authorizer"] = chance.choice(
            ["aws_iam", {"name": "pool", "arn": _arn("cognito-idp", "userpool/us-east-1_abc")}, "guard"]
        )
    elif chance.random() < 0.3:
        more["private"] = True
    return {"method": method, "path": path} | more


def _http_api(chance: Chance, number: int) -> Any:
    method = chance.choice(["GET", "POST", "*"])
    path = chance.choice([f"/h{number}", f"/h{number}/{{id}}"])
    if chance.random() < 0.4:
        return f"{method} {path}"
    return {"method": method, "path": path} | _some(chance, {"authorizer": {"type": "aws_iam"}})


def _sqs(chance: Chance, number: int) -> Any:
    arn = chance.choice([_arn("sqs", f"q{number}"), {"Fn::GetAtt": ["Queue", "Arn"]}])
    if isinstance(arn, str) and chance.random() < 0.3:
        return arn
    options = {
        "batchSize": chance.randint(1, 10),
        "enabled": False,
        "functionResponseType": "ReportBatchItemFailures",
        "maximumConcurrency": 3,
        "maximumBatchingWindow": 7,
    }
    return {"arn": arn} | _some(chance, options)


def _stream(chance: Chance, number: int) -> Any:
    kind = chance.choice(["kinesis", "dynamodb"])
    name = f"stream/s{number}" if kind == "kinesis" else f"table/t{number}/stream/2026"
    options = {
        "batchSize": 50,
        "bisectBatchOnFunctionError": True,
        "maximumRetryAttempts": 3,
        "maximumRecordAgeInSeconds": 600,
        "parallelizationFactor": 2,
        "destinations": {"onFailure": _arn("sqs", "dead")},
        "functionResponseType": "ReportBatchItemFailures",
    }
    return {"type": kind, "arn": _arn(kind, name)} | _some(chance, options)


def _topic(chance: Chance, number: int) -> Any:
    if chance.random() < 0.5:
        return f"topic{number}"
    return {"arn": _arn("sns", f"topic{number}"), "topicName": f"topic{number}"} | _some(
        chance, {"filterPolicy": {"kind": ["x"]}, "redrivePolicy": {"deadLetterTargetArn": _arn("sqs", "dead")}}
    )


def _bucket(chance: Chance, number: int) -> Any:
    if chance.random() < 0.4:
        return f"files-{number}"
    return {"bucket": f"files-{number}", "event": "s3:ObjectRemoved:*"} | _some(chance, {"rules": [{"prefix": "in/"}]})


def _schedule(chance: Chance, number: int) -> Any:
    rate = chance.choice(["rate(10 minutes)", "cron(0 12 * * ? *)"])
    if chance.random() < 0.3:
        return rate
    method = _some(chance, {"method": "scheduler"})
    return {"rate": [rate], "name": f"tick-{number}"} | method | _some(chance, {"enabled": False, "input": {"a": 1}})


def _bus(chance: Chance, number: int) -> Any:
    source: dict[str, Any] = {"pattern": {"source": [f"shop.{number}"]}}
    return source | _some(
        chance, {"eventBus": _arn("events", "event-bus/shop"), "deadLetterQueueArn": _arn("sqs", "dead")}
    )


EVENTS: dict[str, Callable[[Chance, int], Any]] = {
    "http": _http,
    "httpApi": _http_api,
    "sqs": _sqs,
    "stream": _stream,
    "sns": _topic,
    "s3": _bucket,
    "schedule": _schedule,
    "eventBridge": _bus,
    "cloudwatchLog": lambda _, number: f"/aws/lambda/other-{number}",
    "iot": lambda _, __: {"sql": "SELECT * FROM 'topic/1'"},
    "websocket": lambda _, number: f"route{number}",
    "alexaSkill": lambda _, number: f"amzn1.ask.skill.11111111-2222-3333-4444-{number:012}",
}


def _function(chance: Chance, key: str, number: int) -> dict[str, Any]:
    options = {
        "timeout": chance.randint(1, 900),
        "memorySize": 256,
        "runtime": "python3.11",
        "name": f"own-name-{number}",
        "description": "what it does",
        "tracing": chance.choice([True, "PassThrough"]),
        "environment": {"PLAIN": "text", "REFERRED": {"Ref": "Queue"}},
        "reservedConcurrency": chance.choice([0, 5]),
        "kmsKeyArn": _arn("kms", "key/11111111-2222-3333-4444-555555555555"),
        "onError": _arn("sns", "dead"),
        "url": chance.choice([True, {"authorizer": "aws_iam"}, {"cors": True}]),
        "logRetentionInDays": 14,
        "disableLogs": True,
        "architecture": "arm64",
        "layers": [_arn("lambda", "layer:one:1")],
        "tags": {"own": "tag"},
        "vpc": {"securityGroupIds": ["sg-1"], "subnetIds": ["subnet-1"]},
        "maximumRetryAttempts": chance.choice([0, 2]),
        "destinations": {"onFailure": _arn("sqs", "dead")},
        "role": chance.choice([f"arn:aws:iam::{ACCOUNT}:role/own", "OwnRole"]),
        "provisionedConcurrency": 2,
        "versionFunction": False,
        "ephemeralStorageSize": 1024,
    }
    kinds = chance.sample(sorted(EVENTS), chance.randint(0, 3))
    events = [{kind: EVENTS[kind](chance, number * 10 + index)} for index, kind in enumerate(kinds)]
    return {"handler": f"src/{key}.handler"} | _some(chance, options, 0.25) | ({"events": events} if events else {})


def service(seed: int) -> str:
    """A service in YAML; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    statements = [
        {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "arn:aws:s3:::files/*"},
        {"Effect": "Allow", "Action": "sqs:*", "Resource": {"Fn::GetAtt": ["Queue", "Arn"]}},
    ]
    provider: dict[str, Any] = {"name": "aws", "runtime": "nodejs18.x"} | _some(
        chance,
        {
            "stage": "prod",
            "timeout": 30,
            "memorySize": 512,
            "logRetentionInDays": 30,
            "environment": {"ALL": "yes"},
            "tracing": {"lambda": True, "apiGateway": True},
            "tags": {"team": "shop"},
            "iam": {
                "role": {"statements": statements, "managedPolicies": ["arn:aws:iam::aws:policy/AmazonSQSFullAccess"]}
            },
            "vpc": {"securityGroupIds": ["sg-2"], "subnetIds": ["subnet-2", "subnet-3"]},
            "httpApi": {"cors": True, "metrics": True},
            "apiGateway": {"minimumCompressionSize": 1024, "apiKeys": ["one"]},
            "logs": {"httpApi": True, "websocket": True},
            "versionFunctions": False,
        },
        0.4,
    )
    keys = ["guard", *chance.sample(["alpha", "beta-two", "gamma_three", "delta4"], chance.randint(1, 3))]
    functions = {key: _function(chance, key, number) for number, key in enumerate(keys)}
    functions["guard"] = {"handler": "src/guard.handler"}
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    own = {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]}}
    resources = {"Queue": {"Type": "AWS::SQS::Queue"}, "OwnRole": {"Type": "AWS::IAM::Role", "Properties": own}}
    whole = {
        "service": f"made-{seed}",
        "provider": provider,
        "functions": functions,
        "resources": {"Resources": resources},
    }
    text: str = yaml.safe_dump(whole, sort_keys=False)
    return text
