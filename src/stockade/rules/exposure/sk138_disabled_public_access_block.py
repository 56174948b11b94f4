"""A bucket that may be made public.

## What it does
Reports buckets for which one of the four settings that block public access is turned off. S3 turns all four on for
new buckets, so off is what somebody wrote. In Terraform, a setting that the block leaves out is off. A bucket that is
public by its policy or ACL is told by `public-bucket-policy` and `public-bucket-acl`.

## Why is this bad?
The settings cost nothing and stop nobody who is allowed in by name. Two of them are about policies, and two about ACLs.
`BlockPublicPolicy` and `BlockPublicAcls` refuse new public ones, and leave those alone that are there.
`RestrictPublicBuckets` and `IgnorePublicAcls` take from all of them what they give to the public, so that either is enough
to keep its kind from publishing anything. Where both of a kind are off, one statement or one object's ACL is enough to
publish what the bucket holds: that is of low severity, and the rest is for information. ACLs count only for a bucket that
uses them, which new ones do not.

## When it is fine
For a bucket that is public on purpose.

## Example
```yaml bad
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: false}
```
```yaml good
Resources:
  Files:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}
```
```hcl bad
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_public_access_block" "files" {
  bucket            = aws_s3_bucket.files.id
  block_public_acls = true
}
```
```hcl good
resource "aws_s3_bucket" "files" {}
resource "aws_s3_bucket_public_access_block" "files" {
  bucket                  = aws_s3_bucket.files.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files:
      Type: AWS::S3::Bucket
      Properties:
        PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: false}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Files:
      Type: AWS::S3::Bucket
      Properties:
        PublicAccessBlockConfiguration: {BlockPublicAcls: true, BlockPublicPolicy: true}
```

## Fix safety
Unsafe: what is read without credentials can't be read any more.

## References
- [Block public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html)
- [Defaults of new buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.opened import for_everybody
from stockade.model.app import App, Bucket
from stockade.model.intent import Fix, Set
from stockade.model.value import Value, all_of, any_of
from stockade.rules._base import INFO, LOW, Context, Outcome, found, rule

_SETTINGS = ("block_public_acls", "ignore_public_acls", "block_public_policy", "restrict_public_buckets")
_POLICY = "a policy"
# What a bucket may become public by, under the setting that refuses new ones, and that which makes all of them count for nothing.
_KINDS = {
    ("block_public_policy", "restrict_public_buckets"): _POLICY,
    ("block_public_acls", "ignore_public_acls"): "an ACL (where it uses ACLs)",
}


@rule(
    "SK138",
    "disabled-public-access-block",
    severity=LOW,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["S3.1", "S3.8"], "cwe": [284]},
    aliases=[
        "CKV_AWS_53",
        "CKV_AWS_54",
        "CKV_AWS_55",
        "CKV_AWS_56",
        "CKV2_AWS_6",
        "AWS-0086",
        "AWS-0087",
        "AWS-0091",
        "AWS-0093",
        "AWS-0094",
        "s3_bucket_level_public_access_block",
        "7af43613",
        "38c5ee0d",
        "FG_R00229",
        "FG_R00277",
        "CTL.LAMBDA.MICROVM.S3PUBLIC.001",
    ],
    applies="uses no bucket of the scanned code",
    holds="its buckets block public access",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every bucket for its four settings."""
    del ctx
    for bucket in app.of(Bucket):
        values = {name: getattr(bucket, name) for name in _SETTINGS}
        off = [name for name in _SETTINGS if _is_off(values[name])]
        is_open = any_of(one.answer for policy in bucket.policies for one in for_everybody(app, policy))
        by_policy = not is_open.is_no and {"block_public_policy", "restrict_public_buckets"} <= set(off)
        yield from found(
            any_of(~value.is_true() for value in values.values()),
            subject=bucket,
            at=bucket if not off else values[off[0]],
            severity=LOW if any(set(kind) <= set(off) for kind in _KINDS) else INFO,
            message=_said(bucket, off),
            help="turn all four settings of the public access block on",
            fix=Fix.unsafe(
                "block public access",
                *(Set(bucket, name, True) for name in off),  # noqa: FBT003 - the value to write
                why="what is read without credentials can't be read any more",
            ),
            passes="all four settings are on"
            + ("" if all_of(v.is_set() for v in values.values()).is_yes else ", by default where nothing states them"),
            told="SK133" if by_policy else "",
        )


def _is_off(value: Value[bool]) -> bool:
    return not value.is_true().is_yes


def _said(bucket: Bucket, off: list[str]) -> str:
    """What is so because these settings are off; of each kind, one keeps new ones out, and one what any of them gives.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, as of 2026-11-28
    """
    enough = [one for (new, every), one in _KINDS.items() if new in off and every in off]
    there = [one for (new, every), one in _KINDS.items() if new not in off and every in off]
    idle = [one for (new, every), one in _KINDS.items() if new in off and every not in off]
    told = []
    if enough:
        also = ": it does not block that" if not there and not idle else ""
        told.append(f"{' or '.join(enough)} is enough to make the bucket `{bucket}` public{also}")
    whose = "it" if told else f"the bucket `{bucket}`"
    if there:
        one = " or ".join(there)
        told.append(f"{one} that is there already may make {whose} public: only new ones are refused")
        whose = "it"
    for one in idle:
        nobody = "nobody outside its account" if one == _POLICY else "nobody"
        told.append(f"{one} that is public may be put on {whose}, though it gives {nobody} anything")
        whose = "it"
    return "; ".join(told)
