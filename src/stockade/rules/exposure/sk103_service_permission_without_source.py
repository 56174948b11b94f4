"""A permission for an AWS service that does not say on whose behalf the service may call.

## What it does
Reports permissions for a service principal with neither a source ARN nor a source account, or with a source ARN that
every account matches. Services that can't name a source are left out; Alexa has `alexa-permission-without-token`.

## Why is this bad?
A service acts for all of its customers. `Principal: sns.amazonaws.com` alone means *any* topic of *any* account:
somebody makes a topic, subscribes your function's ARN to it, and AWS delivers their messages. This is the confused
deputy.

## When it is fine
Never for long: each of these services sends the ARN and the account of what it calls for.

## Example
```yaml bad
Resources:
  FromTopic:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
```
```yaml good
Resources:
  FromTopic:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: sns.amazonaws.com
      SourceArn: !Ref Topic
  Topic:
    Type: AWS::SNS::Topic
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  FromApi:
    Type: AWS::Lambda::Permission
    Properties: {FunctionName: !Ref Orders, Action: lambda:InvokeFunction, Principal: apigateway.amazonaws.com}
```
```hcl bad
resource "aws_lambda_permission" "from_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
}
```
```hcl good
resource "aws_sns_topic" "orders" { name = "orders" }

resource "aws_lambda_permission" "from_topic" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  notify: {handler: app.handler}
resources:
  Resources:
    FromTopics:
      Type: AWS::Lambda::Permission
      Properties: {FunctionName: !Ref NotifyLambdaFunction, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  notify:
    handler: app.handler
    events:
      - sns: orders
```

## Fix safety
Safe where the application shows the one caller: its ARN is added. Otherwise unsafe: adding this account as the source
stops callers of other accounts.

## References
- [Function policies for AWS services](https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html)
- [The confused deputy problem](https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, EventRule, Permission, Topic, UserPool
from stockade.model.intent import Fix, Here, Set, To
from stockade.model.value import NO
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.exposure._shared import ALEXA, any_account, called, is_service, place, takes_source


@rule(
    "SK103",
    "service-permission-without-source",
    severity=HIGH,
    since="0.1",
    controls=["INVK-1"],
    maps={"cwe": [441]},
    aliases=[
        "CKV_AWS_364",
        "AWS-0067",
        "aws-lambda-permission-unrestricted-source-arn",
        "FG_R00499",
        "CTL.LAMBDA.TRIGGER.CONFUSEDDEPUTY.001",
    ],
    applies="has no permission for an AWS service",
    holds="every permission for a service says which account or resource it may call for",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for a service what limits its source."""
    del ctx
    for permission in app.of(Permission):
        service = is_service(permission) & ~permission.principal.reads(ALEXA) & takes_source(permission)
        if service.is_no:
            continue
        if permission.principal.is_("elasticloadbalancing.amazonaws.com").is_yes:
            why = "a load balancer calls functions of its own account only"
            yield from found(NO, subject=permission, message="", passes=why)
            continue
        wide = permission.source_arn.is_set().is_yes
        yield from found(
            service & any_account(permission) & ~permission.principal_org.is_set(),
            subject=permission,
            at=place(permission, permission.source_arn if wide else permission.principal),
            message=(
                f"`{permission.principal.show()}` may invoke `{called(permission)}` for any AWS account: "
                + (
                    "the source ARN names none"
                    if wide
                    else "the permission has neither a source ARN nor a source account"
                )
            ),
            help=by_format(
                permission,
                "set SourceArn to the resource that calls the function, or SourceAccount to this account",
                "set `source_arn` to the resource that calls the function, or `source_account` to this account",
            ),
            fix=_fix(permission),
        )


def _fix(permission: Permission) -> Fix:
    """The one caller that the application shows, or this account."""
    function = permission.function
    callers = [
        invoker.source
        for invoker in (() if function is None else function.invokers)
        if isinstance(invoker.source, Topic | EventRule | UserPool)
        and permission.principal.starts_with(_WORD[type(invoker.source)]).is_yes
    ]
    if len(callers) == 1:
        attribute = "Ref" if isinstance(callers[0], Topic) else "Arn"
        return Fix.safe(f"name `{callers[0]}` as the source", Set(permission, "source_arn", To(callers[0], attribute)))
    return Fix.unsafe(
        "limit the permission to this account",
        Set(permission, "source_account", Here("account")),
        why="what calls the function from another account stops working",
    )


_WORD = {Topic: "sns.", EventRule: "events.", UserPool: "cognito-idp."}
