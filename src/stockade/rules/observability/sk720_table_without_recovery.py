"""A table whose data is gone when a function spoils it.

## What it does
Reports DynamoDB tables without point-in-time recovery. Of tables that no function of the scanned code is known to write
to, and of those whose items expire by themselves, only the pedantic persona hears.

## Why is this bad?
One wrong update in a loop, or one attacker with the function's role, and what was there is nowhere else. With
point-in-time recovery the table of any second of the last 35 days can be had back; it can't be turned on afterwards.

## When it is fine
For tables that are made of other data, such as caches, sessions and locks.

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
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
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
  point_in_time_recovery { enabled = true }
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
      Properties:
        KeySchema: [{AttributeName: id, KeyType: HASH}]
        PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
```

## Fix safety
Safe: nothing changes for who uses the table. It has a price for each gigabyte.

## References
- [Point-in-time recovery](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Point-in-time-recovery.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.iam.allows import may_write
from stockade.model.app import App, Table
from stockade.model.intent import Fix, Set
from stockade.rules._base import LOW, Context, Outcome, found, rule
from stockade.rules._words import by_format, names


@rule(
    "SK720",
    "table-without-recovery",
    severity=LOW,
    since="0.1",
    controls=["FLEET-2"],
    maps={"aws-fsbp": ["DynamoDB.2"]},
    aliases=[
        "CKV_AWS_28", "AWS-0024", "741f1291", "0f04217d", "W78", "AwsSolutions-DDB3", "DYNAMODB_PITR_ENABLED",
        "dynamodb_tables_pitr_enabled", "FG_R00106"],
    applies="uses no table of the scanned code",
    holds="its tables can be recovered to a point in time",
)  # fmt: skip
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every table whether it can be had back."""
    del ctx
    for table in app.of(Table):
        writers = [function for function in table.functions if may_write(app, function, table) is not None]
        what = f", which {names(writers)} may write to," if writers else ""
        switch = by_format(
            table,
            "enable `PointInTimeRecoverySpecification`",
            "set `enabled = true` in `point_in_time_recovery`",
        )
        yield from found(
            ~table.point_in_time_recovery.is_true(),
            subject=table,
            at=table if table.point_in_time_recovery.is_set().is_no else table.point_in_time_recovery,
            persona="regular" if writers and not table.expires.is_true().is_yes else "pedantic",
            message=f"the table `{table}`{what} can't be recovered to a point in time",
            help=switch,
            fix=Fix.safe("turn point-in-time recovery on", Set(table, "point_in_time_recovery", True)),  # noqa: FBT003 - a value
        )
