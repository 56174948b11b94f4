"""What a package holds and how much a function may have: what goes together, and what only looks wrong."""

from __future__ import annotations

import pytest

from tests.inputs.terraform.support import app_of as terraform_app
from tests.rules.support import Verdict, judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
PLAIN = "Runtime: python3.13, Handler: app.handler, CodeUri: src/"


def orders(properties: str, more: str = "") -> str:
    return f"""{HEAD}Parameters:
  Runtime: {{Type: String}}
  Stage: {{Type: String}}
Conditions: {{IsProd: !Equals [!Ref Stage, prod]}}
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{{properties}}}
{more}"""


@pytest.mark.parametrize(
    ("runtime", "verdict"),
    [
        ("python3.13", "fail"),
        ("python3.14", "pass"),
        ("provided.al2023", "pass"),
        ("python3.99", "pass"),  # is no runtime, which is another rule's
        ("!Ref Runtime", "unknown"),
        ("!If [IsProd, python3.14, python3.13]", "fail"),
        ("python3.8", "fail"),  # told by the rule about runtimes that are over
    ],
)
def test_the_newest_runtime(runtime: str, verdict: str) -> None:
    assert judge("SK505", orders(f"Runtime: {runtime}, Handler: a.b, CodeUri: src/")).by_function == {"Orders": verdict}


def test_a_runtime_that_is_over_is_told_once() -> None:
    assert not judge("SK505", orders("Runtime: python3.8, Handler: a.b, CodeUri: src/")).findings


def plain_function(properties: str) -> str:
    return f"""
Parameters: {{Type: {{Type: String}}, Code: {{Type: String}}}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {{Role: "arn:aws:iam::111122223333:role/orders", {properties}}}
"""


@pytest.mark.parametrize(
    ("properties", "verdict"),
    [
        ('PackageType: Image, Code: {ImageUri: "a/b:c"}, Handler: a.b', "fail"),
        ('PackageType: Image, Code: {ImageUri: "a/b:c"}, Layers: []', "pass"),
        ('PackageType: !Ref Type, Code: {ImageUri: "a/b:c"}, Runtime: python3.13, Handler: a.b', "unknown"),
        ("Code: !Ref Code, Runtime: python3.13, Handler: a.b", "pass"),  # a block that can't be read is no image
        ("Code: {S3Bucket: b, S3Key: k}, Runtime: python3.13", "fail"),
        ('Code: {ZipFile: "x"}, Runtime: nodejs22.x, Handler: index.handler', "pass"),
        ('Code: {ZipFile: "x"}, Runtime: dotnet8, Handler: a', "fail"),
    ],
)
def test_what_goes_together_in_a_package(properties: str, verdict: str) -> None:
    assert judge("SK506", plain_function(properties)).by_function == {"Orders": verdict}


@pytest.mark.parametrize(
    ("properties", "verdict"),
    [
        ("Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}", "fail"),
        ("Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: live", "pass"),
        ("Runtime: java21, SnapStart: {ApplyOn: None}", "not_applicable"),
        ("Runtime: ruby3.3, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: live", "fail"),
        (
            "Runtime: java21, SnapStart: {ApplyOn: PublishedVersions}, AutoPublishAlias: a, EphemeralStorage: {Size: 512}",
            "pass",
        ),
    ],
)
def test_snap_start(properties: str, verdict: str) -> None:
    assert judge("SK507", orders(f"{properties}, Handler: a.b, CodeUri: src/")).by_function == {"Orders": verdict}


def test_the_defaults_of_globals_are_somebodys_choice() -> None:
    with_globals = orders(PLAIN).replace(
        "Resources:", "Globals: {Function: {MemorySize: 256, Timeout: 10}}\nResources:"
    )
    assert not judge("SK508", with_globals).fails
    assert not judge("SK509", with_globals).fails


@pytest.mark.parametrize(
    ("events", "timeout", "fails"),
    [
        ("Web: {Type: Api, Properties: {Path: /, Method: GET}}", 60, True),
        ("Web: {Type: Api, Properties: {Path: /, Method: GET}}", 29, False),
        (
            "Web: {Type: Api, Properties: {Path: /, Method: GET}}, Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}",
            60,
            False,  # the schedule needs no answer
        ),
        ("Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}", 600, False),
        ("Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}", 900, True),
    ],
)
def test_who_waits_for_a_long_timeout(events: str, timeout: int, *, fails: bool) -> None:
    verdict = judge("SK510", orders(f"{PLAIN}, Timeout: {timeout}, Events: {{{events}}}"))
    assert bool(verdict.fails) is fails


@pytest.mark.parametrize(
    ("layer", "verdict"),
    [
        ("!Ref Tools", "pass"),
        ("arn:aws:lambda:eu-west-1:111122223333:layer:tools", "pass"),  # without a version, which another rule tells
        ('!Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools:3"', "pass"),
        ('!Sub "${Runtime}:3"', "pass"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:tools:3"', "fail"),
        ("tools", "fail"),
        ("!Ref Runtime", "unknown"),
    ],
)
def test_the_shape_of_a_layers_arn(layer: str, verdict: str) -> None:
    tools = "  Tools: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}\n"
    assert judge("SK517", orders(f"{PLAIN}, Layers: [{layer}]", tools)).by_function == {"Orders": verdict}


def test_the_weights_of_an_alias_may_depend() -> None:
    text = """
Parameters: {Canary: {Type: String, Default: "no"}}
Conditions: {Shifts: !Equals [!Ref Canary, "yes"]}
Resources:
  Live:
    Type: AWS::Lambda::Alias
    Properties:
      Name: live
      FunctionName: orders
      FunctionVersion: "7"
      RoutingConfig: !If
        - Shifts
        - {AdditionalVersionWeights: [{FunctionVersion: "8", FunctionWeight: 0.1}]}
        - !Ref AWS::NoValue
"""
    assert not judge("SK516", text, Canary="no").fails
    assert judge("SK516", text, Canary="yes").fails


@pytest.mark.parametrize(
    ("layer", "severities"),
    [
        ("arn:aws:lambda:eu-west-1:<account>:layer:orders:3", ["low"]),
        ("arn:aws:lambda:eu-west-1:XXXXXXXXXXXX:layer:orders:3", ["low"]),
        ("YOUR_LAYER_ARN", ["low"]),
        ("arn:aws:lambda:eu-west-1:1111:layer:orders:3", ["medium"]),
        ("arn:aws:lambda:eu-west-1:111122223333:layer:my_orders:3", []),
        ("arn:aws:lambda:eu-west-1:111122223333:layer:XXX:3", []),
    ],
)
def test_a_placeholder_is_there_to_be_filled_in(layer: str, severities: list[str]) -> None:
    assert judge("SK517", orders(f"{PLAIN}, Layers: ['{layer}']")).severities == severities


def test_a_layer_that_is_not_known_is_told_once() -> None:
    assert len(judge("SK517", orders(f"{PLAIN}, Layers: [!Ref Stage]")).unsure) == 1


MODULE = """
variable "runtime" { default = null }
variable "handler" { default = "" }
resource "aws_lambda_function" "this" {
  function_name = "orders"
  runtime       = var.runtime
  handler       = var.handler
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
"""
PASSED_ON = """
variable "runtime" { default = null }
module "orders" {
  source  = "./orders"
  handler = "app.handler"
  runtime = var.runtime
}
"""


def test_an_empty_variable_of_the_root_module_may_be_given() -> None:
    for files, at in (
        ({"main.tf": MODULE}, "main.tf"),
        ({"main.tf": PASSED_ON, "orders/main.tf": MODULE}, "main.tf"),
    ):
        app = terraform_app(files)
        verdict = Verdict("SK506", app)
        assert not verdict.fails
        (finding,) = verdict.unsure
        assert finding.doubts[0].why == "it is what the variable `runtime` is given, whose default is empty"
        assert finding.span is not None
        assert (finding.span.doc.path, finding.span.text) == (at, "null")
    given_all = terraform_app({"main.tf": MODULE}, runtime="python3.13", handler="app.handler")
    assert not Verdict("SK506", given_all).findings
    given_one = Verdict("SK506", terraform_app({"main.tf": MODULE}, runtime="python3.13"))
    assert "with no handler" in given_one.unsure[0].message


def test_a_call_that_leaves_out_what_a_module_needs_is_the_place() -> None:
    call = PASSED_ON.replace("  runtime = var.runtime\n", "")
    (finding,) = Verdict("SK506", terraform_app({"main.tf": call, "orders/main.tf": MODULE})).fails
    assert (
        finding.message
        == "`module.orders.aws_lambda_function.this` is an archive with no runtime, which Lambda refuses"
    )
    assert finding.span is not None
    assert (finding.span.doc.path, finding.span.text) == ("main.tf", 'module "orders"')
    own = MODULE.replace("  runtime       = var.runtime\n", "")
    (finding,) = Verdict("SK506", terraform_app({"main.tf": own})).fails
    assert "with no runtime, which" in finding.message, "whatever the handler is given"
