"""A REST API whose endpoint is on the internet.

## What it does
Reports REST APIs that are not private: their endpoint is regional or at the edge, so that everybody can send requests
to it. For auditors: other tools' checklists ask for private APIs. HTTP and WebSocket APIs can't be private, and are not
told. What is open on an API is told by other rules, such as `open-api-route`.

## Why is this bad?
What only your own systems call needs no address on the internet. There it is found and tried, and one route that was
left open by mistake is open to everybody.

## When it is fine
Where browsers, devices or partners call the API.

## Example
```yaml bad
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop, EndpointConfiguration: {Types: [REGIONAL]}}
```
```yaml good
Resources:
  Shop:
    Type: AWS::ApiGateway::RestApi
    Properties: {Name: shop, EndpointConfiguration: {Types: [PRIVATE]}}
```
```hcl bad
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"
}
```
```hcl good
resource "aws_api_gateway_rest_api" "shop" {
  name = "shop"

  endpoint_configuration { types = ["PRIVATE"] }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  endpointType: private
  vpcEndpointIds: [vpce-0123456789abcdef0]
functions:
  orders:
    handler: app.handler
    events: [{http: GET /orders}]
```

## Fix safety
Advice only: a private API is reached through VPC endpoints alone, and needs a policy that names them.

## References
- [Private REST APIs in API Gateway](https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import start


@rule(
    "SK169",
    "api-on-the-internet",
    severity=INFO,
    persona="auditor",
    since="0.1",
    controls=["INVK-6"],
    aliases=["6b2739db", "4a8daf95", "6b5b0313", "4d424558", "privateEndpoints"],
    applies="is behind no REST API",
    holds="its REST APIs are private",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every REST API for the type of its endpoint."""
    del ctx
    for api in app.apis:
        if api.protocol != "REST":
            continue
        yield from found(
            ~api.endpoint_type.is_("PRIVATE"),
            subject=api,
            at=api.endpoint_type if api.endpoint_type.is_set().is_yes else start(api, tuple(api.routes)),
            message=f"the REST API `{api}` has an endpoint on the internet",
            help="if only systems of yours call it, make its endpoint "
            + by_format(api, "PRIVATE", "PRIVATE", "private (`endpointType`)")
            + ", with a policy that names the VPC endpoints",
            fix=Fix.advice("make the API private"),
        )
