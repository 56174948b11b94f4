"""The Parameters and Secrets extension and the role that it reads with."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

LAYER = "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:12"


def function(policies: str, layer: str = LAYER, more: str = "", role: str = "!GetAtt Role.Arn") -> str:
    """A function with the extension, and its role."""
    return f"""
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: {role}
      Runtime: python3.13
      Handler: app.handler
      Architectures: [arm64]
      Code: {{S3Bucket: b, S3Key: k}}
      Layers: [{layer}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement: [{{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: "sts:AssumeRole"}}]
      {policies}
{more}
"""


def inline(action: str) -> str:
    """A policy that allows an action on one resource."""
    return (
        'Policies: [{PolicyName: p, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, '
        f'Action: "{action}", Resource: "*"}}]}}}}]'
    )


OWN_POLICY = """
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {GenerateSecretString: {PasswordLength: 32}}}
  Policy:
    Type: AWS::SecretsManager::ResourcePolicy
    Properties:
      SecretId: !Ref Secret
      ResourcePolicy:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {AWS: !GetAtt Role.Arn}, Action: "secretsmanager:GetSecretValue", Resource: "*"}
"""


@pytest.mark.parametrize(
    ("template", "verdict"),
    [
        (function("RoleName: orders"), "fail"),
        (function(inline("ssm:GetParameters")), "fail"),  # the extension asks for one at a time
        (function(inline("ssm:GetParameter")), "pass"),
        (function(inline("secretsmanager:Get*")), "pass"),
        (function("ManagedPolicyArns: [arn:aws:iam::aws:policy/SecretsManagerReadWrite]"), "pass"),
        (function("RoleName: orders", more=OWN_POLICY), "unknown"),
        (function("RoleName: orders", role="arn:aws:iam::111122223333:role/elsewhere"), "unknown"),
        (function("RoleName: orders", layer="arn:aws:lambda:us-east-1:1:layer:other:1"), "not_applicable"),
    ],
)
def test_the_extension_needs_something_to_read(template: str, verdict: str) -> None:
    assert judge("SK339", template).by_function == {"Orders": verdict}
