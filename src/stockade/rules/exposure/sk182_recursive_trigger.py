"""A function that calls itself by what it writes.

## What it does
Reports functions that may write to what triggers them, by the statements of their role:

- objects of a bucket that tells the function of new ones, as far as the prefix and suffix of the notification let them
  through (likewise tags and access control lists of objects),
- messages of a queue that it reads from, or of a topic that it is subscribed to,
- items of a table whose stream it reads from, and records of a Kinesis stream.

A role of its own that names what it may write to says that the function writes there. One that other functions have too,
or that is wider, such as by `s3:*` on every bucket or on all of a bucket of which one prefix triggers the function, may be
meant for something else: only the pedantic persona hears of it. Where a filter chooses among messages or records, whether
it lets through what the function writes can't be told.

## Why is this bad?
Whatever the function writes calls it again, which writes again. Such a loop takes all the concurrency of the account and
costs money until somebody notices. Lambda stops one that leads through S3, SQS or SNS after about 16 rounds, if the
function uses an AWS SDK that is new enough, and drops the event; it does not notice one through a DynamoDB or Kinesis stream, nor
any where `RecursiveLoop` is `Allow`.

## When it is fine
Where the code ends it: it writes under a prefix that triggers nothing, tells its own writes by a mark, sends a message back a
counted number of times, or writes to an item only what is not there yet (DynamoDB makes no stream record of a write that
changes nothing). What is only read should not be writable then.

## Example
```yaml bad
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Pictures: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-pictures}}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::shop-pictures/*"}]
      Events:
        New: {Type: S3, Properties: {Bucket: !Ref Pictures, Events: "s3:ObjectCreated:*"}}
```
```yaml good
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
  Pictures: {Type: AWS::S3::Bucket, Properties: {BucketName: shop-pictures}}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      Policies:
        - Statement: [{Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::shop-pictures/out/*"}]
      Events:
        New:
          Type: S3
          Properties:
            Bucket: !Ref Pictures
            Events: "s3:ObjectCreated:*"
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
```
```hcl bad
resource "aws_lambda_function" "shrink" {
  function_name = "shrink"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "shrink.zip"
  role          = aws_iam_role.shrink.arn
}
resource "aws_iam_role" "shrink" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "shrink" {
  role = aws_iam_role.shrink.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.pictures.arn}/*" }]
  })
}
resource "aws_s3_bucket" "pictures" {}
resource "aws_s3_bucket_notification" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.shrink.arn
    events              = ["s3:ObjectCreated:*"]
  }
}
```
```hcl good
resource "aws_lambda_function" "shrink" {
  function_name = "shrink"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "shrink.zip"
  role          = aws_iam_role.shrink.arn
}
resource "aws_iam_role" "shrink" {
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_iam_role_policy" "shrink" {
  role = aws_iam_role.shrink.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "${aws_s3_bucket.pictures.arn}/out/*" }]
  })
}
resource "aws_s3_bucket" "pictures" {}
resource "aws_s3_bucket_notification" "pictures" {
  bucket = aws_s3_bucket.pictures.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.shrink.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "in/"
  }
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Work.Arn}
functions:
  work: {handler: app.handler, events: [{sqs: {arn: !GetAtt Work.Arn}}]}
resources: {Resources: {Work: {Type: AWS::SQS::Queue}, Done: {Type: AWS::SQS::Queue}}}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  iam:
    role:
      statements:
        - {Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Done.Arn}
functions:
  work: {handler: app.handler, events: [{sqs: {arn: !GetAtt Work.Arn}}]}
resources: {Resources: {Work: {Type: AWS::SQS::Queue}, Done: {Type: AWS::SQS::Queue}}}
```

## Fix safety
Advice only: where the function should write instead is for its author to say.

## References
- [Use Lambda recursive loop detection to prevent infinite loops](https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html)
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from stockade.iam.allows import may_call, roles_of
from stockade.model.app import App, EventSource, Function, Notification, Resource, Subscription
from stockade.model.intent import Fix
from stockade.model.value import NO, YES, Origin, Tri, Value, any_of, given, maybe
from stockade.patterns import regex
from stockade.rules._base import LOW, MEDIUM, Context, Label, Outcome, Persona, found, rule
from stockade.rules.exposure._sources import reads_from

if TYPE_CHECKING:
    from stockade.iam.effective import Effective
    from stockade.iam.sets.modelled import Names


# What stands behind a table's ARN in that of its stream, and behind a stream's in that of a consumer.
_PART = regex(r"(?<=:table/)([^/]+)/stream/.*|(?<=:stream/)([^/]+)/consumer/.*")


class _Way(Struct, frozen=True):
    """How a function that is triggered by something may write to it."""

    actions: tuple[str, ...]
    comes: str  # how the function is called
    writes: str  # what it may do
    instead: str
    noticed: bool = True  # Lambda notices a loop


_MESSAGES = "send to another queue, or remove the permission; a message that is to come again can be left in the queue"
# Which loops Lambda notices: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (as of 2026-11-28).
_SOURCES = {
    "sqs": _Way(("sqs:SendMessage",), "reads from the queue {}", "send messages to it", _MESSAGES),
    "kinesis": _Way(
        ("kinesis:PutRecord", "kinesis:PutRecords"),
        "reads from the stream {}",
        "put records into it",
        "write to another stream, or remove the permission",
        noticed=False,
    ),
    "dynamodb": _Way(
        (
            *("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:BatchWriteItem"),
            *("dynamodb:PartiQLInsert", "dynamodb:PartiQLUpdate"),
        ),
        "is invoked by changes of the table {}",
        "change it",
        "write to another table, or let a filter of the event source leave out what the function writes",
        noticed=False,
    ),
}
_TOPIC = _Way(
    ("sns:Publish",),
    "is subscribed to the topic {}",
    "publish to it",
    "publish to another topic, or remove the permission",
)
_APART = "write to another bucket, or to a prefix that the notification leaves out, and let the role write nowhere else"
# Which events tell of what: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
# (as of 2026-11-28). Objects that a browser's form posts are not among what a function writes.
_EVENTS = {
    r"s3:ObjectCreated:(?!Post$).*": _Way(
        ("s3:PutObject",), "is invoked by new objects of the bucket {}", "put objects into it", _APART
    ),
    r"s3:ObjectTagging:(?:\*|Put)": _Way(
        ("s3:PutObjectTagging",), "is invoked by tags of objects in the bucket {}", "tag objects in it", _APART
    ),
    r"s3:ObjectAcl:.*": _Way(
        ("s3:PutObjectAcl",),
        "is invoked by access control lists of objects in the bucket {}",
        "set some in it",
        _APART,
    ),
}


class _Trigger(Struct, frozen=True, eq=False):
    """What calls a function, if `calls` says so."""

    record: EventSource | Notification | Subscription
    function: Function
    way: _Way
    source: Resource | None
    named: Value[str]
    calls: Tri

    @property
    def what(self) -> str:
        """What the function would have to write to."""
        return f"`{self.named.show() if self.source is None else self.source}`"


@rule(
    "SK182",
    "recursive-trigger",
    severity=MEDIUM,
    confidence="medium",
    since="0.1",
    controls=["INVK-8"],
    maps={"cwe": [674]},
    applies="is triggered by no bucket, queue, topic, table or stream",
    holds="its role lets it write to nothing that triggers it",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the role of every function whether it may write to what triggers it."""
    del ctx
    effective: list[Effective] = []
    for trigger in _triggers(app):
        if not _may(app, trigger):
            yield from found(NO, subject=trigger.function, message="")
            continue
        if not effective:
            from stockade.iam.effective import Effective  # few functions need the engine, which takes a while to load

            effective.append(Effective(app))
        yield from _outcomes(trigger, effective[0])


def _may(app: App, trigger: _Trigger) -> bool:
    """Whether a function may do to anything what it would have to do to what triggers it."""
    roles = roles_of(trigger.function)
    return not roles or any(
        not may_call(app, role, action).is_no for _, role in roles for action in trigger.way.actions
    )


def _outcomes(trigger: _Trigger, effective: Effective) -> Iterator[Outcome]:
    from stockade.iam.lets import lets

    function, way = trigger.function, trigger.way
    answers: dict[bool, list[tuple[Tri, Origin]]] = {True: [], False: []}
    # What a role is allowed that others have too may be for them.
    own = all(len(role.functions) == 1 for _, role in roles_of(function))
    for there, target in _targets(trigger, effective.names):
        for let in lets(effective, function, way.actions, target):
            meant = let.named and (own or let.answer.truth == "maybe")
            answers[meant].append((trigger.calls & there & let.answer, let.at))
    named, wide = (any_of(answer for answer, _ in answers[each]) for each in (True, False))
    endless = not way.noticed or function.recursive_loop.is_("Allow").is_yes
    why = "Lambda stops a loop only after about 16 rounds"
    if endless:
        why = "Lambda is told not to stop a loop" if way.noticed else "Lambda does not notice such a loop"
    sure: tuple[tuple[Tri, Persona], ...] = ((named, "regular"), (wide & ~named, "pedantic"))
    for answer, persona in sure:
        if answer.is_no and persona == "pedantic":
            continue
        places = [at for each, at in answers[persona == "regular"] if not each.is_no]
        yield from found(
            answer,
            subject=function,
            at=trigger.record,
            severity=MEDIUM if endless else LOW,
            message=f"`{function}` {way.comes.format(trigger.what)}, and may itself {way.writes}; {why}",
            help=way.instead,
            fix=Fix.advice(way.instead),
            related=tuple(Label(place, f"this lets it {way.writes}") for place in dict.fromkeys(places)),
            evidence=f"{trigger.record.address} {way.actions[0]}",
            persona=persona,
        )


# --------------------------------------------------------------------------------------------------------------- triggers


def _triggers(app: App) -> Iterator[_Trigger]:
    for source in app.of(EventSource):
        for service, way in _SOURCES.items():
            calls = given(source.exists, reads_from(source, service))
            if source.function is not None and not calls.is_no:
                calls &= source.filters.is_empty() | _filtered(source.origin)
                yield _Trigger(source, source.function, way, source.source, source.source_arn, calls)
    for subscription in app.of(Subscription):
        if subscription.function is not None:
            calls = given(subscription.exists, YES)
            calls &= ~subscription.filter.is_set() | _filtered(subscription.filter.origin)
            topic, named = subscription.topic, subscription.topic_arn
            yield _Trigger(subscription, subscription.function, _TOPIC, topic, named, calls)
    for notification in app.of(Notification):
        for events, way in _EVENTS.items():
            calls = given(notification.exists, notification.events.any(partial(_matches, events)))
            if notification.function is not None and not calls.is_no:
                bucket, named = notification.bucket, notification.bucket_name
                yield _Trigger(notification, notification.function, way, bucket, named, calls)


def _matches(pattern: str, event: Value[str]) -> Tri:
    return event.matches(pattern)


def _filtered(origin: Origin) -> Tri:
    return maybe("whether its filter leaves out what the function writes is not known", origin, cause="filter")


def _targets(trigger: _Trigger, names: Names) -> Iterator[tuple[Tri, str]]:
    """The ARNs of what the function would have to write for that, each with whether it is one."""
    record = trigger.record
    own = names.arn(trigger.source) if trigger.source is not None else None
    arns = _texts(names, record, trigger.named) if own is None else ((YES, own),)
    for there, text in arns:
        if not isinstance(record, Notification):
            # The table or stream, where it is the ARN of a part of it.
            yield there, _PART.sub(r"\1\2", text or "arn:*:*:*:*:*")
            continue
        bucket = text if own is not None else f"arn:*:s3:::{text or '*'}"
        for starts, prefix in _texts(names, record, record.key_prefix):
            for ends, suffix in _texts(names, record, record.key_suffix):
                yield there & starts & ends, f"{bucket}/{prefix}*{suffix}"


def _texts(names: Names, record: Resource, value: Value[str]) -> Iterator[tuple[Tri, str]]:
    """The texts that a value may be, each with whether it is; an empty one, where it is not set or what it is can't be told."""
    for when, leaf in value.leaves():
        text = "" if leaf.is_null().is_yes else names.text(leaf, _scope(record))
        hidden = maybe(f"`{leaf.show()}` is not known", leaf.origin)
        yield given(when, YES if text is not None else hidden), text or ""


def _scope(record: Resource) -> str:
    return record.key.partition("#")[0]
