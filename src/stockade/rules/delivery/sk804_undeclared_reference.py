"""A reference to something that nothing declares.

## What it does
Reports names that a template or a module uses and does not declare: resources and parameters in `Ref`, `Fn::GetAtt`, `Fn::Sub`
and `DependsOn`, conditions, mappings, outputs of nested stacks; in Terraform resources, data sources, variables, local values,
calls of modules and their outputs. Each name is told once, with all of its places. Names that the Serverless transform, the
Serverless Framework, a macro or a module may make are left alone. For pedantic readers where what is deployed together holds no
function, as in a module for another cloud.

## Why is this bad?
CloudFormation and Terraform refuse the whole template or module, so that nothing of it is deployed, a security fix neither. And
what hangs on the reference can't be judged.

## When it is fine
For fragments that another tool puts together before they are deployed: leave them out with `exclude`.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt OrderRole.Arn
  OrdersRole:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
```
```yaml good
Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt OrdersRole.Arn
  OrdersRole:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
```
```json bad
{
  "Resources": {
    "Orders": {
      "Type": "AWS::Lambda::Function",
      "Condition": "IsProd",
      "Properties": {"Role": "arn:aws:iam::111122223333:role/orders"}
    }
  }
}
```
```json good
{
  "Parameters": {"Stage": {"Type": "String"}},
  "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
  "Resources": {
    "Orders": {
      "Type": "AWS::Lambda::Function",
      "Condition": "IsProd",
      "Properties": {"Role": "arn:aws:iam::111122223333:role/orders"}
    }
  }
}
```
```hcl bad
variable "table_name" {}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TABLE = var.tabel_name } }
}
```
```hcl good
variable "table_name" {}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  environment { variables = { TABLE = var.table_name } }
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {QUEUE: !Ref WorkQueu}
resources:
  Resources:
    WorkQueue: {Type: AWS::SQS::Queue}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders:
    handler: app.handler
    environment: {QUEUE: !Ref WorkQueue}
resources:
  Resources:
    WorkQueue: {Type: AWS::SQS::Queue}
```

## Fix safety
Advice only: which name was meant is known to who wrote it.

## References
- [Ref](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html)
- [Fn::GetAtt](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html)
- [References to values in Terraform](https://developer.hashicorp.com/terraform/language/expressions/references)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Function, MicrovmImage, Missing, WebRevision
from stockade.model.intent import Fix
from stockade.model.places import scope_of
from stockade.model.value import NO, YES, Doubt, File, Tri
from stockade.rules._base import MEDIUM, Context, Label, Outcome, found, rule

_UNREAD = frozenset({"syntax", "limit"})  # of a file of which a part could not be read, and may declare the name
_FIX = Fix.advice("correct the name, or declare what it names")


@rule(
    "SK804",
    "undeclared-reference",
    severity=MEDIUM,
    since="0.1",
    controls=["DELV-2"],
    aliases=["E1010", "E1011", "E1019", "E1020", "E1028", "E3005", "E3015", "E6005", "E8002", "E8007"],
    applies="stands in no template or module whose names could be looked up",
    holds="every name that it uses is declared",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Tell each name that nothing declares, and let the other functions pass."""
    del ctx
    bad: set[int] = set()
    about = {scope_of(run) for kind in (Function, WebRevision, MicrovmImage) for run in app.of(kind)}
    broken = {gap.path: gap for gap in app.gaps if gap.hides and gap.kind in _UNREAD}
    for missing in app.of(Missing):
        bad |= {id(function) for function in missing.functions}
        first, *others = missing.uses
        doubt = missing.unsure
        if doubt is None and isinstance(missing.origin, File) and missing.origin.path in broken:
            gap = broken[missing.origin.path]
            doubt = Doubt(f"{gap.what}: {gap.why}", gap.remedy, gap.kind)
        places = "" if not others else f", in {len(missing.uses)} places"
        yield from found(
            YES if doubt is None else Tri("maybe", (first.origin,), (doubt,)),
            subject=missing,
            at=first.origin,
            message=f"`{missing}` is used{places}, and {missing.inside} declares no such {missing.what}",
            help=f"is `{missing.near}` meant? It is declared" if missing.near else "correct the name, or declare it",
            fix=_FIX,
            related=tuple(Label(use.origin, f"`{use.form}` names it too") for use in others),
            evidence=missing.what,
            # What deploys no function, a module for another cloud say, is no regular reader's.
            persona=None if scope_of(missing) in about else "pedantic",
        )
    for function in app.functions:
        # Where something may be that was not read, the row says so by itself.
        if id(function) not in bad and app.unread(function, {Missing.kind}) is None:
            yield from found(NO, subject=function, message="")
