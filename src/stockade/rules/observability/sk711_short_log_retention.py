"""Logs that are deleted within a year.

## What it does
Reports log groups whose retention is shorter than 365 days. For pedantic readers, since frameworks such as PCI DSS ask
for it; a log group without a retention is reported by SK706.

## Why is this bad?
An intrusion is often found months after it began. By then the lines that would say how are gone.

## When it is fine
Where the logs are copied elsewhere, or hold personal data that must be deleted earlier.

## Example
```yaml bad
Resources:
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 14}}
```
```yaml good
Resources:
  Logs: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: orders, RetentionInDays: 365}}
```
```hcl bad
resource "aws_cloudwatch_log_group" "orders" {
  name              = "orders"
  retention_in_days = 14
}
```
```hcl good
resource "aws_cloudwatch_log_group" "orders" {
  name              = "orders"
  retention_in_days = 400
}
```
```yaml bad
service: shop
provider:
  name: aws
  runtime: python3.13
  logRetentionInDays: 14
functions:
  orders: {handler: app.handler}
```
```yaml good
service: shop
provider:
  name: aws
  runtime: python3.13
  logRetentionInDays: 400
functions:
  orders: {handler: app.handler}
```

## Fix safety
Safe: lines are kept for longer, and cost more.

## References
- [Change log data retention](https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, LogGroup
from stockade.model.intent import Fix, Set
from stockade.rules._base import INFO, Context, Outcome, found, rule
from stockade.rules._stated import below
from stockade.rules._words import by_format, names
from stockade.rules.observability._functions import without_group, writers

_YEAR = 365  # days


@rule(
    "SK711",
    "short-log-retention",
    severity=INFO,
    persona="pedantic",
    since="0.2",
    controls=["OBSV-4"],
    maps={"cwe": [778]},
    aliases=["CKV_AWS_338", "retention_365"],
    applies="has no log group in the scanned code",
    holds="its logs are kept for a year at least",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every log group with a retention for how long it is."""
    del ctx
    yield from without_group(app, "are deleted within a year")
    written = writers(app)
    for group in app.of(LogGroup):
        functions = written.get(id(group), ())
        days = below(group.retention, _YEAR)
        of = f"the logs of {names(functions)}" if functions else f"the logs in `{group}`"
        yield from found(
            group.retention.where(lambda v: v is not None and 0 < int(v) < _YEAR),
            subject=group,
            functions=functions,
            at=group.retention,
            message=f"{of} are deleted after {days} day{'' if days == '1' else 's'}",
            help="set "
            + by_format(group, "`RetentionInDays`", "`retention_in_days`", "`logRetentionInDays`")
            + f" to {_YEAR} or more",
            fix=Fix.safe(f"keep logs for {_YEAR} days", Set(group, "retention", _YEAR)),
        )
