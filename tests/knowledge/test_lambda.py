"""Facts of the Lambda service: defaults, limits, event sources, invokers, names, layer publishers."""

from __future__ import annotations

import gzip
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from stockade.knowledge import iam, lambda_, regions, sam


def shapes() -> dict[str, Any]:
    """The service's own interface description, which the locked dependencies hold."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        pytest.fail("botocore is not installed")
    path = Path(spec.origin).parent / "data/lambda/2015-03-31/service-2.json.gz"
    found: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))["shapes"]
    return found


def test_defaults() -> None:
    held = lambda_.defaults()
    assert (held.timeout, held.memory, held.ephemeral_storage) == (3, 128, 512)
    assert (held.tracing, held.architecture, held.runtime_update) == ("PassThrough", "x86_64", "Auto")


def test_limits() -> None:
    limits = lambda_.limits()
    assert (limits.timeout_max, limits.memory_max, limits.environment_bytes) == (900, 10_240, 4_096)
    assert (limits.concurrency, limits.concurrency_new_account, limits.concurrency_unreserved_min) == (1_000, 10, 100)
    retried = lambda_.asynchronous()
    assert (retried.retries, retried.event_age) == (2, 6 * 3600)


def test_limits_agree_with_the_interface() -> None:
    known, limits, retried = shapes(), lambda_.limits(), lambda_.asynchronous()
    assert known["Timeout"]["max"] == limits.timeout_max_managed_instances
    assert known["MemorySize"]["min"] == limits.memory_min
    assert known["MemorySize"]["max"] == limits.memory_max_managed_instances
    assert known["EphemeralStorageSize"]["min"] == limits.ephemeral_storage_min
    assert known["MaximumRetryAttempts"]["max"] == retried.retries_max
    assert known["MaximumEventAgeInSeconds"] == {
        **known["MaximumEventAgeInSeconds"],
        "min": retried.event_age_min,
        "max": retried.event_age_max,
    }


# ------------------------------------------------------------------------------------------------------- event sources


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:orders", "sqs"),
        ("arn:aws:sqs:eu-west-1:123456789012:orders.fifo", "sqs-fifo"),
        ("arn:aws:kinesis:eu-west-1:123456789012:stream/orders", "kinesis"),
        ("arn:aws:dynamodb:eu-west-1:123456789012:table/o/stream/2024-01-01T00:00:00.000", "dynamodb"),
        ("arn:aws-cn:kafka:cn-north-1:123456789012:cluster/o/abc", "msk"),
        ("arn:aws:mq:eu-west-1:123456789012:broker:o:b-1", "mq"),
        ("arn:aws:rds:eu-west-1:123456789012:cluster:docs", "documentdb"),
        ("arn:aws:s3:::bucket", None),
        ("not an arn", None),
        ("", None),
    ],
)
def test_event_source_of_an_arn(arn: str, kind: str | None) -> None:
    found = lambda_.event_source_of(arn)
    assert (found.kind if found else None) == kind


def test_queues_and_streams_differ() -> None:
    queue, stream = lambda_.event_source("sqs"), lambda_.event_source("kinesis")
    assert queue is not None
    assert stream is not None
    assert (queue.batch_size, queue.retries, queue.bisect, queue.max_concurrency) == (10, None, False, (2, 1000))
    assert (stream.batch_size, stream.retries, stream.record_age, stream.starting_position) == (100, -1, -1, True)
    assert not queue.on_failure
    assert "sqs" in stream.on_failure
    assert lambda_.event_source("carrier-pigeon") is None


def test_roles_of_event_sources_agree_with_managed_policies() -> None:
    for source in lambda_.event_sources():
        if source.managed_policy is None:
            continue
        policy = iam.managed_policy(source.managed_policy)
        assert policy is not None, source.kind
        statements = policy.document["Statement"]
        allowed = {action for statement in statements for action in statement["Action"]}
        assert set(source.actions) <= allowed, source.kind
        extra = {name for name in allowed - set(source.actions) if not name.startswith("logs:")}
        assert not extra, (source.kind, extra)


def test_actions_of_event_sources_exist() -> None:
    for source in lambda_.event_sources():
        for name in source.actions:
            found = iam.action(name)
            assert found is not None, name
            assert found.name == name


def test_event_sources_cover_those_of_sam() -> None:
    ours = {source.sam_event for source in lambda_.event_sources()}
    assert ours == {name for name, event in sam.function_events().items() if event.pull}


def test_batches_agree_with_the_interface() -> None:
    known = shapes()
    assert max(source.batch_size_max for source in lambda_.event_sources()) == known["BatchSize"]["max"]
    assert (
        max(source.window_max for source in lambda_.event_sources()) == known["MaximumBatchingWindowInSeconds"]["max"]
    )
    queue = lambda_.event_source("sqs")
    assert queue is not None
    assert queue.max_concurrency == (known["MaximumConcurrency"]["min"], known["MaximumConcurrency"]["max"])


# ------------------------------------------------------------------------------------------------------------- invokers


@pytest.mark.parametrize(
    ("principal", "kind", "how"),
    [
        ("s3.amazonaws.com", "async", "resource-policy"),
        ("sns.amazonaws.com", "async", "resource-policy"),
        ("events.amazonaws.com", "async", "resource-policy"),
        ("apigateway.amazonaws.com", "sync", "resource-policy"),
        ("cognito-idp.amazonaws.com", "sync", "resource-policy"),
        ("elasticloadbalancing.amazonaws.com", "sync", "resource-policy"),
        ("iot.amazonaws.com", "async", "resource-policy"),
        ("logs.amazonaws.com", "async", "resource-policy"),
        ("logs.eu-west-1.amazonaws.com", "async", "resource-policy"),
        ("secretsmanager.amazonaws.com", "sync", "resource-policy"),
        ("scheduler.amazonaws.com", "async", "role"),
        ("states.amazonaws.com", "sync", "role"),
        ("cloudformation.amazonaws.com", "async", "caller"),
        ("edgelambda.amazonaws.com", "sync", "trust"),
    ],
)
def test_invokers(principal: str, kind: str, how: str) -> None:
    found = lambda_.invoker(principal)
    assert found is not None
    assert (found.kind, found.how) == (kind, how)
    assert found.asynchronous is (kind == "async")


def test_only_a_bucket_has_no_account_in_its_arn() -> None:
    assert [known.principal for known in lambda_.invokers() if known.needs_source_account] == ["s3.amazonaws.com"]
    for known in lambda_.invokers():
        assert known.arn_has_account is ("{account}" in known.source_arn)


def test_alexa_is_limited_by_a_token() -> None:
    known = lambda_.invoker("alexa-appkit.amazon.com")
    assert known is not None
    assert known.event_source_token
    assert not known.source_arn


def test_every_invoker_of_the_function_policy_can_be_limited() -> None:
    for known in lambda_.invokers():
        assert regions.is_service_principal(known.principal)
        if known.how == "resource-policy":
            assert known.source_arn or known.event_source_token, known.principal


def test_no_such_invoker() -> None:
    for name in ("", "*", "evil.example", "s3.amazonaws.com.evil.example", "123456789012"):
        assert lambda_.invoker(name) is None


def test_invokers_cover_those_of_sam_and_cfn_lint() -> None:
    for name, event in sam.function_events().items():
        if event.principal:
            assert lambda_.invoker(event.principal) is not None, name
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        return
    text = (Path(spec.origin).parent / "rules/resources/lmbd/PermissionPrincipal.py").read_text(encoding="utf-8")
    principals = set(re.findall(r'"([a-z0-9-]+\.amazonaws\.com)"', text))  # importing all of cfn-lint takes seconds
    assert len(principals) > 8
    for principal in principals:
        found = lambda_.invoker(principal)
        assert found is not None
        assert found.how == "resource-policy"


# ---------------------------------------------------------------------------------------------------------- environment


def test_reserved_names() -> None:
    assert {"AWS_REGION", "_HANDLER", "AWS_SESSION_TOKEN"} <= lambda_.reserved_environment()
    assert not lambda_.reserved_environment() & lambda_.runtime_environment()
    assert "AWS_LAMBDA_EXEC_WRAPPER" in lambda_.code_loading_environment()


def test_reserved_names_equal_those_of_cfn_lint() -> None:
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        pytest.fail("cfn-lint is not installed")
    name = "data/schemas/extensions/aws_lambda_function/environment_variable_keys.json"
    theirs = json.loads((Path(spec.origin).parent / name).read_text(encoding="utf-8"))
    assert set(theirs["propertyNames"]["not"]["enum"]) == lambda_.reserved_environment()


# --------------------------------------------------------------------------------------------------------------- layers


@pytest.mark.parametrize(
    ("arn", "publisher"),
    [
        (
            "arn:aws:lambda:eu-west-1:017000801446:layer:AWSLambdaPowertoolsPythonV3-python312-x86_64:7",
            "Powertools for AWS Lambda (Python)",
        ),
        ("arn:aws:lambda:us-east-1:580247275435:layer:LambdaInsightsExtension:53", "Amazon CloudWatch Lambda Insights"),
        (
            "arn:aws:lambda:af-south-1:012438385374:layer:LambdaInsightsExtension:30",
            "Amazon CloudWatch Lambda Insights",
        ),
        (
            "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension:11",
            "AWS Parameters and Secrets extension",
        ),
        ("arn:aws:lambda:eu-central-1:066940009817:layer:AWS-AppConfig-Extension:89", "AWS AppConfig agent"),
        (
            "arn:aws:lambda:us-east-1:901920570463:layer:aws-otel-python-amd64-ver-1-21-0:1",
            "AWS Distro for OpenTelemetry",
        ),
        ("arn:aws:lambda:us-east-1:464622532012:layer:Datadog-Extension:65", "Datadog"),
        ("arn:aws-us-gov:lambda:us-gov-west-1:002406178527:layer:Datadog-Extension:65", "Datadog"),
        ("arn:aws:lambda:us-east-1:451483290750:layer:NewRelicPython312:10", "New Relic"),
        ("arn:aws:lambda:us-east-1:770693421928:layer:Klayers-p312-requests:4", "Klayers"),
        ("arn:aws:lambda:us-east-1:534081306603:layer:php-84:41", "Bref"),
        ("arn:aws:lambda:us-east-1:066549572091:layer:epsagon-node-layer:1", "Epsagon"),
        (
            "arn:aws:lambda:il-central-1:066549572091:layer:LambdaInsightsExtension-Arm64:25",
            "Amazon CloudWatch Lambda Insights",
        ),
        ("arn:aws:lambda:us-east-1:123456789012:layer:mine:1", None),
        ("arn:aws:lambda:::awslayer:AmazonLinux1803", None),
        ("!Ref Layer", None),
    ],
)
def test_publisher_of_a_layer(arn: str, publisher: str | None) -> None:
    found = lambda_.layer_publisher_of(arn)
    assert (found.name if found else None) == publisher


def test_publisher_of_an_account() -> None:
    found = lambda_.layer_publisher("943013980633")
    assert found is not None
    assert (found.name, found.kind, found.confidence) == ("Sentry", "vendor", "high")
    assert lambda_.layer_publisher("000000000000") is None


def test_publishers_are_well_formed() -> None:
    for known in lambda_.layer_publishers():
        assert known.accounts
        assert known.source
        assert known.layers
        for account, where in known.accounts.items():
            assert len(account) == 12
            assert account.isdigit()
            assert all(regions.is_region(region) for region in where)


def test_provenance_is_dated() -> None:
    for told in (lambda_.provenance(), lambda_.layers_provenance()):
        assert told.as_of.year == 2026
        assert told.sources
