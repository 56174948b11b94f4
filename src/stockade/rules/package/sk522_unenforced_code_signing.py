"""Code signing that lets unsigned code through.

## What it does
Reports code signing configurations that only warn about untrusted code, which is what they do by default.

## Why is this bad?
With `Warn` an archive without a valid signature is deployed just the same; all that remains is a metric and a line in
CloudTrail. The protection looks as if it were on, and is not.

## When it is fine
While signing is being introduced. Ignore the finding with an end date.

## Example
```yaml bad
Resources:
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Warn}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties: {AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, CodeSigningConfigArn: !Ref Signing}
```
```yaml good
Resources:
  Signing:
    Type: AWS::Lambda::CodeSigningConfig
    Properties:
      AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
      CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
```
```hcl bad
resource "aws_signer_signing_profile" "orders" { platform_id = "AWSLambda-SHA384-ECDSA" }
resource "aws_lambda_code_signing_config" "orders" {
  allowed_publishers { signing_profile_version_arns = [aws_signer_signing_profile.orders.version_arn] }
  policies { untrusted_artifact_on_deployment = "Warn" }
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
resources:
  extensions:
    OrdersLambdaFunction: {Properties: {CodeSigningConfigArn: !Ref Signed}}
  Resources:
    Profile: {Type: AWS::Signer::SigningProfile, Properties: {PlatformId: AWSLambda-SHA384-ECDSA}}
    Signed:
      Type: AWS::Lambda::CodeSigningConfig
      Properties:
        AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
        CodeSigningPolicies: {UntrustedArtifactOnDeployment: Warn}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  extensions:
    OrdersLambdaFunction: {Properties: {CodeSigningConfigArn: !Ref Signed}}
  Resources:
    Profile: {Type: AWS::Signer::SigningProfile, Properties: {PlatformId: AWSLambda-SHA384-ECDSA}}
    Signed:
      Type: AWS::Lambda::CodeSigningConfig
      Properties:
        AllowedPublishers: {SigningProfileVersionArns: [!GetAtt Profile.ProfileVersionArn]}
        CodeSigningPolicies: {UntrustedArtifactOnDeployment: Enforce}
```

## Fix safety
Unsafe: deployments of code without a valid signature fail from then on.

## References
- [Code signing configurations](https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, CodeSigningConfig
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format, names


@rule(
    "SK522",
    "unenforced-code-signing",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-6"],
    maps={"cwe": [345]},
    aliases=["CTL.LAMBDA.CODESIGN.ENFORCE.001"],
    applies="uses no code signing configuration of the scanned code",
    holds="untrusted code is refused",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every configuration what it does about untrusted code."""
    del ctx
    for function in app.functions:
        if function.code_signing.is_set().is_no:
            yield from spared(function)
    for config in app.of(CodeSigningConfig):
        where = f" of {names(config.functions)}" if config.functions else ""
        yield from found(
            config.untrusted.is_("Warn"),
            subject=config,
            at=config.untrusted,
            message=f"`{config}` only warns about code{where} that is not signed, and lets it be deployed",
            help="set "
            + by_format(config, "`UntrustedArtifactOnDeployment`", "`untrusted_artifact_on_deployment`")
            + " to `Enforce`",
            fix=Fix.unsafe(
                "refuse untrusted code",
                Set(config, "untrusted", "Enforce"),
                why="deployments of code without a valid signature fail from then on",
            ),
        )
