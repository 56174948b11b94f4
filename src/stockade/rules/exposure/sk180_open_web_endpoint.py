"""An endpoint of a web function that lets everybody through to the code.

## What it does
Reports endpoints of web functions with the authentication type `ApplicationManaged`: Lambda checks nobody, and every request from
the internet runs the application.

## Why is this bad?
Whoever finds the domain name runs the code, as often as the account allows. What the application does before it knows who is
there, from parsing to logging, is open to everybody.

## When it is fine
For a public site, or where the application itself asks who calls. Say so in an ignore.

## Example
```yaml bad
Resources:
  Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
  Public:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties:
      FunctionName: !Ref Site
      EndpointName: public
      EndpointType: HomeRegion
      AuthType: ApplicationManaged
```
```yaml good
Resources:
  Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
  Internal:
    Type: AWS::Lambda::WebFunctionEndpoint
    Properties:
      FunctionName: !Ref Site
      EndpointName: internal
      EndpointType: HomeRegion
      AuthType: IamAuth
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
    Public:
      Type: AWS::Lambda::WebFunctionEndpoint
      Properties:
        FunctionName: !Ref Site
        EndpointName: public
        EndpointType: HomeRegion
        AuthType: ApplicationManaged
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Site: {Type: AWS::Lambda::WebFunction, Properties: {FunctionName: site}}
    Internal:
      Type: AWS::Lambda::WebFunctionEndpoint
      Properties:
        FunctionName: !Ref Site
        EndpointName: internal
        EndpointType: HomeRegion
        AuthType: IamAuth
```

## Fix safety
Unsafe: callers that don't sign their requests are refused afterwards.

## References
- [AWS::Lambda::WebFunctionEndpoint](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-webfunctionendpoint.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, WebEndpoint
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK180",
    "open-web-endpoint",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["INVK-1"],
    maps={"cwe": [306]},
    applies="is no web function",
    holds="its endpoints ask for signed requests",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every endpoint of a web function who may call it."""
    del ctx
    for endpoint in app.of(WebEndpoint):
        yield from found(
            endpoint.auth.is_("ApplicationManaged"),
            subject=endpoint,
            at=endpoint.auth,
            message=f"anyone on the internet reaches the code of {_served(endpoint)} through its endpoint `{endpoint}`",
            help="require IamAuth, or let the application ask who calls, and say so in an ignore",
            fix=Fix.unsafe(
                "require IamAuth",
                Set(endpoint, "auth", "IamAuth"),
                why="callers that don't sign their requests are refused",
            ),
        )


def _served(endpoint: WebEndpoint) -> str:
    return f"`{endpoint.web_function}`" if endpoint.web_function is not None else "a web function"
