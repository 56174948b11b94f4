"""Events that are lost when a function fails.

## What it does
Reports functions that are invoked asynchronously (by S3, SNS, EventBridge, IoT, SES, …) and have neither an on-failure
destination nor a dead-letter queue. Low where only a timer calls the function: its next run comes by itself. Where that is
within an hour, only the pedantic persona hears of it: what a schedule sends is the same every time. For a durable function
only a dead-letter queue counts: it has no destinations.

## Why is this bad?
Lambda retries an asynchronous event twice and then drops it: the order, the uploaded file, the alarm is gone. A metric
counts it, and the log may hold an error; the event itself is kept nowhere. Dead-letter queues of an SNS subscription or
of a rule's target hold what could not be handed to Lambda, not what the function failed on.

## When it is fine
Where the function catches every error itself, or a lost event is found and repeated in another way. Functions that
only deployments invoke (custom resources, macros) are not reported: CloudFormation hands them events without waiting too, but
what fails there fails in front of whoever deploys.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: s3:ObjectCreated:*}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Uploads: {Type: AWS::S3::Bucket}
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}
      Events: {Upload: {Type: S3, Properties: {Bucket: !Ref Uploads, Events: s3:ObjectCreated:*}}}
```
```yaml bad
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {Subscription: [{Protocol: lambda, Endpoint: !GetAtt Notify.Arn}]}}
  Notify:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Allow:
    Type: AWS::Lambda::Permission
    Properties:
      {FunctionName: !Ref Notify, Action: lambda:InvokeFunction, Principal: sns.amazonaws.com, SourceArn: !Ref Topic}
```
```hcl bad
resource "aws_sns_topic" "orders" { name = "orders" }
resource "aws_sns_topic_subscription" "orders" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.notify.arn
}
resource "aws_lambda_permission" "orders" {
  function_name = aws_lambda_function.notify.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}
resource "aws_lambda_function" "notify" {
  function_name = "notify"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "notify.zip"
  role          = "arn:aws:iam::111122223333:role/notify"
}
```
```hcl good
resource "aws_sns_topic" "orders" { name = "orders" }
resource "aws_sns_topic_subscription" "orders" {
  topic_arn = aws_sns_topic.orders.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.notify.arn
}
resource "aws_lambda_permission" "orders" {
  function_name = aws_lambda_function.notify.function_name
  action        = "lambda:InvokeFunction"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.orders.arn
}
resource "aws_lambda_function" "notify" {
  function_name = "notify"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "notify.zip"
  role          = "arn:aws:iam::111122223333:role/notify"
}
resource "aws_lambda_function_event_invoke_config" "notify" {
  function_name = aws_lambda_function.notify.function_name
  destination_config {
    on_failure { destination = aws_sqs_queue.failed.arn }
  }
}
resource "aws_sqs_queue" "failed" { name = "failed" }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize:
    handler: app.handler
    events:
      - s3: {bucket: shop-uploads, event: "s3:ObjectCreated:*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  resize:
    handler: app.handler
    destinations: {onFailure: {type: sqs, arn: !GetAtt Failed.Arn}}
    events:
      - s3: {bucket: shop-uploads, event: "s3:ObjectCreated:*"}
resources:
  Resources:
    Failed: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: somebody has to look at what arrives there, and a role that no framework makes has to be allowed to send there.

## References
- [Retaining records of asynchronous invocations](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, AsyncConfig, EventRule, Function, Invoker, Schedule, Subscription
from stockade.model.intent import Fix
from stockade.model.invokers import NOT_WAITING
from stockade.model.value import YES, any_of, given
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, found, rule, spared
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules._failures import allow_too, comes_again
from stockade.rules._words import by_format, join
from stockade.rules.observability._functions import (
    IN_FRONT_OF_SOMEBODY,
    asynchronous,
    is_for_deployments,
    keeps_failures,
)

_SERVICES = {
    "api": "API Gateway",
    "s3": "S3",
    "sns": "SNS",
    "events": "EventBridge",
    "schedule": "a schedule",
    "iot": "IoT Core",
    "ses": "SES",
    "logs": "CloudWatch Logs",
}
_IN_THE_FRAMEWORK = " (`destinations: {onFailure: …}`)"
_IN_TERRAFORM = " (`destination_config` of an `aws_lambda_function_event_invoke_config`)"
_IN_SAM = " (`EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}`)"


@rule(
    "SK703",
    "async-without-failure-destination",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-3"],
    aliases=[
        "CKV_AWS_116",
        "ES1007",
        "c2eae442",
        "cb2f612b",
        "dec7bc85",
        "LAMBDA_DLQ_CHECK",
        "LambdaDLQ",
        "LambdaAsyncFailureDestination",
        "awslambda_function_no_dead_letter_queue",
        "lambdaDeadLetterQueue",
        "A.7",
        "lambda-dlq-check",
        "CTL.LAMBDA.DLQ.001",
        "CTL.LAMBDA.DLQ.MISSING.001",
    ],
    asks=sorted(NOT_WAITING),
    applies="nothing invokes it asynchronously",
    holds="events that it fails on end in a queue, topic, bucket or other destination",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every function that is invoked asynchronously where its failures go."""
    del ctx
    for function in app.functions:
        callers = list(asynchronous(function))
        if is_for_deployments(function):
            yield from spared(function, IN_FRONT_OF_SOMEBODY)
        elif callers:
            yield from _judge(app, function, callers)


def _judge(app: App, function: Function, callers: list[Invoker]) -> Iterator[Outcome]:
    timer = all(caller.via == "schedule" for caller in callers)
    called = any_of(given(caller.exists, YES) for caller in callers)
    by = join(_called(caller) for caller in callers)
    durable = function.durable.is_set().is_yes
    yield from found(
        called & ~keeps_failures(function) & ~may_be_elsewhere(app, function, AsyncConfig),
        subject=function,
        at=function,
        severity=LOW if timer else MEDIUM,
        message=(
            f"an event from {by} on which an execution of `{function}` fails is not tried again, and no queue keeps it"
            if durable
            else f"the event of a scheduled run of `{function}` that still fails after its retries is kept nowhere"
            if timer
            else f"an event from {by} that `{function}` fails on is lost once its retries are over"
        )
        + ("; the sender's dead-letter queue takes only what it can't hand over" if _sender_keeps(callers) else ""),
        persona="pedantic" if timer and all(_comes_again(caller) for caller in callers) else None,
        help=_where(app, function),
        fix=Fix.advice("name a dead-letter queue" if durable else "name an on-failure destination"),
        related=tuple(Label(caller.origin, f"{_called(caller)} invokes it without waiting") for caller in callers[:3]),
    )


def _called(caller: Invoker) -> str:
    """The service that invokes, as people call it."""
    return _SERVICES.get(caller.via, caller.via)


def _sender_keeps(callers: list[Invoker]) -> bool:
    """For the message: whether somebody gave the sender a dead-letter queue, and may take it for the function's."""
    for caller in callers:
        if isinstance(caller.source, EventRule | Schedule):
            if any(target.dead_letter.is_set().is_yes for target in caller.source.targets):
                return True
        elif isinstance(caller.source, Subscription) and caller.source.dead_letter.is_set().is_yes:
            return True
    return False


def _comes_again(caller: Invoker) -> bool:
    """Whether a timer calls every hour or more often, so that the next run makes up for one that failed."""
    return isinstance(caller.source, EventRule | Schedule) and comes_again(caller.source).is_yes


def _where(app: App, function: Function) -> str:
    """What to write, in the words of where the function is written."""
    of_sam = function.type.startswith("AWS::Serverless::")
    if function.durable.is_set().is_yes:
        queue = "`DeadLetterQueue: {Type: SQS, TargetArn: …}`" if of_sam else "`DeadLetterConfig`"
        where = by_format(function, queue, "`dead_letter_config`", "`onError`")
        return f"name a dead-letter queue ({where}), with an alarm on what arrives there{allow_too(app, function)}"
    how = by_format(function, _IN_SAM if of_sam else "", _IN_TERRAFORM, _IN_THE_FRAMEWORK)
    also = allow_too(app, function)
    if also:
        return f"name a queue as on-failure destination{how}, with an alarm on what arrives there{also}"
    return f"name an on-failure destination{how}, and an alarm on what arrives there"
