"""lower(SAM) against lower(translate(SAM)), where `translate` is AWS's own aws-sam-translator.

Whatever the transform makes of a template, our reading of the template itself must say the same: roles with their
statements, managed policies and trust, permissions, event source mappings, routes, URLs, asynchronous configurations,
aliases, layers, tables and all other records. A difference is a bug, or it is explained here by a reason that names the
templates and the kinds of records it is about.
"""

from __future__ import annotations

import json
import logging
import os
import re
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.oracles import sam_model

os.environ.setdefault("AWS_DEFAULT_REGION", sam_model.REGION)
OWN = Path(__file__).parent / "sam"
CORPUS = "aws+serverless-application-model/tests/translator/input"


class Reason(NamedTuple):
    """Why some templates differ, and in which kinds of records only."""

    why: str
    templates: frozenset[str]
    kinds: frozenset[str]


EXPLAINED: dict[str, Reason] = {
    "an HTTP API's event on a REST API": Reason(
        "the transform lets an `HttpApi` event edit the document of an `AWS::Serverless::Api`, a slip that it keeps for"
        " old templates; an authorizer without a function is written with an empty ARN",
        frozenset({"api_with_any_method_in_swagger.yaml"}),
        frozenset({"authorizer", "route"}),
    ),
    "a condition that CloudFormation refuses": Reason(
        "the transform writes `Condition: {Condition: name}` inside `Fn::And`, so that the translated template can't be"
        " deployed; here the function's own condition is never true, and nothing is made",
        frozenset({"function_with_event_dest_conditional.yaml"}),
        frozenset({"queue"}),
    ),
    "a reference to nothing": Reason(
        "the definition names a function that is in neither template, which each reading says in its own way",
        frozenset({"connector_rule_to_sfn.yaml", "connector_sfn_to_function.yaml"}),
        frozenset({"state-machine"}),
    ),
    "the stage of a state machine's route is forgotten": Reason(
        "the transform writes `execute-api:/${__Stage__}/…` with nothing for the stage, because only the events of"
        " functions are told it",
        frozenset({"state_machine_with_api_resource_policy.yaml"}),
        frozenset({"api"}),
    ),
}


_KINDS = {
    "function", "role", "permission", "event-source", "route", "url", "async-config", "alias", "layer", "table",
    "stage", "authorizer", "api", "event-rule", "schedule", "subscription", "notification", "queue", "policy", "domain",
    "state-machine", "graphql-api", "graphql-source", "usage-plan", "iot-rule", "log-subscription", "user-pool",
}  # fmt: skip


class _NoPolicies:
    """Stands for the call to IAM that the transform makes for a name that it does not know."""

    def load(self) -> dict[str, str]:
        return {}


def translate(text: str) -> dict[str, Any] | None:
    """What the transform makes of a template; None if it refuses it, or wants AWS for it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from samtranslator.translator.transform import transform
        from samtranslator.yaml_helper import yaml_parse

        before = logging.root.manager.disable
        logging.disable(logging.CRITICAL)
        try:
            result: dict[str, Any] = transform(yaml_parse(text), {}, _NoPolicies())
        except Exception:  # noqa: BLE001 - it raises whatever comes to it on what it refuses
            return None
        finally:
            logging.disable(before)
        return result


def compare(text: str, translated: dict[str, Any]) -> list[str]:
    """In what the two readings differ."""
    ours = sam_model.without_outputs(sam_model.shape_of(sam_model.load_text(text, syntax="yaml"), {}))
    names = sam_model.generated_names(translated)
    theirs = sam_model.without_outputs(sam_model.shape_of(sam_model.load_plain(translated), names))
    return sam_model.differences(ours, theirs)


def kinds_of(found: list[str]) -> set[str]:
    """The kinds of records that differ."""
    return {line.split()[1] for line in found}


def _reason(template: str, kinds: set[str]) -> str | None:
    return next((name for name, r in EXPLAINED.items() if template in r.templates and kinds <= r.kinds), None)


def corpus() -> Iterator[Path]:
    """The translator's own published inputs."""
    folder = os.environ.get("STOCKADE_CORPUS")
    if folder:
        yield from sorted((Path(folder) / CORPUS).glob("*"))


def test_every_template_of_our_own_set_is_equal(capsys: pytest.CaptureFixture[str]) -> None:
    """Our own words for each feature: no difference is allowed, and the transform must take each of them."""
    files = sorted(OWN.glob("*.yaml"))
    assert len(files) >= 12
    wrong: dict[str, list[str]] = {}
    records: Counter[str] = Counter()
    for file in files:
        text = file.read_text(encoding="utf-8")
        translated = translate(text)
        assert translated is not None, f"the transform refuses {file.name}"
        shape = sam_model.shape_of(sam_model.load_plain(translated), {})
        records.update({kind: sum(counted.values()) for kind, counted in shape.items()})
        found = compare(text, translated)
        if found:
            wrong[file.name] = found
    with capsys.disabled():
        shown = f"{len(files) - len(wrong)} of {len(files)} templates equal, {sum(records.values())} records compared"
        print(f"\nown set: {shown}")  # noqa: T201 - the counts are what the test is run for
    assert not wrong, "\n".join(f"{name}\n  " + "\n  ".join(found) for name, found in wrong.items())
    # What is compared is there to be compared.
    assert records.keys() >= _KINDS


@pytest.mark.corpus
def test_every_published_input_is_equal_or_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The inputs of the translator's own tests; those that it refuses must be read all the same."""
    files = list(corpus())
    assert files, "STOCKADE_CORPUS names no folder with the translator's inputs"
    equal = refused = 0
    explained: Counter[str] = Counter()
    wrong: dict[str, list[str]] = {}
    for file in files:
        text = file.read_text(encoding="utf-8")
        translated = translate(text)
        if translated is None:
            refused += 1
            sam_model.load_text(text, syntax="yaml")
            continue
        found = compare(text, translated)
        if not found:
            equal += 1
            continue
        reason = _reason(file.name, kinds_of(found))
        if reason is None:
            wrong[file.name] = found
        else:
            explained[reason] += 1
    with capsys.disabled():
        shown = f"equal {equal}, explained {sum(explained.values())}, not translatable {refused}"
        lines = [
            f"published inputs: {len(files)}, {shown}",
            *(f"  {count} {name}" for name, count in explained.items()),
        ]
        print("\n" + "\n".join(lines))  # noqa: T201 - the counts are what the test is run for
    assert not wrong, "\n".join(f"{name}\n  " + "\n  ".join(found) for name, found in wrong.items())
    assert explained.keys() == EXPLAINED.keys(), "a reason that explains nothing any more"


# Code on disk is packaged before the transform sees it, which knows no other place than S3.
_LOCAL = re.compile(
    r"^(\s*(?:- )?(?:CodeUri|ContentUri|DefinitionUri|SchemaUri)\s*:)[ \t]*(?!s3:)[^\s{!#|>&][^\n#]*", re.MULTILINE
)


def others() -> Iterator[tuple[str, str]]:
    """SAM templates of other projects, as they are after packaging."""
    folder = os.environ.get("STOCKADE_CORPUS")
    if not folder:
        return
    for path in sorted(Path(folder).rglob("*.y*ml")):
        shown = path.relative_to(folder).as_posix()
        if shown.startswith(CORPUS) or path.stat().st_size > 60_000:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if "AWS::Serverless-2016-10-31" in text:
            yield shown, _LOCAL.sub(r"\1 s3://bucket/key", text)


@pytest.mark.corpus
def test_templates_of_real_projects_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    """What people write, which is not what the translator's tests think of: no difference is allowed."""
    equal = refused = 0
    wrong: dict[str, list[str]] = {}
    for shown, text in others():
        translated = translate(text)
        if translated is None:
            refused += 1
            continue
        found = compare(text, translated)
        if found:
            wrong[shown] = found
        else:
            equal += 1
    assert equal + refused, "STOCKADE_CORPUS names no folder with templates"
    with capsys.disabled():
        print(f"\nreal projects: equal {equal}, not translatable {refused}")  # noqa: T201 - the counts are what it is run for
    assert not wrong, "\n".join(f"{name}\n  " + "\n  ".join(found) for name, found in wrong.items())


# ------------------------------------------------------------------------------------------------------ made templates

_ids = st.sampled_from(["Alpha", "Beta", "Gamma"])
_names = st.sampled_from(["orders", "items", "users"])
_arns = st.one_of(
    st.just({"Fn::GetAtt": ["Queue", "Arn"]}),
    st.just("arn:aws:sqs:us-east-1:123456789012:work"),
    st.just({"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:work"}),
)
_policies = st.one_of(
    st.sampled_from(["AmazonS3ReadOnlyAccess", "arn:aws:iam::123456789012:policy/own", "AWSLambdaBasicExecutionRole"]),
    st.just({"Ref": "ManagedArn"}),
    _names.map(lambda name: {"DynamoDBCrudPolicy": {"TableName": name}}),
    st.just({"SQSPollerPolicy": {"QueueName": {"Fn::GetAtt": ["Queue", "QueueName"]}}}),
    st.just({"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}]}),
    st.just({"Fn::If": ["IsProd", {"S3ReadPolicy": {"BucketName": "prod"}}, {"Ref": "AWS::NoValue"}]}),
    st.just({"Fn::If": ["IsProd", "AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"]}),
)
_route = st.fixed_dictionaries(
    {
        "Path": st.sampled_from(["/", "/orders", "/orders/{id}", "/a/{proxy+}"]),
        "Method": st.sampled_from(["get", "POST", "any"]),
    }
)
_rest_auth = st.sampled_from(
    [None, {"Authorizer": "NONE"}, {"Authorizer": "Pool"}, {"Authorizer": "AWS_IAM"}, {"ApiKeyRequired": True}]
)
_http_auth = st.sampled_from([None, {"Authorizer": "NONE"}, {"Authorizer": "Token"}])


def _event(kind: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {"Type": kind, "Properties": {k: v for k, v in properties.items() if v is not None}}


_dead_letter = st.sampled_from([None, {"Arn": {"Fn::GetAtt": ["Queue", "Arn"]}}, {"Type": "SQS"}])
_sns = {"OnFailure": {"Type": "SNS", "Destination": "arn:aws:sns:us-east-1:123456789012:t"}}
_states = st.sampled_from([None, True, False])
_hourly = {"Schedule": "rate(1 hour)"}
_events = st.one_of(
    st.builds(lambda r, a: _event("Api", {**r, "RestApiId": {"Ref": "Rest"}, "Auth": a}), _route, _rest_auth),
    st.builds(lambda r: _event("Api", r), _route),
    st.builds(lambda r, a: _event("HttpApi", {**r, "ApiId": {"Ref": "Http"}, "Auth": a}), _route, _http_auth),
    st.builds(
        lambda queue, size, failed: _event("SQS", {"Queue": queue, "BatchSize": size, "DestinationConfig": failed}),
        _arns,
        st.sampled_from([None, 5]),
        st.sampled_from([None, _sns]),
    ),
    st.builds(lambda stream: _event("Kinesis", {"Stream": stream, "StartingPosition": "LATEST"}), _arns),
    st.builds(
        lambda dead, on: _event("Schedule", {**_hourly, "DeadLetterConfig": dead, "Enabled": on}), _dead_letter, _states
    ),
    st.builds(
        lambda d: _event("ScheduleV2", {"ScheduleExpression": "rate(1 day)", "DeadLetterConfig": d}), _dead_letter
    ),
    st.builds(lambda d: _event("EventBridgeRule", {"Pattern": {"source": ["a"]}, "DeadLetterConfig": d}), _dead_letter),
    st.builds(lambda through: _event("SNS", {"Topic": {"Ref": "Topic"}, "SqsSubscription": through}), _states),
    st.just(_event("S3", {"Bucket": {"Ref": "Bucket"}, "Events": "s3:ObjectCreated:*"})),
    st.just(_event("CloudWatchLogs", {"LogGroupName": "/own/group", "FilterPattern": "ERROR"})),
    st.just(_event("AlexaSkill", {})),
)


def _set(**optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=optional)


_function = _set(
    Events=st.dictionaries(_ids, _events, max_size=3),
    Policies=st.one_of(_policies, st.lists(_policies, max_size=3)),
    Role=st.one_of(
        st.just("arn:aws:iam::123456789012:role/own"),
        st.just({"Fn::If": ["IsProd", "arn:aws:iam::123456789012:role/own", {"Ref": "AWS::NoValue"}]}),
    ),
    Tracing=st.sampled_from(["Active", "PassThrough", "Disabled"]),
    VpcConfig=st.just({"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}),
    AutoPublishAlias=st.sampled_from(["live", "blue-green"]),
    FunctionUrlConfig=st.builds(
        lambda auth, cors: {"AuthType": auth, **({"Cors": cors} if cors else {})},
        st.sampled_from(["NONE", "AWS_IAM"]),
        st.sampled_from([None, {"AllowOrigins": ["*"]}]),
    ),
    EventInvokeConfig=st.sampled_from(
        [
            {"MaximumRetryAttempts": 0},
            {"DestinationConfig": {"OnFailure": {"Type": "SQS"}}},
            {
                "DestinationConfig": {
                    "OnSuccess": {"Type": "Lambda", "Destination": "arn:aws:lambda:us-east-1:123456789012:function:f"}
                }
            },
        ]
    ),
    DeadLetterQueue=st.builds(lambda arn: {"Type": "SQS", "TargetArn": arn}, _arns),
    Environment=st.just({"Variables": {"OWN": "1"}}),
    Timeout=st.integers(1, 900),
    PermissionsBoundary=st.just("arn:aws:iam::123456789012:policy/boundary"),
    RolePath=st.just("/own/"),
)
_globals = _set(
    Function=_set(
        Tracing=st.just("Active"),
        Timeout=st.just(30),
        MemorySize=st.just(512),
        Environment=st.just({"Variables": {"ALL": "yes"}}),
        VpcConfig=st.just({"SubnetIds": ["subnet-2"], "SecurityGroupIds": ["sg-2"]}),
        AutoPublishAlias=st.just("live"),
        RolePath=st.just("/all/"),
    ),
    Api=_set(
        TracingEnabled=st.sampled_from([True]),
        Cors=st.sampled_from(["'*'", {"AllowOrigin": "'https://own.example'", "AllowMethods": "'GET'"}]),
        Auth=st.just({"ResourcePolicy": {"IpRangeWhitelist": ["10.0.0.0/8"]}}),
        EndpointConfiguration=st.sampled_from(["REGIONAL", {"Type": "EDGE"}]),
    ),
    HttpApi=_set(
        CorsConfiguration=st.sampled_from([True, {"AllowOrigins": ["https://own.example"], "MaxAge": 5}]),
        FailOnWarnings=st.sampled_from([True]),
    ),
)
_FIXED: dict[str, Any] = {
    "Queue": {"Type": "AWS::SQS::Queue"},
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Bucket": {"Type": "AWS::S3::Bucket"},
    "Rest": {
        "Type": "AWS::Serverless::Api",
        "Properties": {
            "StageName": "prod",
            "Auth": {
                "DefaultAuthorizer": "Lambda",
                "Authorizers": {
                    "Lambda": {"FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:auth"},
                    "Pool": {"UserPoolArn": "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_own"},
                },
            },
        },
    },
    "Http": {
        "Type": "AWS::Serverless::HttpApi",
        "Properties": {
            "Auth": {
                "DefaultAuthorizer": "Token",
                "Authorizers": {
                    "Token": {
                        "JwtConfiguration": {"issuer": "https://own.example", "audience": ["own"]},
                        "IdentitySource": "$request.header.Authorization",
                    }
                },
            }
        },
    },
}


@st.composite
def templates(draw: st.DrawFn) -> dict[str, Any]:
    """A SAM template with up to three functions that share queues, topics, buckets and APIs."""
    resources = dict(_FIXED)
    for name in draw(st.lists(st.sampled_from(["One", "Two", "Three"]), min_size=1, max_size=3, unique=True)):
        body = draw(_function)
        base = {"Handler": "app.handler", "Runtime": "python3.13", "CodeUri": "s3://own/code.zip"}
        resources[name] = {"Type": "AWS::Serverless::Function", "Properties": {**base, **body}}
        if draw(st.booleans()):
            resources[name]["Condition"] = "IsProd"
    template: dict[str, Any] = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Parameters": {"Stage": {"Type": "String"}, "ManagedArn": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Resources": resources,
    }
    common = draw(_globals)
    if common:
        template["Globals"] = common
    return template


_seen: Counter[str] = Counter()


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(templates())
def _check_made(template: dict[str, Any]) -> None:
    text = json.dumps(template)
    translated = translate(text)
    _seen["all"] += 1
    if translated is None:
        sam_model.load_text(text, syntax="json")
        return
    _seen["translated"] += 1
    ours = sam_model.without_outputs(sam_model.shape_of(sam_model.load_text(text, syntax="json"), {}))
    names = sam_model.generated_names(translated)
    theirs = sam_model.without_outputs(sam_model.shape_of(sam_model.load_plain(translated), names))
    found = sam_model.differences(ours, theirs)
    assert not found, "\n".join(found)


def test_made_templates_are_equal(capsys: pytest.CaptureFixture[str]) -> None:
    """Templates put together at random: features that meet as nobody wrote them down."""
    _seen.clear()
    _check_made()
    with capsys.disabled():
        shown = f"{_seen['translated']} of {_seen['all']} could be translated, all of those equal"
        print(f"\nmade templates: {shown}")  # noqa: T201 - the counts are what the test is run for
    # The rest are those that the transform refuses (two functions at one route, say).
    assert _seen["translated"] * 3 > _seen["all"]
