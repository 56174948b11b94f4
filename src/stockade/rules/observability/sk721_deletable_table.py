"""A table that a single call deletes.

## What it does
Reports DynamoDB tables without deletion protection.

## Why is this bad?
A renamed property of the template, a wrong stack, or one call with the function's role deletes the table and all that
is in it. With deletion protection, somebody has to turn that off first.

## When it is fine
For tables of test stages, and those that are made anew at any time. Only the pedantic persona hears of it.

## Example
```yaml bad
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```
```yaml good
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], DeletionProtectionEnabled: true}
```
```hcl bad
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
}
```
```hcl good
resource "aws_dynamodb_table" "orders" {
  name     = "orders"
  hash_key = "id"
  deletion_protection_enabled = true
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}]}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties: {KeySchema: [{AttributeName: id, KeyType: HASH}], DeletionProtectionEnabled: true}
```

## Fix safety
Safe: nothing changes until somebody deletes the table.

## References
- [Deletion protection](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Table
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK721",
    "deletable-table",
    severity=INFO,
    persona="pedantic",
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["DynamoDB.6"]},
    applies="uses no table of the scanned code",
    holds="its tables are protected from being deleted",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every table whether it is protected."""
    del ctx
    for table in app.of(Table):
        simple = table.type == "AWS::Serverless::SimpleTable"
        yield from found(
            ~table.deletion_protection.is_true(),
            subject=table,
            at=table if table.deletion_protection.is_set().is_no else table.deletion_protection,
            message=f"a single call deletes the table `{table}` with all that is in it",
            help="declare the table as AWS::DynamoDB::Table, which has `DeletionProtectionEnabled`"
            if simple
            else f"set `{by_format(table, 'DeletionProtectionEnabled', 'deletion_protection_enabled')}` to true",
            fix=Fix.advice("declare it as a table of DynamoDB, with deletion protection")
            if simple
            else Fix.safe("protect the table", Set(table, "deletion_protection", True)),  # noqa: FBT003 - a value
        )
