"""Keys that are written where a role would do.

## What it does
Reports access keys and passwords that are written out in a provider of Terraform, or in the
`AWS::CloudFormation::Authentication` of a resource.

## Why is this bad?
The keys work for everybody who reads the code, its history or the template, until somebody changes them; and what a
template holds is shown by the metadata of its stack to everybody who may describe it.

## When it is fine
For a stand-in of AWS on the own machine, whose keys are words such as `test`; those are not reported.

## Example
```yaml bad
Resources:
  Server:
    Type: AWS::EC2::LaunchTemplate
    Metadata:
      AWS::CloudFormation::Authentication:
        Bucket:
          type: S3
          accessKeyId: AKIAQ3EGR7WXTL5K2MNP
          secretKey: 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
```
```yaml good
Resources:
  Server:
    Type: AWS::EC2::LaunchTemplate
    Metadata:
      AWS::CloudFormation::Authentication:
        Bucket: {type: S3, buckets: [orders], roleName: server}
```
```hcl bad
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAQ3EGR7WXTL5K2MNP"
  secret_key = "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"
}
```
```hcl good
provider "aws" {
  region = "eu-west-1"
  assume_role { role_arn = "arn:aws:iam::111122223333:role/deployer" }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Server:
      Type: AWS::EC2::LaunchTemplate
      Metadata:
        AWS::CloudFormation::Authentication:
          Bucket:
            type: S3
            accessKeyId: AKIAQ3EGR7WXTL5K2MNP
            secretKey: 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
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Server:
      Type: AWS::EC2::LaunchTemplate
      Metadata:
        AWS::CloudFormation::Authentication:
          Bucket: {type: S3, buckets: [orders], roleName: server}
```

## Fix safety
Advice only: whoever has seen the code has seen the keys, so that they must be deactivated as well.

## References
- [Authentication of the AWS provider](https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration)
- [AWS::CloudFormation::Authentication](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-metadata.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Credentials
from stockade.model.intent import Fix
from stockade.model.sensitive import plain_secrets
from stockade.model.value import NO
from stockade.rules._base import HIGH, Context, Outcome, found, rule
from stockade.rules._words import by_format
from stockade.rules.secrets._shared import severity_of, thing


@rule(
    "SK334",
    "static-credentials",
    severity=HIGH,
    since="0.2",
    controls=["SECR-1", "DELV-1"],
    maps={"cwe": [312, 798]},
    aliases=["CKV_AWS_41", "d7b9d850", "aws-provider-static-credentials", "W1"],
    applies="is never asked: such credentials are no function's",
    holds="no keys are written out",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Look at what every provider and every server is given."""
    del ctx
    for given in app.of(Credentials):
        clean = True
        for name, value in (
            ("secret_key", given.secret_key),
            ("access_key", given.access_key),
            ("password", given.password),
        ):
            for plain in plain_secrets(name, value):
                clean = False
                yield from found(
                    plain.answer,
                    subject=given,
                    at=plain.leaf,
                    severity=severity_of(plain),
                    confidence=plain.hit.confidence,
                    message=f"`{given}` is given {thing(plain)} in plain text",
                    help=by_format(
                        given,
                        "name a role with `roleName`, and give the instance that role",
                        "take the credentials from the environment, or assume a role",
                    ),
                    fix=Fix.advice("use a role"),
                    evidence=name,
                )
        if clean:
            yield from found(NO, subject=given, message="")
