"""A trail that records nothing.

## What it does
Reports CloudTrail trails that are declared but turned off.

## Why is this bad?
Everybody who looks at the list of trails thinks that the account is recorded; after an incident there is nothing to
look at.

## When it is fine
Never for long: a trail that is not wanted is better deleted.

## Example
```yaml bad
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: false, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
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
  enable_logging        = false
}
```
```hcl good
resource "aws_cloudtrail" "all" {
  name                  = "all"
  s3_bucket_name        = "trails"
  is_multi_region_trail = true
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
      Properties: {IsLogging: false, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
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
Safe: recording begins, and nothing else changes.

## References
- [Turn a trail on and off](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-turning-off-logging.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Trail
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK729",
    "stopped-trail",
    severity=MEDIUM,
    since="0.1",
    controls=["OBSV-5"],
    maps={"cwe": [778]},
    aliases=["CKV_AWS_251"],
    applies="its invocations are recorded by no trail of the scanned code",
    holds="its trails are turned on",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every trail whether it records."""
    del ctx
    for trail in app.of(Trail):
        yield from found(
            trail.logging.is_(False),
            subject=trail,
            at=trail.logging,
            message=f"the trail `{trail}` records nothing: it is turned off",
            help=f"set `{by_format(trail, 'IsLogging', 'enable_logging')}` to true, or delete the trail",
            fix=Fix.safe("turn the trail on", Set(trail, "logging", True)),  # noqa: FBT003 - the value to write
        )
