"""A queue whose visibility timeout is too short for the function that reads it.

## What it does
Compares the visibility timeout of a queue with the timeout of the function that it triggers. Shorter than the
function's is an error; shorter than six times that, plus the batch window, is against AWS's advice.

## Why is this bad?
A message that is invisible for a shorter time than it is worked on appears again, and is worked on twice at once.
Lambda refuses to create such a mapping. Below six times the timeout, messages of a batch that was throttled or
retried come back too early, count as received, and reach the dead-letter queue though nothing was wrong with them.

## When it is fine
The factor of six: for functions that finish in a fraction of their timeout.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Timeout: 60
      Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 360}}
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Timeout: 60
      Events: {Work: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
```
```yaml bad
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 30}}
  Work:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {FunctionName: !Ref Worker, EventSourceArn: !GetAtt Queue.Arn}
  Worker:
    Type: AWS::Lambda::Function
    Properties: {Role: "arn:aws:iam::111122223333:role/w", Code: {ZipFile: ""}, Timeout: 10}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = aws_lambda_function.worker.arn
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::111122223333:role/worker"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "worker.zip"
  timeout       = 60
}
```
```hcl good
resource "aws_sqs_queue" "work" {
  name                       = "work"
  visibility_timeout_seconds = 360
}

resource "aws_lambda_event_source_mapping" "work" {
  event_source_arn = aws_sqs_queue.work.arn
  function_name    = aws_lambda_function.worker.arn
}

resource "aws_lambda_function" "worker" {
  function_name = "worker"
  role          = "arn:aws:iam::111122223333:role/worker"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "worker.zip"
  timeout       = 60
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    timeout: 60
    events:
      - sqs: {arn: !GetAtt Incoming.Arn}
resources:
  Resources:
    Incoming: {Type: AWS::SQS::Queue}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    timeout: 60
    events:
      - sqs: {arn: !GetAtt Incoming.Arn}
resources:
  Resources:
    Incoming: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 360}}
```

## Fix safety
Safe: a message that failed is tried again later than before.

## References
- [Configure a queue for Lambda](https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from msgspec import Meta, Struct

from stockade.model.app import App, EventSource, Function, Queue
from stockade.model.intent import Fix, Set
from stockade.model.value import NO, Tri, Value, given
from stockade.rules._base import HIGH, LOW, Context, Label, Outcome, found, rule
from stockade.rules.exposure._sources import elsewhere, queue_of, reads_from

_MOST = 43200  # seconds, the longest visibility timeout


class Options(Struct, frozen=True):
    """What can be configured."""

    factor: Annotated[
        int, Meta(ge=1, le=100, description="how many times the function's timeout a message shall stay invisible")
    ] = 6

    @property
    def times(self) -> str:
        """The factor in words."""
        return {1: "the", 6: "six times the"}.get(self.factor, f"{self.factor} times the")


@rule(
    "SK119",
    "short-visibility-timeout",
    severity=HIGH,
    since="0.1",
    controls=["INVK-8"],
    aliases=["E3505", "SQSVisibilityTimeout"],
    applies="reads from no SQS queue",
    holds="messages stay invisible for several times (as AWS advises: six) as long as the function may run",
    options=Options,
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Compare every queue's visibility timeout with its function's timeout."""
    options = ctx.options_of(Options)
    for source in app.of(EventSource):
        function = source.function
        if function is None or reads_from(source, "sqs").is_no:
            continue
        queue = queue_of(source)
        if queue is None:
            yield from elsewhere(source, "shows messages again while the function may still work on them")
            continue
        yield from _compare(source, queue, function, options)


def _compare(source: EventSource, queue: Queue, function: Function, options: Options) -> Iterator[Outcome]:
    visible, timeout = queue.visibility_timeout, function.timeout
    reads = given(source.exists, reads_from(source, "sqs"))
    short = reads & visible.compare(timeout, lambda v, t: _number(v) < _number(t))
    tight = reads & _tight(source, visible, timeout, options.factor)
    if short.is_no and tight.is_no:
        yield from found(NO, subject=queue, functions=(function,), message="")
        return
    at = visible if visible.is_set().is_yes else queue
    limit, window = timeout.only(), source.batch_window.only()
    wanted = min(options.factor * limit + int(_number(window)), _MOST) if isinstance(limit, int) else None
    fix = (
        Fix.advice(f"set the visibility timeout to {options.times} function's timeout")
        if wanted is None
        else Fix.safe(f"keep messages invisible for {wanted} seconds", Set(queue, "visibility_timeout", wanted))
    )
    related = (Label(timeout.origin, f"`{function}` may run for {_seconds(timeout)}"),)
    yield from found(
        short,
        subject=queue,
        functions=(function,),
        at=at,
        message=(
            f"messages of `{queue}` appear again after {_seconds(visible)}, while `{function}` may work on them "
            f"for {_seconds(timeout)}; Lambda refuses this mapping"
        ),
        help=f"set the visibility timeout to {options.times} function's timeout",
        fix=fix,
        related=related,
        evidence=f"shorter than {function}",
    )
    yield from found(
        tight & ~short,
        subject=queue,
        functions=(function,),
        at=at,
        severity=LOW,
        message=(
            f"messages of `{queue}` appear again after {_seconds(visible)}, less than {options.times} timeout of "
            f"`{function}` ({_seconds(timeout)}): retries after throttling may overlap"
        ),
        help=f"set the visibility timeout to {options.times} function's timeout, plus the batch window",
        fix=fix,
        related=related,
        evidence=f"less than six times {function}",
    )


def _tight(source: EventSource, visible: Value[int], timeout: Value[int], factor: int) -> Tri:
    def wanted(window: object) -> Tri:
        return visible.compare(timeout, lambda v, t: _number(v) < factor * _number(t) + _number(window))

    return source.batch_window.where(wanted)


def _seconds(value: Value[int]) -> str:
    known = value.only()
    return f"{value.show() if known is None else known} seconds"


def _number(value: object) -> float:
    return value if isinstance(value, int | float) else 0
