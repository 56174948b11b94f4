"""A trail whose files can be changed unnoticed.

## What it does
Reports CloudTrail trails without log-file validation.

## Why is this bad?
Who has broken in deletes his traces. With validation CloudTrail signs a digest of all files each hour, so that a file
that is missing or changed is noticed.

## When it is fine
Where nobody can write to the bucket, as with an object lock.

## Example
```yaml bad
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true}
```
```yaml good
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
```
```hcl bad
resource "aws_cloudtrail" "all" {
  name                  = "all"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
}
```
```hcl good
resource "aws_cloudtrail" "all" {
  name                  = "all"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
  enable_log_file_validation = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Trail:
      Type: AWS::CloudTrail::Trail
      Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Trail:
      Type: AWS::CloudTrail::Trail
      Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
```

## Fix safety
Safe: digests are added, and nothing else changes.

## References
- [Validating log files](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Trail
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK727",
    "unvalidated-trail",
    severity=LOW,
    since="0.1",
    controls=["OBSV-5"],
    maps={"aws-fsbp": ["CloudTrail.4"], "cwe": [353, 778]},
    aliases=["CKV_AWS_36", "AWS-0016", "cloudtrail_log_file_validation_enabled"],
    applies="its invocations are recorded by no trail of the scanned code",
    holds="the files of its trails are validated",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every trail for validation."""
    del ctx
    for trail in app.of(Trail):
        yield from found(
            ~trail.validation.is_true(),
            subject=trail,
            at=trail if trail.validation.is_set().is_no else trail.validation,
            message=f"a file of the trail `{trail}` can be changed or deleted unnoticed",
            help=f"set `{by_format(trail, 'EnableLogFileValidation', 'enable_log_file_validation')}` to true",
            fix=Fix.safe("validate the trail's files", Set(trail, "validation", True)),  # noqa: FBT003 - a value
        )
