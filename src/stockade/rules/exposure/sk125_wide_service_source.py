"""A permission for a service whose source ARN covers more than one resource.

## What it does
Reports source ARNs with a wildcard in the part that names the resource: a topic, rule, user pool, log group, target
group, … API Gateway has `wide-api-source-arn`. Wildcards that AWS itself needs (the end of a log group's ARN, a
secret's suffix) are fine.

## Why is this bad?
Whoever may make a topic or rule in the account whose name matches can send the function events of their own, though
they may not invoke it. Names like `rule/*` match everything there is and will be.

## When it is fine
Where the sources come and go and share a prefix that nobody else may use.

## Example
```yaml bad
Resources:
  FromRules:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !Sub arn:aws:events:${AWS::Region}:${AWS::AccountId}:rule/*
```
```yaml good
Resources:
  Nightly:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day)}
  FromRule:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: orders
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceArn: !GetAtt Nightly.Arn
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
        Nightly:
          Type: Schedule
          Properties: {Schedule: rate(1 day)}
```
```hcl bad
data "aws_caller_identity" "current" {}

resource "aws_lambda_permission" "from_rules" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = "arn:aws:events:eu-west-1:${data.aws_caller_identity.current.account_id}:rule/*"
}
```
```hcl good
resource "aws_cloudwatch_event_rule" "nightly" { schedule_expression = "rate(1 day)" }

resource "aws_lambda_permission" "from_rule" {
  function_name = "orders"
  action        = "lambda:InvokeFunction"
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    FromRules:
      Type: AWS::Lambda::Permission
      Properties:
        FunctionName: !Ref OrdersLambdaFunction
        Action: lambda:InvokeFunction
        Principal: events.amazonaws.com
        SourceArn: arn:aws:events:${aws:region}:${aws:accountId}:rule/*
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events:
      - eventBridge: {pattern: {source: [shop.orders]}}
```

## Fix safety
Advice only: which of the sources have to reach the function is a decision.

## References
- [Function policies for AWS services](https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Permission
from stockade.model.intent import Fix
from stockade.model.value import PART
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules.exposure._shared import ALEXA, API_GATEWAY, any_account, called, is_service, place, takes_source

_HEAD = r"arn:[^:]*:{service}:[^:]*:[^:]*:"
# Services for whose ARNs some wildcard belongs there: the resources that are wide all the same.
_SOME = {
    "logs": r"log-group:(?:\*|[^:]*[*?][^:]*)(?::.*)?",
    "elasticloadbalancing": r"targetgroup/[^/]*[*?].*",
    "secretsmanager": r"secret:(?![^*?]+-(?:\*|\?{6})$).*[*?].*",
    "lex": r"(?:intent:[^:]*\*.*|bot-alias/[^/]*\*.*)",
    "bedrock": r"[a-z-]+/[^/]*\*.*",
}
_OTHER = r"arn:[^:]*:(?!(?:" + "|".join(_SOME) + r"|execute-api):)[^:]*:[^:]*:[^:]*:.*[*?].*"
_WIDE = "|".join([r"\*", _OTHER, *(_HEAD.format(service=service) + f"(?:{tail})" for service, tail in _SOME.items())])
_OWN = rf"arn:[^:]*:[^:]*:[^:]*:{PART}:.*"
_EVERY = r"\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:(?:[a-z-]+[/:])?\*(?::\*)?"


@rule(
    "SK125",
    "wide-service-source",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-9"],
    maps={"cwe": [284]},
    applies="has no permission for a service with a source ARN",
    holds="the source ARN names one resource",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission for a service whether its source ARN names one resource."""
    del ctx
    for permission in app.of(Permission):
        source = permission.source_arn
        service = is_service(permission) & ~permission.principal.reads(f"{ALEXA}|{API_GATEWAY}")
        yield from found(
            service & takes_source(permission) & any_account(permission) & ~permission.principal_org.is_set(),
            subject=permission,
            at=place(permission, permission.principal),
            message=f"{_service(permission)} may invoke `{called(permission)}` for every resource there is",
            evidence="any account",
            passes="its source is limited",
            told="SK103",
        )
        service = service & source.is_set()
        if service.is_no or permission.generated_by:
            continue
        yield from found(
            service & source.reads(_WIDE) & ~any_account(permission),
            subject=permission,
            at=source,
            # All of one's own account is no more than a permission with the account as its only source allows.
            severity=LOW
            if (~source.reads(_EVERY) | permission.source_account.reads(PART) | source.reads(_OWN)).is_yes
            else MEDIUM,
            message=(
                f"{_service(permission)} may invoke `{called(permission)}` for everything that matches "
                f"`{source.show()}`"
            ),
            help="name the resource that has to call the function, or where they come and go a prefix of your own",
            fix=Fix.advice("write the resource's own ARN, as a reference to it where it is part of the same code"),
        )


def _service(permission: Permission) -> str:
    """The service as it is called everywhere: in China it has another ending."""
    shown = dict.fromkeys(leaf.show().removesuffix(".cn") for _, leaf in permission.principal.leaves())
    return " or ".join(f"`{name}`" for name in shown)
