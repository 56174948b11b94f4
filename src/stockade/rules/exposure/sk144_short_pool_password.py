"""A user pool that takes short passwords.

## What it does
Reports Cognito user pools whose passwords may be shorter than eight characters. Eight is what Cognito asks for when
nothing is said.

## Why is this bad?
Six characters are tried out in minutes once the hashes of another site with the same passwords are known, and guessed
online by a patient bot.

## When it is fine
For a pool in which nobody signs in with a password.

## Example
```yaml bad
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {Policies: {PasswordPolicy: {MinimumLength: 6}}}
```
```yaml good
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {Policies: {PasswordPolicy: {MinimumLength: 12}}}
```
```hcl bad
resource "aws_cognito_user_pool" "users" {
  name = "users"
  password_policy { minimum_length = 6 }
}
```
```hcl good
resource "aws_cognito_user_pool" "users" {
  name = "users"
  password_policy { minimum_length = 12 }
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
      Type: AWS::Cognito::UserPool
      Properties: {Policies: {PasswordPolicy: {MinimumLength: 6}}}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Pool:
      Type: AWS::Cognito::UserPool
      Properties: {Policies: {PasswordPolicy: {MinimumLength: 12}}}
```

## Fix safety
Safe: it holds for new passwords; who has one keeps it.

## References
- [Password requirements](https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html)
- [Passwords, NIST SP 800-63B](https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, UserPool
from stockade.model.intent import Fix, Set
from stockade.rules._base import MEDIUM, Context, Outcome, found, rule
from stockade.rules._words import by_format


@rule(
    "SK144",
    "short-pool-password",
    severity=MEDIUM,
    since="0.1",
    controls=["INVK-6"],
    maps={"cwe": [521]},
    aliases=["AwsSolutions-COG1", "ec28bf61", "74a18d1a", "cognito_user_pool_password_policy_minimum_length_14"],
    applies="is a trigger of no user pool of the scanned code",
    holds="user pools ask for passwords of at least eight characters",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every user pool for the length of passwords."""
    del ctx
    for pool in app.of(UserPool):
        yield from found(
            pool.minimum_length.at_most(7),
            subject=pool,
            at=pool.minimum_length,
            message=f"the user pool `{pool}` takes passwords of {pool.minimum_length.show()} characters",
            help=f"set `{by_format(pool, 'MinimumLength', 'minimum_length')}` to at least eight, better twelve",
            fix=Fix.safe("ask for twelve characters", Set(pool, "minimum_length", 12)),
        )
