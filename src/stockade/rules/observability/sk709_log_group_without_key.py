"""A function's log group without a key of your own.

## What it does
Reports log groups of functions that are encrypted with AWS's key alone. For pedantic readers: CloudWatch Logs encrypts
every group, and a key of your own is a decision about who may read.

## Why is this bad?
With AWS's key, whoever may call `logs:GetLogEvents` can read the logs. With a key of yours they also need the key, so
that its policy, and turning it off, are a second gate; and every use of the key is recorded.

## When it is fine
Where the logs hold nothing sensitive.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 90}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: app.handler, Role: !GetAtt Role.Arn, Code: {S3Bucket: b, S3Key: a.zip}}
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Orders}", RetentionInDays: 90, KmsKeyId: !GetAtt Key.Arn}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/, LoggingConfig: {LogGroup: !Ref Logs}}
  Logs: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 90}}
```
```hcl bad
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  role          = "arn:aws:iam::111122223333:role/orders"
}
resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 90
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
resource "aws_cloudwatch_log_group" "orders" {
  name              = "/aws/lambda/orders"
  retention_in_days = 90
  kms_key_id        = aws_kms_key.logs.arn
}
resource "aws_kms_key" "logs" { enable_key_rotation = true }
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13, logRetentionInDays: 90}
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13, logRetentionInDays: 90}
functions:
  orders: {handler: app.handler}
resources:
  extensions:
    OrdersLogGroup: {Properties: {KmsKeyId: !GetAtt Key.Arn}}
  Resources:
    Key: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true}}
```

## Fix safety
Advice only: the key's policy has to let CloudWatch Logs use it.

## References
- [Encrypt log data with KMS](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, LogGroup
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, names
from stockade.rules.observability._functions import without_group, writers


@rule(
    "SK709",
    "log-group-without-key",
    severity=LOW,
    persona="pedantic",
    since="0.1",
    controls=["OBSV-4"],
    aliases=[
        "CKV_AWS_158",
        "AWS-0017",
        "0afbcfe9",
        "W84",
        "CLOUDWATCH_LOG_GROUP_ENCRYPTED",
        "CloudWatchLogGroupEncrypted",
        "AC_AWS_0451",
        "FG_R00068",
        "cloudwatch_log_group_kms_encryption_enabled",
        "logGroupsEncrypted",
        "cloudwatch-log-group-encrypted",
        "CTL.LAMBDA.LOG.ENCRYPT.001",
        "LogGroupEncrypted",
    ],
    applies="has no log group in the scanned code",
    holds="its logs are encrypted with a key of the account",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every log group of a function for its key."""
    del ctx
    yield from without_group(app, "are encrypted with AWS's key, not one of yours")
    written = writers(app)
    for group in app.of(LogGroup):
        functions = written.get(id(group), ())
        if functions:
            yield from found(
                ~group.kms_key.is_set(),
                subject=group,
                functions=functions,
                at=group,
                message=f"the logs of {names(functions)} are encrypted with AWS's key, not one of yours",
                together="the logs of {} are encrypted with AWS's key, not one of yours",
                help="set "
                + by_format(group, "`KmsKeyId`", "`kms_key_id`", "`KmsKeyId` under `resources.extensions`")
                + " to a key whose policy lets CloudWatch Logs use it",
                fix=Fix.advice("encrypt the log group with a key of your own"),
            )
