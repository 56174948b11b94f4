"""Layers by whose they are and how their version is chosen; images by how they are named."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"


def layered(layer: str) -> str:
    return f"""{HEAD}Parameters: {{Layer: {{Type: String}}, Fixed: {{Type: String, Default: '4'}}}}
Resources:
  Tools: {{Type: AWS::Serverless::LayerVersion, Properties: {{ContentUri: layer/}}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/, Layers: [{layer}]}}
"""


@pytest.mark.parametrize(
    ("layer", "verdict"),
    [
        ("arn:aws:lambda:eu-west-1:111122223333:layer:tools:3", "fail"),
        ('!Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:111122223333:layer:tools:3"', "fail"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools:3"', "pass"),
        (
            '!Sub "arn:aws:lambda:${AWS::Region}:017000801446:layer:AWSLambdaPowertoolsPythonV3-python313-arm64:18"',
            "pass",
        ),
        ("!Ref Tools", "pass"),
        ("!Ref AWS::NoValue", "not_applicable"),
        ("!Ref Layer", "unknown"),
        ('"{{resolve:ssm:/aws/service/powertools/python/x86_64/python3.13/latest}}"', "pass"),
    ],
)
def test_whose_a_layer_is(layer: str, verdict: str) -> None:
    assert judge("SK511", layered(layer)).by_function == {"Orders": verdict}


@pytest.mark.parametrize(
    ("layer", "verdict"),
    [
        ('!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools:${Fixed}"', "pass"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools"', "fail"),
        ('!Sub "arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:layer:tools:$LATEST"', "fail"),
        ("!Ref Tools", "pass"),
    ],
)
def test_the_version_of_a_layer(layer: str, verdict: str) -> None:
    assert judge("SK512", layered(layer)).by_function == {"Orders": verdict}


def test_the_newest_layer_of_aws_is_for_pedantic_readers() -> None:
    (finding,) = judge("SK512", layered('"{{resolve:ssm:/aws/service/powertools/python/latest}}"')).fails
    assert finding.persona == "pedantic"
    (finding,) = judge("SK512", layered('"{{resolve:ssm:/team/layers/latest}}"')).fails
    assert finding.persona == "regular"


def image(uri: str) -> str:
    return f"""{HEAD}Parameters: {{Tag: {{Type: String}}, Uri: {{Type: String}}}}
Resources:
  Images: {{Type: AWS::ECR::Repository}}
  Orders: {{Type: AWS::Serverless::Function, Properties: {{PackageType: Image, ImageUri: {uri}}}}}
"""


@pytest.mark.parametrize(
    ("uri", "verdict"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:latest", "fail"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/orders", "fail"),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders@sha256:0a1b", "pass"),
        ('!Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders:${Tag}"', "pass"),
        ("orders:latest", "pass"),  # a name on the own machine: `sam build` puts the real one there
        ("!Ref Uri", "unknown"),
    ],
)
def test_how_an_image_is_named(uri: str, verdict: str) -> None:
    assert judge("SK525", image(uri)).by_function == {"Orders": verdict}


def test_a_digest_makes_tags_indifferent() -> None:
    digest = image('!Sub "${Images.RepositoryUri}@sha256:0a1b"')
    assert judge("SK523", digest).by_function == {"Orders": "pass"}
    assert judge("SK524", digest).by_function == {"Orders": "fail"}
    assert judge("SK523", image('!Sub "${Images.RepositoryUri}:${Tag}"')).by_function == {"Orders": "fail"}


@pytest.mark.parametrize(
    ("uri", "names"),
    [
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders:v1", True),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders", True),
        ('!Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/orders:v1"', True),
        ('!Sub "${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/orders:${AWS::StackName}"', True),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/orders:v1", False),
        ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/labels:v1", False),
        ("public.ecr.aws/team/orders:v1", False),
    ],
)
def test_a_repository_is_known_by_its_name_in_an_image(uri: str, names: bool) -> None:  # noqa: FBT001 - a case
    text = f"""\
Resources:
  Images: {{Type: AWS::ECR::Repository, Properties: {{RepositoryName: orders}}}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: !GetAtt Role.Arn
      Code: {{ImageUri: {uri}}}
"""
    assert bool(judge("SK524", text).fails) is names


def test_code_in_the_template_can_not_be_signed() -> None:
    text = """Resources:
  Small:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: index.handler, Role: x, Code: {ZipFile: "def handler(e, c): pass"}}
"""
    assert judge("SK521", text).by_function == {"Small": "not_applicable"}


def test_an_organisation_limits_a_shared_layer() -> None:
    text = """Parameters: {Org: {Type: String}}
Conditions: {HasOrg: !Not [!Equals [!Ref Org, '']]}
Resources:
  Tools: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: layer.zip}}}
  Share:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      LayerVersionArn: !Ref Tools
      Action: lambda:GetLayerVersion
      Principal: '*'
      OrganizationId: !If [HasOrg, !Ref Org, !Ref AWS::NoValue]
"""
    (finding,) = judge("SK513", text).fails
    assert "when Org is" in finding.message
    assert not judge("SK513", text, Org="o-1").fails


def test_what_a_framework_makes_for_itself_is_not_yours_to_sign() -> None:
    text = """service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - s3: {bucket: files, event: "s3:ObjectCreated:*", existing: true}
"""
    verdicts = judge("SK521", text).by_function
    assert verdicts.pop("orders") == "fail"
    assert set(verdicts.values()) == {"not_applicable"}
    assert verdicts


_SIGNABLE = "Runtime: python3.13, Handler: a.b, Role: !GetAtt R.Arn, Code: {S3Bucket: b, S3Key: k}"


@pytest.mark.parametrize("more", ["", ", PackageType: Zip", ", PackageType: !Ref Kind"])
def test_the_place_of_unsigned_code_is_the_function_where_nothing_is_written(more: str) -> None:
    text = f"""Parameters: {{Kind: {{Type: String, Default: Zip}}}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {{{_SIGNABLE}{more}}}
"""
    verdict = judge("SK521", text)
    assert [f.span.doc.text[f.span.start : f.span.end] for f in verdict.findings if f.span] == ["Orders"]


def test_the_place_of_unsigned_code_is_the_setting_where_it_is_written() -> None:
    text = f"""Parameters: {{Signed: {{Type: String, Default: ""}}}}
Conditions: {{IsSigned: !Not [!Equals [!Ref Signed, ""]]}}
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      {_SIGNABLE.replace(", ", chr(10) + "      ", 3)}
      PackageType: Zip
      CodeSigningConfigArn: !If [IsSigned, !Ref Signed, !Ref AWS::NoValue]
"""
    assert judge("SK521", text).lines == [12]


def test_the_place_of_unsigned_code_of_a_module_is_its_setting() -> None:
    text = """variable "kind" { default = "Zip" }
variable "signing" { default = null }
resource "aws_lambda_function" "orders" {
  function_name           = "orders"
  package_type            = var.kind
  runtime                 = "python3.13"
  handler                 = "app.handler"
  filename                = "orders.zip"
  role                    = "arn:aws:iam::111122223333:role/orders"
  code_signing_config_arn = var.signing
}
"""
    assert judge("SK521", text).lines == [10]
    unwritten = text.replace("  code_signing_config_arn = var.signing\n", "")
    assert judge("SK521", unwritten).lines == [3]


def test_the_place_of_unsigned_code_of_a_service_is_its_function() -> None:
    text = """service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  extensions:
    OrdersLambdaFunction:
      Properties: {PackageType: Zip}
"""
    assert judge("SK521", text).lines == [4]
