"""An image of MicroVMs that keeps no logs.

## What it does
Reports images of MicroVMs whose logging is disabled.

## Why is this bad?
What goes wrong in a MicroVM, and what somebody does who has got into one, leaves no line behind.

## When it is fine
Where the application in it sends its logs elsewhere by itself.

## Example
```yaml bad
Resources:
  Sandbox:
    Type: AWS::Lambda::MicrovmImage
    Properties:
      Name: sandbox
      BaseImageArn: arn:aws:lambda:us-east-1:aws:microvm-image:base
      BaseImageVersion: "1"
      BuildRoleArn: arn:aws:iam::111122223333:role/build
      CodeArtifact: {Uri: "s3://artifacts/sandbox.zip"}
      Logging: {Disabled: true}
```
```yaml good
Resources:
  Sandbox:
    Type: AWS::Lambda::MicrovmImage
    Properties:
      Name: sandbox
      BaseImageArn: arn:aws:lambda:us-east-1:aws:microvm-image:base
      BaseImageVersion: "1"
      BuildRoleArn: arn:aws:iam::111122223333:role/build
      CodeArtifact: {Uri: "s3://artifacts/sandbox.zip"}
      Logging: {CloudWatch: {LogGroup: /sandbox}}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Sandbox:
      Type: AWS::Lambda::MicrovmImage
      Properties:
        Name: sandbox
        BaseImageArn: arn:aws:lambda:us-east-1:aws:microvm-image:base
        BaseImageVersion: "1"
        BuildRoleArn: arn:aws:iam::111122223333:role/build
        CodeArtifact: {Uri: "s3://artifacts/sandbox.zip"}
        Logging: {Disabled: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
resources:
  Resources:
    Sandbox:
      Type: AWS::Lambda::MicrovmImage
      Properties:
        Name: sandbox
        BaseImageArn: arn:aws:lambda:us-east-1:aws:microvm-image:base
        BaseImageVersion: "1"
        BuildRoleArn: arn:aws:iam::111122223333:role/build
        CodeArtifact: {Uri: "s3://artifacts/sandbox.zip"}
        Logging: {CloudWatch: {LogGroup: /sandbox}}
```

## Fix safety
Advice only: it needs a log group, and a role that may write to it.

## References
- [AWS::Lambda::MicrovmImage](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-microvmimage.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, MicrovmImage
from stockade.model.intent import Fix
from stockade.rules._base import LOW, Context, Outcome, found, rule


@rule(
    "SK750",
    "microvm-image-without-logs",
    severity=LOW,
    since="0.1",
    controls=["OBSV-3"],
    maps={"cwe": [778]},
    applies="is no MicroVM",
    holds="the images of MicroVMs keep logs",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every image whether its logs are off."""
    del ctx
    for image in app.of(MicrovmImage):
        yield from found(
            image.logs_disabled.is_true(),
            subject=image,
            at=image.logs_disabled,
            message=f"MicroVMs of the image `{image}` keep no logs",
            help="name a log group in `Logging.CloudWatch`",
            fix=Fix.advice("name a log group"),
        )
