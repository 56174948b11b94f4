"""An endpoint of a web function, open to everybody, that nothing limits.

## What it does
Reports endpoints of web functions that everybody may call (`ApplicationManaged`), with neither a rate limit nor a greatest
number of environments.

## Why is this bad?
A flood of requests starts environments up to the quota of the account. Other functions of the account then get none, and
the bill grows with each of them.

## When it is fine
In an account of its own, with a budget that tells of it.

## Example
```yaml bad
Resources:
  Public:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties:
      FunctionName: site
      EndpointName: public
      EndpointType: HomeRegion
      AuthType: ApplicationManaged
```
```yaml good
Resources:
  Public:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties:
      FunctionName: site
      EndpointName: public
      EndpointType: HomeRegion
      AuthType: ApplicationManaged
      ThrottleConfig: {RateLimit: 200}
      ScalingConfig: {MaxEnvironments: 20}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Public:
      Type: AWS::Lambda::WebFunctionEndpoint
      Properties:
        FunctionName: site
        EndpointName: public
        EndpointType: HomeRegion
        AuthType: ApplicationManaged
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Public:
      Type: AWS::Lambda::WebFunctionEndpoint
      Properties:
        FunctionName: site
        EndpointName: public
        EndpointType: HomeRegion
        AuthType: ApplicationManaged
        ThrottleConfig: {RateLimit: 200}
        ScalingConfig: {MaxEnvironments: 20}
```

## Fix safety
Advice only: how much is enough is yours to say.

## References
- [AWS::Lambda::WebFunctionEndpoint](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-webfunctionendpoint.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, WebEndpoint
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule


@rule(
    "SK181",
    "uncapped-web-endpoint",
    severity=LOW,
    since="0.1",
    controls=["INVK-7"],
    maps={"cwe": [770]},
    applies="is no web function",
    holds="its endpoints are limited, or ask for signed requests",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every open endpoint of a web function for its limits."""
    del ctx
    for endpoint in app.of(WebEndpoint):
        capped = endpoint.rate_limit.is_set() | endpoint.max_environments.is_set()
        yield from found(
            endpoint.auth.is_("ApplicationManaged") & ~capped,
            subject=endpoint,
            at=endpoint,
            message=f"anyone can call the endpoint `{endpoint}`, and nothing below the account's quotas caps how often",
            help="set `ThrottleConfig.RateLimit`, or `ScalingConfig.MaxEnvironments`",
            fix=Fix.advice("limit the rate of requests"),
        )
