"""A bucket whose policy lets in everybody.

## What it does
Reports statements of a bucket's policy that let everybody read, write or list it, where the public access block of
the bucket lets such a policy take effect. Conditions and denials are counted.

## Why is this bad?
Everybody needs no account at all. What can be read is copied by those who look for such buckets all day; what can be
written is what functions are given next, and what your own pages deliver.

## When it is fine
For objects that are meant for the public: then a CloudFront distribution with origin access control in front of a
private bucket does the same, with TLS, logs and a firewall.

## Example
```yaml bad
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*", Principal: "*"}
```
```yaml good
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Statement:
          Effect: Allow
          Action: s3:GetObject
          Resource: !Sub "${Bucket.Arn}/*"
          Principal: {Service: cloudfront.amazonaws.com}
          Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```
```hcl bad
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_public_access_block" "files" { bucket = aws_s3_bucket.files.id }
data "aws_iam_policy_document" "files" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.id
  policy = data.aws_iam_policy_document.files.json
}
```
```hcl good
resource "aws_s3_bucket" "files" {}
data "aws_iam_policy_document" "files" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.files.arn}/*"]
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111122223333:role/reader"]
    }
  }
}
resource "aws_s3_bucket_policy" "files" {
  bucket = aws_s3_bucket.files.id
  policy = data.aws_iam_policy_document.files.json
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Bucket:
      Type: AWS::S3::Bucket
      Properties:
        PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
    Policy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Bucket
        PolicyDocument:
          Statement: {Effect: Allow, Action: s3:GetObject, Resource: !Sub "${Bucket.Arn}/*", Principal: "*"}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Bucket: {Type: AWS::S3::Bucket}
    Policy:
      Type: AWS::S3::BucketPolicy
      Properties:
        Bucket: !Ref Bucket
        PolicyDocument:
          Statement:
            Effect: Allow
            Action: s3:GetObject
            Resource: !Sub "${Bucket.Arn}/*"
            Principal: {Service: cloudfront.amazonaws.com}
            Condition: {StringEquals: {aws:SourceAccount: !Ref AWS::AccountId}}
```

## Fix safety
Advice only: who reads the bucket is not written anywhere.

## References
- [Block public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html)
- [Origin access control](https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import Open
from stockade.model.app import App, Bucket
from stockade.model.value import Tri, maybe
from stockade.rules._base import CRITICAL, HIGH, MEDIUM, Context, Outcome, Severity, rule
from stockade.rules.exposure._policies import Ways, may_do, public

_WAYS: Ways = (
    (("s3:GetObject",), "read"),
    (("s3:ListBucket",), "list"),
    (("s3:PutObject",), "write to"),
    (("s3:DeleteObject",), "delete objects of"),
)


@rule(
    "SK133",
    "public-bucket-policy",
    severity=HIGH,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["S3.2", "S3.3", "S3.6"], "cwe": [284, 732]},
    aliases=["CKV_AWS_70", "F16", "F9", "s3_bucket_policy_public_write_access", "s3_bucket_public_access"],
    applies="uses no bucket of the scanned code",
    holds="the policies of its buckets let nobody in whom they don't name",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask the policies of buckets for everybody, and the buckets whether they block that."""
    del ctx
    yield from public(
        app,
        kinds=(Bucket,),
        types=("AWS::S3::BucketPolicy", "aws_s3_bucket_policy"),
        noun=lambda _: "the bucket",
        ways=_WAYS,
        severity=_severity,
        help_="name who reads the bucket, or serve it by CloudFront with origin access control",
        unless=_blocked,
    )


def _blocked(one: Open) -> Tri:
    if not isinstance(one.guarded, Bucket):
        return maybe("whether its public access block is on is written where the bucket is", one.policy.origin)
    return one.guarded.block_public_policy.is_true() | one.guarded.restrict_public_buckets.is_true()


def _severity(one: Open) -> Severity:
    if may_do(one.statement, "s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy"):
        return CRITICAL
    return HIGH if may_do(one.statement, "s3:ListBucket") else MEDIUM
