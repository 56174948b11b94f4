"""Events that are handed on to another account.

## What it does
Reports destinations of asynchronous invocations and of event sources, and dead-letter queues, whose ARN holds an
account that is written as a number. A number may be the own account's; where that is known, it is compared.

## Why is this bad?
The destination of successes gets every event with what the function made of it, that of failures every event that
failed. In another account they are read by people whom nobody here knows, also once the number is that of somebody
else.

## When it is fine
Where the account is one of yours that gathers such events: say so in an ignore, or take the number from a parameter
that names its owner.

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
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Type: SQS, Destination: "arn:aws:sqs:eu-west-1:444455556666:all"}
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
      EventInvokeConfig:
        DestinationConfig:
          OnSuccess: {Type: SQS}
```
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: a.zip}
  Config:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref Orders
      Qualifier: $LATEST
      DestinationConfig: {OnFailure: {Destination: arn:aws:events:eu-west-1:444455556666:event-bus/all}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name = aws_lambda_function.orders.function_name
  destination_config {
    on_failure { destination = "arn:aws:sns:eu-west-1:444455556666:failed" }
  }
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
resource "aws_sns_topic" "failed" {}

resource "aws_lambda_function_event_invoke_config" "orders" {
  function_name = aws_lambda_function.orders.function_name
  destination_config {
    on_failure { destination = aws_sns_topic.failed.arn }
  }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    destinations: {onSuccess: "arn:aws:sqs:eu-west-1:444455556666:all"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    destinations: {onSuccess: orders}
    events: []
```

## Fix safety
Advice only: whose account it is can't be told.

## References
- [Adding a destination](https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, AsyncConfig, EventSource, Resource
from stockade.model.intent import Fix
from stockade.model.value import Value
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format

_ARN = regex(r"arn:[^:]*:(?:sqs|sns|lambda|events):[^:]*:(\d{12}):.*")


@rule(
    "SK155",
    "foreign-async-destination",
    severity=MEDIUM,
    confidence="medium",
    since="0.2",
    controls=["INVK-2"],
    maps={"cwe": [200]},
    aliases=["B.6"],
    applies="hands no events on",
    holds="what it hands on stays in its account, as far as that is written",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every destination for its account."""
    del ctx
    for config in app.of(AsyncConfig):
        yield from _one(config, config.on_success, "every event and what becomes of it")
        yield from _one(config, config.on_failure, "every event that it fails on")
    for source in app.of(EventSource):
        yield from _one(source, source.on_failure, "what it fails on")


def _one(record: AsyncConfig | EventSource, value: Value[str], what: str) -> Iterator[Outcome]:
    if value.is_set().is_no:
        return
    own = _account(record)

    def foreign(text: str) -> bool:
        match = _ARN.fullmatch(text)
        return match is not None and match[1] != own

    named = str(record.function or record.address)
    yield from found(
        value.read_by(foreign),
        subject=record,
        at=value,
        severity=MEDIUM if own or what.startswith("every event and") else LOW,
        message=f"`{named}` hands {what} to `{value.show()}`; nothing says whose account that is",
        help=f"refer to the destination, or take its account from a {by_format(record, 'parameter', 'variable')} that "
        "names the owner",
        fix=Fix.advice("say whose account it is, or hand nothing on"),
        evidence=value.show(),
    )


def _account(record: Resource) -> str:
    """The account that a resource is deployed to, where its number is known."""
    place = record.place
    return place.account if place is not None and place.account.isdigit() else ""
