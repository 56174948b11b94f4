"""A bucket, queue or topic that may be used without TLS.

## What it does
Reports buckets, queues and topics whose policy does not deny requests without TLS (`aws:SecureTransport`, or for S3 a
lowest `s3:TlsVersion`).

## Why is this bad?
The endpoints of S3, SQS and SNS answer without TLS as well. The SDKs use TLS unless told otherwise, so that this is
about clients that are set up wrongly, and about showing auditors that none can.

## When it is fine
Nearly always, since requests without TLS are rare; so only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Files: {Type: AWS::S3::Bucket}
```
```yaml good
Resources:
  Files: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Files
      PolicyDocument:
        Statement:
          Effect: Deny
          Action: s3:*
          Resource: [!GetAtt Files.Arn, !Sub "${Files.Arn}/*"]
          Principal: "*"
          Condition: {Bool: {aws:SecureTransport: false}}
```
```hcl bad
resource "aws_sqs_queue" "work" { name = "work" }
```
```hcl good
resource "aws_sqs_queue" "work" { name = "work" }
resource "aws_sqs_queue_policy" "work" {
  queue_url = aws_sqs_queue.work.id
  policy = jsonencode({
    Statement = [{
      Effect    = "Deny"
      Action    = "sqs:*"
      Resource  = aws_sqs_queue.work.arn
      Principal = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files: {Type: AWS::S3::Bucket}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files: {Type: AWS::S3::Bucket}
    Policy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Files
        PolicyDocument:
          Statement:
            Effect: Deny
            Action: s3:*
            Resource: [!GetAtt Files.Arn, !Sub "${Files.Arn}/*"]
            Principal: "*"
            Condition: {Bool: {aws:SecureTransport: false}}
```

## Fix safety
Advice only: a policy is written by hand.

## References
- [aws:SecureTransport](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport)
- [Policies that require TLS](https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.principals import principals
from stockade.model.app import App, Bucket, Policy, Queue, Topic
from stockade.model.intent import Fix
from stockade.model.policy import Condition, Statement
from stockade.model.value import NO, Tri, any_of, given
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._elsewhere import may_be_elsewhere
from stockade.rules._words import names

_NOUNS = {"bucket": "the bucket", "queue": "the queue", "topic": "the topic"}


@rule(
    "SK149",
    "plain-transport",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["S3.5"], "cwe": [319]},
    aliases=[
        "CKV_AWS_379", "4bc4dd4c", "38c64e76", "AwsSolutions-S10", "AwsSolutions-SQS4", "S3_BUCKET_SSL_REQUESTS_ONLY",
        "s3_bucket_secure_transport_policy", "FG_R00100"],
    applies="uses no bucket, queue or topic of the scanned code",
    holds="its buckets, queues and topics refuse requests without TLS",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of buckets, queues and topics for a denial."""
    del ctx
    kept: tuple[Bucket | Queue | Topic, ...] = (*app.of(Bucket), *app.of(Queue), *app.of(Topic))
    for resource in kept:
        denied = any_of(given(policy.exists, policy.statements.any(_denies_plain)) for policy in resource.policies)
        yield from found(
            ~denied & ~may_be_elsewhere(app, resource, Policy),
            subject=resource,
            at=resource,
            message=f"{_NOUNS[resource.kind]} `{resource}` answers requests without TLS",
            help=f"deny everything where aws:SecureTransport is false, in {_policy(resource)}",
            fix=Fix.advice("deny requests without TLS"),
        )


def _policy(resource: Bucket | Queue | Topic) -> str:
    """Where to deny it: none of these has more than one policy, and what another resource states would replace that."""
    there = resource.policies.items
    return f"{names(there, of='policy')}, which it has already" if there else "a policy of it"


def _denies_plain(statement: Statement) -> Tri:
    if statement.principals is None:
        return NO
    everybody = any_of(principal.value.is_("*") for principal in principals(statement))
    asks = any_of(_is_about_tls(condition) for condition in statement.conditions)
    return given(statement.exists, statement.effect.is_("Deny")) & everybody & asks


def _is_about_tls(condition: Condition) -> Tri:
    if condition.key.lower() == "s3:tlsversion" and condition.operator.lower().startswith("numericlessthan"):
        return condition.values.any(lambda value: value.is_set())
    if condition.key.lower() != "aws:securetransport":
        return NO
    return condition.values.any(lambda value: value.reads("(?i)false"))
