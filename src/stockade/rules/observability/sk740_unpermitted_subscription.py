"""A subscription of logs that may not call its function.

## What it does
Reports subscription filters that send to a function of the scanned code, for which no permission lets CloudWatch Logs
call the function.

## Why is this bad?
CloudWatch Logs tries the function when the filter is made, and refuses it: the deployment is rolled back. Where the
permission was taken away later, nothing fails, and whatever the function looks for in the logs is missed.

## When it is fine
Where the permission is written elsewhere.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: "", DestinationArn: !GetAtt Orders.Arn}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Filter:
    Type: AWS::Logs::SubscriptionFilter
    Properties: {LogGroupName: shop, FilterPattern: "", DestinationArn: !GetAtt Orders.Arn}

  Allowed:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Orders
      Principal: logs.amazonaws.com
      SourceArn: !Sub arn:aws:logs:${AWS::Region}:${AWS::AccountId}:log-group:shop:*
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_cloudwatch_log_subscription_filter" "shop" {
  name            = "shop"
  log_group_name  = "shop"
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}
```
```hcl good
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_cloudwatch_log_subscription_filter" "shop" {
  name            = "shop"
  log_group_name  = "shop"
  filter_pattern  = ""
  destination_arn = aws_lambda_function.orders.arn
}

resource "aws_lambda_permission" "shop" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.orders.function_name
  principal     = "logs.amazonaws.com"
  source_arn    = "arn:aws:logs:eu-west-1:111122223333:log-group:shop:*"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Filter:
      Type: AWS::Logs::SubscriptionFilter
      Properties: {LogGroupName: shop, FilterPattern: "", DestinationArn: !GetAtt OrdersLambdaFunction.Arn}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    events: [{cloudwatchLog: shop}]
```

## Fix safety
Advice only: the log group and the account belong into the permission.

## References
- [Log group subscriptions with Lambda](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, LogSubscription, Permission
from stockade.model.intent import Fix
from stockade.model.value import Tri, any_of, given
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere

_LOGS = r"logs\.(?:[^.]+\.)?amazonaws\.com(?:\.cn)?|\*"


@rule(
    "SK740",
    "unpermitted-subscription",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["INVK-9"],
    aliases=["subscription-filter-missing-depends"],
    applies="no log group is sent to it",
    holds="CloudWatch Logs may call it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every subscription filter for a permission of its function."""
    del ctx
    for subscription in app.of(LogSubscription):
        for when, reference in subscription.destination.refers():
            function = app.get(reference.target)
            if not isinstance(function, Function):
                continue
            yield from found(
                given(when, ~_permitted(function) & ~may_be_elsewhere(app, function, Permission)),
                subject=subscription,
                functions=(function,),
                at=subscription,
                message=f"`{subscription}` sends logs to `{function}`, which CloudWatch Logs may not call",
                help="add a permission for `logs.amazonaws.com` with the log group's ARN and `:*` as its source",
                fix=Fix.advice("add a permission for CloudWatch Logs"),
            )


def _permitted(function: Function) -> Tri:
    return any_of(given(one.exists, one.principal.reads(_LOGS)) for one in function.permissions)
