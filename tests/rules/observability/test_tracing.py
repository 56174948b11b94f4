"""Tracing, and the permission that it needs."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

ROLE = """  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {{Effect: Allow, Action: sts:AssumeRole, Principal: {{Service: lambda.amazonaws.com}}}}
{policies}
"""
FUNCTION = """Parameters: {{Policy: {{Type: String}}, Mode: {{Type: String}}}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: {role}
      Code: {{S3Bucket: b, S3Key: a.zip}}
      TracingConfig: {{Mode: {mode}}}
"""


def traced(policies: str, role: str = "!GetAtt Role.Arn", mode: str = "Active") -> str:
    return FUNCTION.format(role=role, mode=mode) + ROLE.format(policies=policies)


def inline(action: str) -> str:
    statement = f"{{Effect: Allow, Action: '{action}', Resource: '*'}}"
    return f"      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: {statement}}}}}]"


@pytest.mark.parametrize(
    ("policies", "verdict"),
    [
        ("", "fail"),
        (inline("logs:PutLogEvents"), "fail"),
        (inline("xray:PutTraceSegments"), "pass"),
        (inline("xray:Put*"), "pass"),
        (inline("XRAY:*"), "pass"),
        (inline("*"), "pass"),
        ("      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]", "pass"),
        ("      ManagedPolicyArns: [arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess]", "pass"),
        ("      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]", "fail"),
        ("      ManagedPolicyArns: [!Ref Policy]", "unknown"),
        ("      ManagedPolicyArns: [arn:aws:iam::111122223333:policy/team]", "unknown"),
    ],
)
def test_who_may_write_traces(policies: str, verdict: str) -> None:
    assert judge("SK702", traced(policies)).by_function == {"Orders": verdict}


def test_one_of_two_roles_elsewhere_is_not_guessed() -> None:
    role = "!If [Prod, !GetAtt Role.Arn, arn:aws:iam::111122223333:role/app]"
    text = "Conditions: {Prod: !Equals [!Ref Mode, Active]}\n" + traced("", role=role)
    (finding,) = judge("SK702", text).fails
    assert finding.message.endswith("when Mode is Active")


def test_a_role_elsewhere_is_not_guessed() -> None:
    assert judge("SK702", traced("", role="arn:aws:iam::111122223333:role/app")).by_function == {"Orders": "unknown"}


def test_a_policy_that_is_attached_from_outside_counts() -> None:
    text = (
        traced("")
        + """  Traces:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: [xray:PutTraceSegments], Resource: '*'}}
"""
    )
    assert judge("SK702", text).by_function == {"Orders": "pass"}


def test_a_deny_allows_nothing() -> None:
    assert judge("SK702", traced(inline("xray:*").replace("Allow", "Deny"))).by_function == {"Orders": "fail"}


def test_not_action_allows_the_rest() -> None:
    assert judge("SK702", traced(inline("iam:*").replace("Action:", "NotAction:"))).by_function == {"Orders": "pass"}


def test_sam_allows_it_for_the_roles_it_makes() -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: s/, Tracing: Active}
"""
    assert judge("SK702", text).by_function == {"Orders": "pass"}
    assert judge("SK701", text).by_function == {"Orders": "pass"}


def test_an_untraced_function_needs_no_permission() -> None:
    assert judge("SK702", traced("", mode="PassThrough")).by_function == {"Orders": "not_applicable"}
    assert judge("SK702", traced("", mode="!Ref Mode")).by_function == {"Orders": "unknown"}


@pytest.mark.parametrize(
    ("text", "safety", "intents"),
    [
        (traced(inline("xray:*"), mode="PassThrough"), "safe", 1),
        (traced("", mode="PassThrough"), "safe", 2),
        (traced("", mode="PassThrough", role="arn:aws:iam::111122223333:role/app"), "unsafe", 1),
    ],
)
def test_the_fix_brings_the_permission_along(text: str, safety: str, intents: int) -> None:
    (finding,) = judge("SK701", text).fails
    assert finding.fixes[0].safety == safety
    assert len(finding.fixes[0].intents) == intents


def test_sam_words() -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Tracing: Active, Runtime: python3.13, Handler: a.b, CodeUri: s/}}
Resources:
  On: {Type: AWS::Serverless::Function}
  Off: {Type: AWS::Serverless::Function, Properties: {Tracing: Disabled}}
"""
    assert judge("SK701", text).by_function == {"On": "pass", "Off": "fail"}


def test_nothing_is_traced_at_the_edge() -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Edge:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, CodeUri: s/, AutoPublishAlias: live}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        DefaultCacheBehavior:
          LambdaFunctionAssociations: [{EventType: viewer-request, LambdaFunctionARN: !Ref Edge.Version}]
"""
    for code in ("SK701", "SK705", "SK707"):
        assert judge(code, text).by_function == {"Edge": "not_applicable"}


def test_pass_through_that_is_written_is_told_to_pedantic_readers() -> None:
    (finding,) = judge("SK701", traced("", mode="PassThrough")).fails
    assert finding.persona == "pedantic"
    assert finding.message == "`Orders` traces only what its caller traces"
    (silent,) = judge("SK701", traced("").replace("      TracingConfig: {Mode: Active}\n", "")).fails
    assert silent.persona == "regular"
    assert silent.message == "`Orders` sends no traces to X-Ray"


MACHINES = """Transform: AWS::Serverless-2016-10-31
Resources:
  Sam:
    Type: AWS::Serverless::StateMachine
    Properties: {Type: EXPRESS, Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}}
  Plain:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      StateMachineType: EXPRESS
      Definition: {StartAt: Done, States: {Done: {Type: Succeed}}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: states.amazonaws.com}}
"""


def test_a_state_machine_is_told_in_the_words_of_its_type() -> None:
    """SAM refuses the names that the resource has in CloudFormation."""
    sam, plain = judge("SK725", MACHINES).fails
    group = "a log group in `Destinations` and the level ERROR or ALL"
    assert sam.help.startswith(f"set `Logging` with {group}")
    assert plain.help.startswith(f"set `LoggingConfiguration` with {group}")
    terraform = judge("SK725", 'resource "aws_sfn_state_machine" "flow" { type = "EXPRESS" }').fails[0].help
    assert terraform.startswith(
        "set `logging_configuration` with a log group in `log_destination` (its ARN and `:*`) and"
    )
    sam, plain = judge("SK726", MACHINES).fails
    assert sam.help == "enable `Tracing`"
    assert plain.help.startswith("enable `TracingConfiguration`, and let `Role` call `xray:PutTraceSegments`")
    assert [len(finding.fixes[0].intents) for finding in (sam, plain)] == [1, 2]
    assert all("sends no traces of its own" in finding.message for finding in (sam, plain))


def test_a_role_that_can_not_deliver_logs_is_told() -> None:
    sam, plain = judge("SK725", MACHINES).fails
    assert sam.help.endswith(
        "allow its role, in `Policies`, to deliver logs: it lacks `logs:CreateLogDelivery`, `logs:CreateLogStream` and "
        "8 more actions"
    )
    assert "allow its role `Role` to deliver logs" in plain.help
    allowed = MACHINES + "      ManagedPolicyArns: [arn:aws:iam::aws:policy/CloudWatchLogsFullAccess]\n"
    assert "lacks" not in judge("SK725", allowed).fails[1].help


def test_a_graphql_api_of_sam_is_told_in_the_words_of_its_type() -> None:
    api = "{SchemaInline: 'type Query {a: String}', Auth: {Type: AWS_IAM}, Logging: false}"
    text = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
    text += f"  Shop: {{Type: AWS::Serverless::GraphQLApi, Properties: {api}}}\n"
    (finding,) = judge("SK730", text).fails
    assert finding.help.startswith("set `Logging` with")
