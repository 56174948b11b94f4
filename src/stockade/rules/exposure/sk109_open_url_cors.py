"""CORS of a function URL that lets pages of every origin call it.

## What it does
Reports function URLs whose CORS configuration allows every origin; with credentials that is severe. For named
origins, it reports `*` as the methods or headers with low severity. To browsers, `*` is every header but
`Authorization`, which has to be named; in requests with the user's credentials it is only itself, among methods too.

## Why is this bad?
CORS says which web pages may read the answers. With `*` *and* credentials, any page that your user visits can act at
the URL as that user, with their cookies. Without credentials `*` still hands the answers to every page, also from
inside a company network. A URL that asks for signed requests (`AWS_IAM`) answers no page that holds no keys of AWS, and cookies
authenticate nobody there, so that only the pedantic persona hears of it.

## When it is fine
Public data without cookies, meant to be used from everywhere, such as map tiles or fonts.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: AWS_IAM
        Cors: {AllowOrigins: ["*"], AllowCredentials: true}
```
```yaml bad
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: orders
      AuthType: NONE
      Cors: {AllowOrigins: ["*"], AllowMethods: [GET]}
```
```yaml good
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: orders
      AuthType: AWS_IAM
      Cors: {AllowOrigins: ["https://shop.example.com"], AllowMethods: [GET]}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, FunctionUrlConfig: {AuthType: AWS_IAM}}
```
```hcl bad
resource "aws_lambda_function_url" "orders" {
  function_name      = "orders"
  authorization_type = "AWS_IAM"

  cors {
    allow_origins     = ["*"]
    allow_methods     = ["GET"]
    allow_credentials = true
  }
}
```
```hcl good
resource "aws_lambda_function_url" "orders" {
  function_name      = "orders"
  authorization_type = "AWS_IAM"

  cors {
    allow_origins     = ["https://shop.example.com"]
    allow_methods     = ["GET"]
    allow_credentials = true
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    url: {cors: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    url:
      cors:
        allowedOrigins: [https://shop.example.com]
        allowedMethods: [GET]
        allowedHeaders: [Content-Type]
```

## Fix safety
Advice only: which origins are needed has to be known.

## References
- [Cross-origin resource sharing of function URLs](https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html#urls-cors)
- [What `*` stands for among the headers](https://fetch.spec.whatwg.org/#cors-preflight-fetch)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule
from stockade.rules.exposure._cors import open_cors


@rule(
    "SK109",
    "open-url-cors",
    severity=LOW,
    since="0.1",
    controls=["INVK-5"],
    maps={"cwe": [942]},
    aliases=["CKV2_AWS_75", "awslambda_function_url_cors_policy", "B.3", "CT.LAMBDA.PR.6", "CTL.LAMBDA.URL.CORS.001"],
    applies="has no function URL with a CORS configuration",
    holds="only pages of named origins may call the function URL",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function URL which pages may call it."""
    del ctx
    for url in app.urls:
        shown = f"the URL of `{url.function or url.address}`"
        yield from open_cors(url, shown, url.functions)
