"""What Lambda runs beside functions: web functions and images of MicroVMs are asked what functions are asked."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

TEMPLATE = """
Parameters:
  Auth: {Type: String}
  Rate: {Type: Number, Default: 200}
Resources:
  Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
  First:
    Type: AWS::Lambda::WebFunctionRevision
    Properties:
      FunctionName: !Ref Site
      BuildConfig: {RuntimeConfig: {Runtime: RUNTIME}, CodeConfig: {S3Object: {Bucket: b, Key: k}}}
      ServiceConfig:
        ExecutionRoleArn: !GetAtt Role.Arn
        EnvironmentVariables: {DB_PASSWORD: VALUE}
  Public:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties: {FunctionName: !Ref Site, EndpointName: public, EndpointType: HomeRegion, AuthType: AUTH MORE}
  Sandbox:
    Type: AWS::Lambda::MicrovmImage
    Properties:
      Name: sandbox
      BuildRoleArn: !GetAtt Build.Arn
      EnvironmentVariables: [{Key: DB_PASSWORD, Value: VALUE}]
      Logging: {Disabled: DISABLED}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AdministratorAccess]
  Build:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: []}
      Policies:
        - PolicyName: p
          PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Action: "s3:*", Resource: "*"}]}
"""


def template(
    runtime: str = "nodejs24.x",
    value: str = "hunter2-Zx91q",
    auth: str = "IamAuth",
    more: str = "",
    disabled: str = "false",
) -> str:
    """A web function and an image, with what is asked about filled in."""
    filled = TEMPLATE.replace("RUNTIME", runtime).replace("VALUE", value).replace("AUTH", auth)
    return filled.replace(" MORE", more).replace("DISABLED", disabled)


@pytest.mark.parametrize(
    ("code", "messages"),
    [
        (
            "SK301",
            [
                "the environment of `First` holds a password in plain text in `DB_PASSWORD`",
                "the environment of `Sandbox` holds a password in plain text in `DB_PASSWORD`",
            ],
        ),
        ("SK201", ["`Role` has `AdministratorAccess`: it allows every action on every resource"]),
        ("SK204", ["`Build` may call `s3:*` on every resource, which takes in `s3:PutAccessPointPolicy`"]),
    ],
)
def test_they_are_asked_what_functions_are(code: str, messages: list[str]) -> None:
    found = sorted(finding.message for finding in judge(code, template()).fails)
    assert len(found) == len(messages)
    assert all(one.startswith(other) for one, other in zip(found, messages, strict=True)), found


@pytest.mark.parametrize(
    ("code", "runtime"),
    [("SK501", "nodejs16.x"), ("SK502", "nodejs22.x"), ("SK505", "python3.12")],
)
def test_the_runtime_of_a_revision(code: str, runtime: str) -> None:
    (finding,) = judge(code, template(runtime=runtime)).fails
    assert finding.message.startswith("`First`")
    assert not judge(code, template()).fails


@pytest.mark.parametrize(
    ("auth", "more", "open_", "uncapped"),
    [
        ("ApplicationManaged", "", "fail", "fail"),
        ("ApplicationManaged", ", ThrottleConfig: {RateLimit: 100}", "fail", "pass"),
        ("ApplicationManaged", ", ScalingConfig: {MaxEnvironments: 5}", "fail", "pass"),
        ("IamAuth", "", "pass", "pass"),
        ("!Ref Auth", "", "unsure", "unsure"),
    ],
)
def test_endpoints(auth: str, more: str, open_: str, uncapped: str) -> None:
    text = template(auth=auth, more=more)
    assert [f.verdict for f in judge("SK180", text).findings] == ([] if open_ == "pass" else [open_])
    assert [f.verdict for f in judge("SK181", text).findings] == ([] if uncapped == "pass" else [uncapped])


def test_an_open_endpoint_names_what_it_serves() -> None:
    (finding,) = judge("SK180", template(auth="ApplicationManaged")).fails
    assert finding.message == "anyone on the internet reaches the code of `Site` through its endpoint `Public`"
    assert finding.span is not None
    assert finding.span.text == "ApplicationManaged"


@pytest.mark.parametrize(("disabled", "verdicts"), [("true", ["fail"]), ("false", []), ("!Ref Auth", ["unsure"])])
def test_logs_of_an_image(disabled: str, verdicts: list[str]) -> None:
    assert [f.verdict for f in judge("SK750", template(disabled=disabled)).findings] == verdicts


def test_which_services_take_their_roles_is_not_judged() -> None:
    trusted = '{Effect: Allow, Principal: {Service: other.amazonaws.com}, Action: "sts:AssumeRole"}'
    text = template().replace("Statement: []", f"Statement: [{trusted}]")
    assert not judge("SK215", text).findings
