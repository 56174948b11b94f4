"""CORS of an API that lets pages of every origin call it.

## What it does
Reports APIs whose CORS configuration allows every origin; with credentials that is severe. For named origins, it
reports `*` as the methods or headers with low severity. To browsers, `*` is every header but `Authorization`, which
has to be named; in requests with the user's credentials it is only itself, among methods too.

A REST API answers preflight requests by its OPTIONS methods. Where only these say `*`, pages may send their requests, but
whether they can read an answer is said by that answer, which is a function's own: only the pedantic persona hears of
it. So it is where every route asks for authorization, which a browser lends no page (but for cookies that a Lambda
authorizer may take).

## Why is this bad?
CORS says which web pages may read the answers. With `*` *and* credentials, any page that your user visits can act at
the API as that user. Without credentials `*` still hands the answers to every page, and to scripts that somebody
injects into one.

## When it is fine
Public data without cookies, meant to be used from everywhere.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["*"], AllowMethods: [GET]}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowMethods: [GET]}
```
```yaml bad
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: shop
      ProtocolType: HTTP
      CorsConfiguration: {AllowOrigins: ["https://*"], AllowMethods: [GET], AllowCredentials: true}
```
```yaml good
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: shop
      ProtocolType: HTTP
      CorsConfiguration: {AllowOrigins: ["https://shop.example.com"], AllowMethods: [GET], AllowCredentials: true}
```
```yaml bad
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Options:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - {StatusCode: 200, ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      Integration:
        IntegrationResponses:
          - {StatusCode: 200, ResponseParameters: {method.response.header.Access-Control-Allow-Origin: "'*'"}}
```
```hcl bad
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins     = ["https://*"]
    allow_methods     = ["GET"]
    allow_credentials = true
  }
}
```
```hcl good
resource "aws_apigatewayv2_api" "shop" {
  name          = "shop"
  protocol_type = "HTTP"

  cors_configuration {
    allow_origins     = ["https://shop.example.com"]
    allow_methods     = ["GET"]
    allow_credentials = true
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi: {cors: true}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  httpApi:
    cors: {allowedOrigins: [https://shop.example.com]}
functions:
  orders:
    handler: app.handler
    events:
      - httpApi: GET /orders
```

## Fix safety
Advice only: which origins are needed has to be known.

## References
- [CORS for HTTP APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html)
- [CORS for REST APIs](https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html)
- [What `*` stands for among the headers](https://fetch.spec.whatwg.org/#cors-preflight-fetch)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.rules._base import LOW, Context, Outcome, rule
from stockade.rules.exposure._cors import open_cors


@rule(
    "SK110",
    "open-api-cors",
    severity=LOW,
    since="0.1",
    controls=["INVK-5"],
    maps={"cwe": [942]},
    applies="is behind no API with a CORS configuration",
    holds="only pages of named origins may call the API",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every API which pages may call it."""
    del ctx
    for api in app.apis:
        yield from open_cors(api, f"`{api}`", api.functions)
