"""Code that nobody has signed.

## What it does
Reports functions without a code signing configuration. Container images and code that stands in the template can't be
signed this way and are left out, as are functions that a framework makes for itself. For pedantic readers: signing
wants a pipeline with a signing step.

## Why is this bad?
Lambda runs whatever is uploaded. With code signing it runs only archives that your pipeline has signed, so that neither
stolen deployment credentials nor write access to the bucket of the archives are enough to replace the code.

## When it is fine
Where only the pipeline can update functions, and its role is well guarded.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Profile: {Type: AWS::Signer::SigningProfile, Properties: {PlatformId: AWSLambda-SHA384-ECDSA}}
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, CodeSigningConfigArn: !Ref Signing}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
```
```hcl good
resource "aws_signer_signing_profile" "orders" { platform_id = "AWSLambda-SHA384-ECDSA" }
resource "aws_lambda_code_signing_config" "orders" {
  allowed_publishers { signing_profile_version_arns = [aws_signer_signing_profile.orders.version_arn] }
  policies { untrusted_artifact_on_deployment = "Enforce" }
}
resource "aws_lambda_function" "orders" {
  function_name           = "orders"
  runtime                 = "python3.13"
  handler                 = "app.handler"
  filename                = "orders.zip"
  code_signing_config_arn = aws_lambda_code_signing_config.orders.arn
  role                    = "arn:aws:iam::111122223333:role/orders"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  extensions:
    OrdersLambdaFunction:
      Properties: {CodeSigningConfigArn: !Ref Signed}
  Resources:
    Profile: {Type: AWS::Signer::SigningProfile, Properties: {PlatformId: AWSLambda-SHA384-ECDSA}}
    Signed:
      Type: AWS::Lambda::CodeSigningConfig
      Properties:
        AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
        CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
```

## Fix safety
Advice only: a signing profile and a signing step of the pipeline come first.

## References
- [Using code signing with Lambda](https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule, spared
from stockade.rules._stated import place_of
from stockade.rules._words import by_format
from stockade.rules.package._functions import is_image, is_inline, not_ours


@rule(
    "SK521",
    "unsigned-code",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["PACK-6"],
    maps={"cwe": [345]},
    aliases=["CKV_AWS_272", "lambdaCodeSigningEnabled", "E.1", "CTL.LAMBDA.CODESIGN.001"],
    applies="is a container image, or its code stands in the template: neither can be signed",
    holds="a code signing configuration says whose signatures count",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function that is deployed as an archive."""
    del ctx
    for function in app.functions:
        if function.framework_owned:
            yield from spared(function, not_ours(function))
            continue
        archive = ~is_image(function) & ~is_inline(function)
        if archive.is_no:
            yield from spared(function)
            continue
        yield from found(
            archive & ~function.code_signing.is_set(),
            subject=function,
            at=place_of(function, function.code_signing),
            message=f"`{function}` runs whatever code is uploaded: no code signing is configured",
            together="{} run whatever code is uploaded: no code signing is configured",
            help="sign archives in the pipeline with AWS Signer, and set "
            + by_format(
                function,
                "`CodeSigningConfigArn`",
                "`code_signing_config_arn`",
                "`CodeSigningConfigArn` under `resources.extensions`",
            ),
            fix=Fix.advice("sign archives in the pipeline, and set a code signing configuration"),
        )
