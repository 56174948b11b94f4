"""A layer that every AWS account may use.

## What it does
Reports permissions of layer versions for the principal `*` without an organisation.

## Why is this bad?
Whoever may use a layer version may also download it. Everybody who learns or guesses its ARN can read your code, and
what was left in it: internal addresses, keys, unpublished libraries.

## When it is fine
For a layer that you publish on purpose, with nothing in it that is not public anyway.

## Example
```yaml bad
Resources:
  Tools: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: layer.zip}}}
  Share:
    Type: AWS::Lambda::LayerVersionPermission
    Properties: {LayerVersionArn: !Ref Tools, Action: lambda:GetLayerVersion, Principal: '*'}
```
```yaml good
Resources:
  Tools: {Type: AWS::Lambda::LayerVersion, Properties: {Content: {S3Bucket: b, S3Key: layer.zip}}}
  Share:
    Type: AWS::Lambda::LayerVersionPermission
    Properties:
      {LayerVersionArn: !Ref Tools, Action: lambda:GetLayerVersion, Principal: '*', OrganizationId: o-a1b2c3d4e5}
```
```yaml bad
Transform: AWS::Serverless-2016-10-31
Resources:
  Tools: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}
  Share:
    Type: AWS::Lambda::LayerVersionPermission
    Properties: {LayerVersionArn: !Ref Tools, Action: lambda:GetLayerVersion, Principal: '*'}
```
```hcl bad
resource "aws_lambda_layer_version" "tools" {
  layer_name = "tools"
  filename   = "layer.zip"
}
resource "aws_lambda_layer_version_permission" "share" {
  layer_name     = aws_lambda_layer_version.tools.layer_name
  version_number = aws_lambda_layer_version.tools.version
  statement_id   = "share"
  action         = "lambda:GetLayerVersion"
  principal      = "*"
}
```
```hcl good
resource "aws_lambda_layer_version" "tools" {
  layer_name = "tools"
  filename   = "layer.zip"
}
resource "aws_lambda_layer_version_permission" "share" {
  layer_name      = aws_lambda_layer_version.tools.layer_name
  version_number  = aws_lambda_layer_version.tools.version
  statement_id    = "share"
  action          = "lambda:GetLayerVersion"
  principal       = "*"
  organization_id = "o-a1b2c3d4e5"
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
layers:
  tools: {path: layers/tools, allowedAccounts: ["*"]}
functions:
  orders: {handler: app.handler, layers: [!Ref ToolsLambdaLayer]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
layers:
  tools: {path: layers/tools, allowedAccounts: ["111122223333"]}
functions:
  orders: {handler: app.handler, layers: [!Ref ToolsLambdaLayer]}
```

## Fix safety
Unsafe: other accounts that use the layer can't deploy their functions any more.

## References
- [Granting layer access to other accounts](https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, LayerPermission
from stockade.model.intent import Fix, Here, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule, spared
from stockade.rules._words import by_format, is_made
from stockade.rules.package._functions import has_layers


@rule(
    "SK513",
    "public-layer",
    severity=MEDIUM,
    since="0.1",
    controls=["PACK-5"],
    maps={"cwe": [732]},
    aliases=["CT.LAMBDA.PR.4"],
    applies="uses no layer that this application shares",
    holds="the layers that it shares are shared with named accounts or one organisation",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every permission of a layer whom it is for."""
    del ctx
    for function in app.functions:
        if not has_layers(function):
            yield from spared(function)
    for permission in app.of(LayerPermission):
        shared = permission.layer or permission.layer_arn.show()
        yield from found(
            permission.principal.is_("*") & ~permission.organization.is_set(),
            subject=permission,
            at=permission.principal,
            message=f"every AWS account may download and use the layer `{shared}`",
            help="name the accounts that need it"
            + by_format(
                permission,
                ", or your organisation with `OrganizationId`",
                ", or your organisation with `organization_id`",
                " in `allowedAccounts`",
            ),
            fix=_fix(permission),
        )


def _fix(permission: LayerPermission) -> Fix:
    if is_made(permission):
        # A framework names the permission by the account, so that another account is another permission.
        return Fix.advice("name the accounts that need the layer")
    return Fix.unsafe(
        "share it with this account only",
        Set(permission, "principal", Here("account")),
        why="other accounts that use the layer can't deploy their functions any more",
    )
