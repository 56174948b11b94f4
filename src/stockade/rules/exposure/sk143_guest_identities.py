"""An identity pool that gives AWS credentials to guests.

## What it does
Reports Cognito identity pools that let in identities that have not signed in.

## Why is this bad?
Anybody who knows the pool's id, which stands in every page that uses it, gets temporary credentials of your account,
with all that the role for guests allows: to invoke functions, to read buckets, to run up costs.

## When it is fine
For telemetry of browsers (CloudWatch RUM), with a role that allows nothing else.

## Example
```yaml bad
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
```
```yaml good
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: false}
```
```hcl bad
resource "aws_cognito_identity_pool" "users" {
  identity_pool_name               = "users"
  allow_unauthenticated_identities = true
}
```
```hcl good
resource "aws_cognito_identity_pool" "users" {
  identity_pool_name               = "users"
  allow_unauthenticated_identities = false
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Pool:
      Type: AWS::Cognito::IdentityPool
      Properties: {AllowUnauthenticatedIdentities: true}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Pool:
      Type: AWS::Cognito::IdentityPool
      Properties: {AllowUnauthenticatedIdentities: false}
```

## Fix safety
Unsafe: pages that use AWS before anybody has signed in can't any more.

## References
- [Identity pools](https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools.html)
- [Security of identity pools](https://docs.aws.amazon.com/cognito/latest/developerguide/identity-pools-security-best-practices.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, IdentityPool
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule


@rule(
    "SK143",
    "guest-identities",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-2"],
    maps={"cwe": [287, 306]},
    aliases=["CKV_AWS_366", "AwsSolutions-COG7", "cognito_identity_pool_guest_access_disabled"],
    applies="stands behind no identity pool of the scanned code",
    holds="identity pools give credentials to those only who have signed in",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every identity pool for guests."""
    del ctx
    for pool in app.of(IdentityPool):
        yield from found(
            pool.guests.is_true(),
            subject=pool,
            at=pool.guests,
            message=f"the identity pool `{pool}` gives AWS credentials to anybody who asks, without signing in",
            help="turn identities without sign-in off, or give their role nothing but what a page needs before it",
            fix=Fix.unsafe(
                "let in only who has signed in",
                Set(pool, "guests", False),  # noqa: FBT003 - the value to write
                why="pages that use AWS before anybody has signed in can't any more",
            ),
        )
