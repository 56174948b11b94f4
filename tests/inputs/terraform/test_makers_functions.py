"""Functions in Terraform, with what resources beside them say of them."""

from __future__ import annotations

import pytest

from stockade.model.app import Alias, App, EventSource, Function, LayerVersion, R, Version
from stockade.model.value import Value
from tests.inputs.terraform.support import app_of
from tests.rules.support import Verdict

FUNCTION = """
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  %s
}
"""


def one(app: App, kind: type[R], address: str = "") -> R:
    """The one record of a kind (at an address)."""
    found = [r for r in app.of(kind) if not address or r.address == address]
    assert len(found) == 1, found
    return found[0]


def cases(value: Value[object]) -> dict[str, str]:
    """What a value is under which premises."""
    return {" and ".join(p.text for p in when): leaf.show() for when, leaf in value.leaves()}


def test_nested_blocks_and_words_for_nothing() -> None:
    body = """
  reserved_concurrent_executions = -1
  kms_key_arn                    = ""
  vpc_config {
    subnet_ids         = ["subnet-1", ""]
    security_group_ids = []
  }
  environment {
    variables = { STAGE = "prod", EMPTY = "" }
  }
"""
    function = one(app_of(FUNCTION % body), Function)
    assert function.reserved_concurrency.is_null().is_yes
    assert function.kms_key.is_null().is_yes
    assert function.kms_key.is_set().is_no
    assert [s.show() for s in function.subnets] == ["subnet-1"]
    assert {v.name: v.value.show() for v in function.environment} == {"STAGE": "prod", "EMPTY": ""}


def test_a_limit_that_depends_on_a_variable() -> None:
    text = 'variable "capped" { type = bool }\n' + FUNCTION % "reserved_concurrent_executions = var.capped ? 5 : -1"
    value = one(app_of(text), Function).reserved_concurrency
    assert cases(value) == {"`var.capped` is true": "5", "`var.capped` is false": "not set"}


def test_a_file_is_below_the_root_modules_folder() -> None:
    function = one(app_of({"infra/main.tf": FUNCTION % 'filename = "${path.module}/../build/orders.zip"'}), Function)
    assert function.code_path.only() == "build/orders.zip"


def test_an_absolute_file_stays_as_it_is() -> None:
    function = one(app_of({"infra/main.tf": FUNCTION % 'filename = "/srv/orders.zip"'}), Function)
    assert function.code_path.only() == "/srv/orders.zip"


def test_what_is_stated_beside_a_function_is_in_it() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_lambda_runtime_management_config" "orders" {
  function_name     = aws_lambda_function.orders.function_name
  update_runtime_on = "FunctionUpdate"
}
resource "aws_lambda_function_recursion_config" "orders" {
  function_name  = "orders"
  recursive_loop = "Allow"
}
"""
    )
    function = one(app_of(text), Function)
    assert function.runtime_update.only() == "FunctionUpdate"
    assert function.recursive_loop.only() == "Allow"
    assert function.site is not None
    joined = function.site.context.joined
    assert joined["recursive_loop"][0].address == "aws_lambda_function_recursion_config.orders"
    assert joined["recursive_loop"][1].fields["recursive_loop"].path == ("recursive_loop",)


def test_what_is_there_only_sometimes_leaves_the_default_elsewhere() -> None:
    text = (
        'variable "loops" { type = bool }\n'
        + FUNCTION % ""
        + """
resource "aws_lambda_function_recursion_config" "orders" {
  count          = var.loops ? 1 : 0
  function_name  = aws_lambda_function.orders.arn
  recursive_loop = "Allow"
}
"""
    )
    value = one(app_of(text), Function).recursive_loop
    assert cases(value) == {"`var.loops` is true": "Allow", "`var.loops` is false": "Terminate by default"}


def test_what_is_about_another_function_changes_nothing() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_lambda_function_recursion_config" "other" {
  function_name  = "other"
  recursive_loop = "Allow"
}
"""
    )
    app = app_of(text)
    assert one(app, Function).recursive_loop.is_set().is_no
    assert app.gaps == ()


def test_what_is_about_a_function_that_is_not_known_is_a_gap() -> None:
    text = (
        'variable "name" {}\n'
        + FUNCTION % ""
        + """
resource "aws_lambda_function_recursion_config" "other" {
  function_name  = var.name
  recursive_loop = "Allow"
}
"""
    )
    app = app_of(text)
    assert one(app, Function).recursive_loop.is_set().is_no
    (gap,) = app.gaps
    assert gap.what == "`function_name` of `aws_lambda_function_recursion_config.other`"
    assert "variable `name` has no value" in gap.why
    assert "--var" in gap.remedy


def test_aliases_and_versions() -> None:
    text = (
        FUNCTION % "publish = true"
        + """
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = aws_lambda_function.orders.arn
  function_version = aws_lambda_function.orders.version
  routing_config {
    additional_version_weights = { "7" = 0.5 }
  }
}
resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_alias.live.function_name
  qualifier                         = aws_lambda_alias.live.name
  provisioned_concurrent_executions = 3
}
resource "aws_lambda_provisioned_concurrency_config" "version" {
  function_name                     = aws_lambda_function.orders.function_name
  qualifier                         = aws_lambda_function.orders.version
  provisioned_concurrent_executions = 4
}
resource "aws_lambda_runtime_management_config" "version" {
  function_name     = aws_lambda_function.orders.function_name
  qualifier         = aws_lambda_function.orders.version
  update_runtime_on = "Manual"
}
"""
    )
    app = app_of(text)
    alias, version, function = one(app, Alias), one(app, Version), one(app, Function)
    assert alias.function is function
    assert version.function is function
    assert [w.show() for w in alias.weights] == ["7"]
    assert alias.provisioned_concurrency.only() == 3
    assert version.provisioned_concurrency.only() == 4
    assert version.runtime_update.only() == "Manual"
    assert function.runtime_update.is_set().is_no
    assert app.gaps == ()


def test_an_alias_by_its_name_is_that_of_the_named_function() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_lambda_alias" "live" {
  name             = "live"
  function_name    = "orders"
  function_version = "1"
}
resource "aws_lambda_alias" "other" {
  name             = "live"
  function_name    = "other"
  function_version = "1"
}
resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = "orders"
  qualifier                         = "live"
  provisioned_concurrent_executions = 3
}
"""
    )
    app = app_of(text)
    assert one(app, Alias, "aws_lambda_alias.live").provisioned_concurrency.only() == 3
    assert one(app, Alias, "aws_lambda_alias.other").provisioned_concurrency.is_null().is_yes


def test_without_publishing_there_is_no_version() -> None:
    assert app_of(FUNCTION % "publish = false").of(Version) == ()
    assert app_of(FUNCTION % "").of(Version) == ()


@pytest.mark.parametrize(
    ("source", "service"),
    [
        ('event_source_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"', "kinesis"),
        ("event_source_arn = aws_sqs_queue.q.arn", "sqs"),
        ("event_source_arn = aws_dynamodb_table.t.stream_arn", "dynamodb"),
        ('self_managed_event_source {\n endpoints = { KAFKA_BOOTSTRAP_SERVERS = "k:9092" }\n }', "kafka"),
        ('event_source_arn = var.arn\n queues = ["q"]', "mq"),
    ],
)
def test_the_service_of_an_event_source(source: str, service: str) -> None:
    text = """
variable "arn" {}
resource "aws_sqs_queue" "q" {}
resource "aws_dynamodb_table" "t" { name = "t" }
resource "aws_lambda_event_source_mapping" "m" {
  function_name = "orders"
  %s
}
"""
    assert one(app_of(text % source), EventSource).service.only() == service


_MAPPING = """
variable "arn" {}
variable "other" {}
resource "aws_lambda_event_source_mapping" "m" {
  function_name    = "orders"
  event_source_arn = var.arn
  dynamic "self_managed_event_source" {
    for_each = []
    content {
      endpoints = {}
    }
  }
  %s
}
"""


@pytest.mark.parametrize(
    ("arguments", "truths"),
    [
        # is it sqs, a stream, msk
        ("", "yes no no"),
        ("starting_position = null", "yes no no"),
        ('starting_position = "LATEST"', "no yes no"),
        ('starting_position = "LATEST"\n topics = ["t"]', "no no yes"),
        ("starting_position = var.other", "maybe maybe no"),
        ("starting_position = var.other\n parallelization_factor = 2", "no yes no"),
        ("starting_position = var.other\n tumbling_window_in_seconds = 30", "no yes no"),
        ("starting_position = var.other\n maximum_record_age_in_seconds = 60", "no yes no"),
        ("starting_position = var.other\n bisect_batch_on_function_error = true", "no yes no"),
        ("starting_position = var.other\n bisect_batch_on_function_error = false", "maybe maybe no"),
        ("starting_position = var.other\n topics = var.other\n parallelization_factor = 2", "no yes no"),
        ('starting_position = "LATEST"\n topics = var.other', "no maybe maybe"),
        ("queues = var.other", "maybe no no"),
        ("queues = []", "yes no no"),
        # arguments of which no service takes all
        ("parallelization_factor = 2", "maybe maybe maybe"),
        ('starting_position = var.other == "x" ? "LATEST" : null', "mixed mixed no"),
    ],
)
def test_the_service_of_an_unknown_event_source_is_known_by_what_only_some_take(arguments: str, truths: str) -> None:
    service = one(app_of(_MAPPING % arguments), EventSource).service
    answers = (service.is_("sqs"), service.one_of("kinesis", "dynamodb"), service.is_("msk"))
    assert " ".join(answer.truth for answer in answers) == truths


def test_why_an_event_source_is_not_known_names_what_decides() -> None:
    doubts = one(app_of(_MAPPING % "starting_position = var.other"), EventSource).service.is_("sqs").doubts
    assert [doubt.why for doubt in doubts] == ["what it reads is not known: variable `arn` has no value"]
    assert "--var arn=" in doubts[0].remedy
    assert doubts[0].cause == "variable"


def test_a_stream_that_is_not_known_is_asked_what_streams_are() -> None:
    app = app_of(_MAPPING % 'starting_position = "TRIM_HORIZON"')
    assert [code for code in ("SK119", "SK120", "SK122", "SK123", "SK124") if Verdict(code, app).findings] == [
        "SK120",
        "SK124",
    ]
    assert [f.verdict for code in ("SK120", "SK124") for f in Verdict(code, app).findings] == ["fail", "fail"]


def test_what_a_mapping_or_permission_names_is_told_where_it_is_elsewhere() -> None:
    app = app_of(
        'variable "fn" {}\n'
        + (_MAPPING % 'starting_position = "LATEST"').replace('"orders"', "var.fn")
        + """
resource "aws_lambda_permission" "p" {
  function_name = var.fn
  action        = "lambda:InvokeFunction"
  principal     = "s3.amazonaws.com"
  source_arn    = "arn:aws:s3:::orders"
}
"""
    )
    for code in ("SK104", "SK124"):
        [finding] = Verdict(code, app).fails
        assert "`${var.fn}`" in finding.message


def test_filters_and_destinations_of_an_event_source() -> None:
    text = (
        FUNCTION % ""
        + """
resource "aws_sqs_queue" "dead" {}
resource "aws_lambda_event_source_mapping" "m" {
  function_name    = aws_lambda_function.orders.arn
  event_source_arn = "arn:aws:kinesis:eu-west-1:111122223333:stream/s"
  filter_criteria {
    filter {
      pattern = "{\\"a\\": [1]}"
    }
    filter {
      pattern = "{\\"b\\": [2]}"
    }
  }
  destination_config {
    on_failure {
      destination_arn = aws_sqs_queue.dead.arn
    }
  }
}
"""
    )
    app = app_of(text)
    source = one(app, EventSource)
    assert [f.only() for f in source.filters] == ['{"a": [1]}', '{"b": [2]}']
    assert source.on_failure.show() == "${aws_sqs_queue.dead.arn}"
    assert source.function is one(app, Function)


def test_a_layers_archive() -> None:
    text = """
resource "aws_lambda_layer_version" "deps" {
  layer_name = "deps"
  filename   = "layers/deps.zip"
}
"""
    assert one(app_of(text), LayerVersion).code_path.only() == "layers/deps.zip"
