"""A function URL that anyone can call.

## What it does
Reports function URLs whose authentication type is `NONE`.

## Why is this bad?
A function URL is an HTTPS address on the internet. With `AuthType: NONE` Lambda asks callers for nothing: whoever
learns the address runs the function, with its role, at your cost, as often as the account's concurrency allows.
Addresses leak through browsers, logs and referrers, and can be looked up in certificate and DNS data.

## When it is fine
A webhook whose sender can't sign for AWS has to be open. Then the handler must verify the sender's signature over the
raw body before it does anything, the function should have a reserved concurrency, and the finding should be ignored
with that reason.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: AWS_IAM
```
```yaml bad
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: webhook, AuthType: NONE}
```
```yaml good
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: webhook, AuthType: AWS_IAM}
```
```hcl bad
resource "aws_lambda_function_url" "webhook" {
  function_name      = "webhook"
  authorization_type = "NONE"
}
```
```hcl good
resource "aws_lambda_function_url" "webhook" {
  function_name      = "webhook"
  authorization_type = "AWS_IAM"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  webhook:
    handler: app.handler
    url: true
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  webhook:
    handler: app.handler
    url: {authorizer: aws_iam}
```

## Fix safety
Unsafe: callers that do not sign their requests with AWS credentials stop working.

## References
- [Control access to Lambda function URLs](https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Distribution
from stockade.model.intent import Fix, Set
from stockade.model.places import scope_of
from stockade.rules._base import HIGH, Context, Outcome, found, rule


@rule(
    "SK101",
    "public-function-url",
    severity=HIGH,
    since="0.1",
    controls=["INVK-4"],
    maps={"aws-fsbp": ["Lambda.1"], "cwe": [306]},
    aliases=[
        "CKV_AWS_258",
        "CT.LAMBDA.PR.5",
        "CT.LAMBDA.PV.1",
        "LambdaFunctionUrlAuth",
        "awslambda_function_url_public",
        "B.2",
        "CTL.LAMBDA.URL.AUTH.001",
    ],
    applies="has no function URL",
    holds="callers of the function URL must sign with AWS credentials",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every URL for its authentication type."""
    del ctx
    distributed = {scope_of(distribution) for distribution in app.of(Distribution)}
    for url in app.urls:
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-lambda.html
        # (as of 2026-11-28): CloudFront signs with an origin access control only.
        behind = (
            " (where CloudFront stands in front, with an origin access control and a permission for `cloudfront.amazonaws.com`)"
            if scope_of(url) in distributed
            else ""
        )
        yield from found(
            url.auth.is_("NONE"),
            subject=url,
            message=f"anyone on the internet can call `{url.function or url.address}` through its function URL",
            help=f"require AWS_IAM{behind}, or verify the caller's signature in the handler and say so in an ignore",
            fix=Fix.unsafe(
                "require IAM authentication",
                Set(url, "auth", "AWS_IAM"),
                why="callers that do not sign their requests with AWS credentials stop working"
                + (", CloudFront without an origin access control among them" if behind else ""),
            ),
        )
