"""What Lambda has beside functions: managed instances, connectors, MicroVMs, web functions, and policies on functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.load import load
from stockade.inputs.write import written_for
from stockade.model import app as m
from stockade.model.app import App
from stockade.model.intent import Set
from stockade.model.value import Default as Unset
from stockade.model.value import Known, Relation, Value


def read(tmp_path: Path, text: str, head: str = "") -> App:
    (tmp_path / "t.yaml").write_text(head + "Resources:\n" + text, encoding="utf-8")
    return load(tmp_path)


def shown(value: Value[Any] | Relation[Any]) -> Any:
    if isinstance(value, Relation):
        return [shown(item) for item in value]
    if isinstance(value, Known | Unset):
        return value.v
    return value.show()


MANAGED = """\
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Group: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: g}}
  Machines:
    Type: AWS::Lambda::CapacityProvider
    Properties:
      VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [!GetAtt Group.GroupId]}
      PermissionsConfig: {CapacityProviderOperatorRoleArn: !GetAtt Role.Arn}
      InstanceRequirements: {AllowedInstanceTypes: [m7g.large]}
      CapacityProviderScalingConfig: {MaxVCpuCount: 40}
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Code: {ZipFile: x, SourceKMSKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/a'}
      CapacityProviderConfig: {LambdaManagedInstancesCapacityProviderConfig: {CapacityProviderArn: !GetAtt Machines.Arn}}
      FunctionScalingConfig: {MaxExecutionEnvironments: 9}
      TenancyConfig: {TenantIsolationMode: PER_TENANT}
      DurableConfig: {ExecutionTimeout: 3600, RetentionPeriodInDays: 14, KMSKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/b'}
"""


def test_functions_on_managed_instances_know_them(tmp_path: Path) -> None:
    app = read(tmp_path, MANAGED)
    assert app.gaps == ()
    (function,), (machines,) = app.functions, app.of(m.CapacityProvider)
    assert function.instances is machines
    assert machines.functions == (function,)
    assert machines.execution_role is app.roles[0]
    assert app.of(m.SecurityGroup)[0].functions == (function,)
    assert (shown(machines.instance_types), shown(machines.max_vcpus)) == (["m7g.large"], 40)
    assert (shown(function.tenancy), shown(function.max_environments)) == ("PER_TENANT", 9)
    assert (shown(function.durable), shown(function.durable_retention)) == ("3600", 14)
    assert str(shown(function.code_key)).endswith("key/a")
    assert str(shown(function.durable_key)).endswith("key/b")


WEB = """\
  Role: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: []}}}
  Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
  First:
    Type: AWS::Lambda::WebFunctionRevision
    Properties:
      FunctionName: !Ref Site
      BuildConfig: {CodeConfig: {S3Object: {Bucket: b, Key: k}}, RuntimeConfig: {Runtime: nodejs24.x}}
      ServiceConfig: {ExecutionRoleArn: !GetAtt Role.Arn, EnvironmentVariables: {MODE: live}}
  Open:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties: {FunctionName: !Ref Site, EndpointName: open, EndpointType: HomeRegion, AuthType: ApplicationManaged}
  Image:
    Type: AWS::Lambda::MicrovmImage
    Properties:
      BuildRoleArn: !GetAtt Role.Arn
      EnvironmentVariables: [{Key: TOKEN, Value: x}]
      EgressNetworkConnectors: [!GetAtt Out.Arn]
      Logging: {Disabled: true}
  Out:
    Type: AWS::Lambda::NetworkConnector
    Properties:
      OperatorRole: !GetAtt Role.Arn
      Configuration:
        VpcEgressConfiguration:
          {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1], NetworkProtocol: IPv4, AssociatedComputeResourceTypes: [MicroVm]}
"""


def test_web_functions_and_microvms(tmp_path: Path) -> None:
    app = read(tmp_path, WEB)
    assert app.gaps == ()
    (site,), (revision,), (endpoint,) = app.of(m.WebFunction), app.of(m.WebRevision), app.of(m.WebEndpoint)
    assert revision.web_function is site
    assert endpoint.web_function is site
    assert shown(endpoint.auth) == "ApplicationManaged"
    assert [(v.name, shown(v.value)) for v in revision.environment] == [("MODE", "live")]
    (image,), (connector,) = app.of(m.MicrovmImage), app.of(m.NetworkConnector)
    assert [(v.name, shown(v.value)) for v in image.environment] == [("TOKEN", "x")]
    assert shown(image.logs_disabled) is True
    assert (shown(connector.computes), shown(connector.protocol)) == (["MicroVm"], "IPv4")
    assert {r.execution_role for r in (revision, image, connector)} == {app.roles[0]}


POLICY = """\
  Fn: {Type: AWS::Lambda::Function, Properties: {Role: r, Code: {ZipFile: x}}}
  Policy:
    Type: AWS::Lambda::ResourcePolicy
    Properties:
      ResourceArn: !GetAtt Fn.Arn
      PolicyDocument: {Version: '2012-10-17', Statement: [STATEMENT]}
"""


INVOKE = "lambda:InvokeFunction"
OF_A_BUCKET = """\
{Effect: Allow, Principal: {Service: s3.amazonaws.com}, Action: ['lambda:InvokeFunction', 'lambda:GetFunction'],
        Resource: '*', Condition: {ArnLike: {'AWS:SourceArn': 'arn:aws:s3:::b'}}}"""


@pytest.mark.parametrize(
    ("statement", "permissions"),
    [
        (f"{{Effect: Allow, Principal: '*', Action: '{INVOKE}', Resource: '*'}}", [("*", INVOKE, None)]),
        (OF_A_BUCKET, [("s3.amazonaws.com", a, "arn:aws:s3:::b") for a in (INVOKE, "lambda:GetFunction")]),
        (
            "{Effect: Allow, Principal: {AWS: ['1', '2']}, Action: 'lambda:*', Resource: '*'}",
            [("1", "lambda:*", None), ("2", "lambda:*", None)],
        ),
    ],
)
def test_a_policy_on_a_function_comes_to_permissions(tmp_path: Path, statement: str, permissions: list[Any]) -> None:
    app = read(tmp_path, POLICY.replace("STATEMENT", statement))
    assert app.gaps == ()
    found = app.functions[0].permissions
    assert [(shown(p.principal), shown(p.action), shown(p.source_arn)) for p in found] == permissions
    assert "policy" in written_for((Set(found.items[0], "source_arn", "arn:x"),)).refused


@pytest.mark.parametrize(
    "statement",
    [
        "{Effect: Allow, NotPrincipal: {AWS: '1'}, Action: 'lambda:*', Resource: '*'}",
        "{Effect: Allow, Principal: '*', NotAction: 'lambda:*', Resource: '*'}",
        "{Effect: Allow, Principal: '*', Action: 'lambda:*', Resource: '*', Condition: {IpAddress: {'aws:SourceIp': 10.0.0.1}}}",
        "{Effect: Allow, Principal: {Federated: x}, Action: 'lambda:*', Resource: '*'}",
        "{Effect: !Ref 'AWS::Region', Principal: '*', Action: 'lambda:*', Resource: '*'}",
    ],
)
def test_what_permissions_can_not_say_may_be_there_all_the_same(tmp_path: Path, statement: str) -> None:
    app = read(tmp_path, POLICY.replace("STATEMENT", statement))
    assert list(app.functions[0].permissions) == []
    assert [(gap.kind, gap.hides, gap.kinds) for gap in app.gaps] == [("unsupported", True, ("permission",))]


def test_a_denial_is_told(tmp_path: Path) -> None:
    denial = "{Effect: Deny, Principal: '*', Action: 'lambda:*', Resource: '*'}"
    app = read(tmp_path, POLICY.replace("STATEMENT", denial))
    assert [(gap.kind, gap.hides) for gap in app.gaps] == [("unsupported", False)]


def test_sam_has_its_own_words_for_managed_instances(tmp_path: Path) -> None:
    text = """\
  Machines:
    Type: AWS::Serverless::CapacityProvider
    Properties: {VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}, ScalingConfig: {MaxVCpuCount: 40}}
  Fn:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: a.b, InlineCode: x, CapacityProviderConfig: {Arn: !GetAtt Machines.Arn}}
"""
    app = read(tmp_path, text, "Transform: AWS::Serverless-2016-10-31\n")
    (machines,) = app.of(m.CapacityProvider)
    assert app.functions[0].instances is machines
    assert shown(machines.max_vcpus) == 40
    assert machines.execution_role is not None
    assert machines.execution_role.address == "MachinesOperatorRole"
