"""A trail that does not record who invokes functions.

## What it does
Reports CloudTrail trails that record no data events of Lambda.

## Why is this bad?
Changes of functions are recorded by every trail; who invoked which function is recorded on request only. After an
incident nobody can tell whether somebody called a function directly, past the API in front of it.

## When it is fine
Where the price for each event is not worth it, or another trail records them. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
```
```yaml good
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true,
      EventSelectors: [{DataResources: [{Type: AWS::Lambda::Function, Values: ["arn:aws:lambda"]}]}]}
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
  event_selector {
    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }
  }
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
      Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true}
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
      Properties: {IsLogging: true, S3BucketName: trails, IsMultiRegionTrail: true, EnableLogFileValidation: true,
        EventSelectors: [{DataResources: [{Type: AWS::Lambda::Function, Values: ["arn:aws:lambda"]}]}]}
```

## Fix safety
Advice only: data events have a price, and a trail that has selectors loses what they leave out.

## References
- [Data events](https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html)
- [Lambda in CloudTrail](https://docs.aws.amazon.com/lambda/latest/dg/logging-using-cloudtrail.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Trail
from stockade.model.intent import Fix
from stockade.rules._base import INFO, Context, Outcome, found, rule

_OF_LAMBDA = r"AWS::Lambda::Function|arn:[^:]*:lambda.*"


@rule(
    "SK728",
    "trail-without-invocations",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["OBSV-5"],
    maps={"cwe": [778]},
    aliases=[
        "cloudtrail_lambda_data_events",
        "awslambda_function_invoke_api_operations_cloudtrail_logging_enabled",
    ],
    applies="its invocations are recorded by no trail of the scanned code",
    holds="its trails record who invokes functions",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every trail for data events of Lambda."""
    del ctx
    for trail in app.of(Trail):
        yield from found(
            ~trail.data_resources.any(lambda value: value.reads(_OF_LAMBDA)),
            subject=trail,
            at=trail,
            message=f"the trail `{trail}` does not record who invokes functions",
            help="add a selector for data events of AWS::Lambda::Function",
            fix=Fix.advice("record data events of Lambda"),
        )
