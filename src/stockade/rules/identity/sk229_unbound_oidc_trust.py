"""A role that every workflow of an OIDC provider may take.

## What it does
Reports roles that trust a provider such as GitHub, GitLab or a Kubernetes cluster, and demand no subject of the token,
or one that everybody has.

## Why is this bad?
The provider signs tokens for all of its users. Without a condition on the subject every repository in the world, or
every pod of the cluster, may take the role, and deploys or reads what the role may.

## When it is fine
Never. Where several repositories use a role, name your organisation: `repo:shop/*`.

## Example
```yaml bad
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
```
```yaml bad
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:*"}
```
```yaml good
Resources:
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
              StringLike: {"token.actions.githubusercontent.com:sub": "repo:shop/orders:ref:refs/heads/main"}
```
```hcl bad
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deployer" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}
```
```hcl good
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "deployer" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        StringLike   = { "token.actions.githubusercontent.com:sub" = "repo:shop/orders:*" }
      }
    }]
  })
}
```
```yaml bad
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Deployer:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
              Action: sts:AssumeRoleWithWebIdentity
              Condition:
                StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
```
```yaml good
service: shop
provider: {name: aws, runtime: python3.13}
functions:
  orders: {handler: app.handler}
resources:
  Resources:
    Deployer:
      Type: AWS::IAM::Role
      Properties:
        AssumeRolePolicyDocument:
          Version: "2012-10-17"
          Statement:
            - Effect: Allow
              Principal: {Federated: !Sub "arn:aws:iam::${AWS::AccountId}:oidc-provider/token.actions.githubusercontent.com"}
              Action: sts:AssumeRoleWithWebIdentity
              Condition:
                StringEquals: {"token.actions.githubusercontent.com:aud": sts.amazonaws.com}
                StringLike: {"token.actions.githubusercontent.com:sub": "repo:shop/orders:environment:prod"}
```

## Fix safety
Advice only: whose workflows may take the role is yours to say.

## References
- [Configuring OpenID Connect in AWS](https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws)
- [Create a role for OIDC federation](https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html)
"""

from __future__ import annotations

from collections.abc import Iterator

from stockade.model.app import App, Role
from stockade.model.intent import Fix
from stockade.model.policy import Condition, Principal, Statement
from stockade.model.value import NO, YES, Tri, any_of, given
from stockade.rules._base import HIGH, Context, Outcome, found, rule

# Claims of a token that say whose it is.
_SUBJECTS = (":sub", ":repository", ":repository_id", ":repository_owner", ":job_workflow_ref", ":project_path",
             ":namespace_path", ":project_id", ":namespace_id")  # fmt: skip
_EVERYBODY = r"[*?]+|(?:repo|project_path|organization|repositories?):[*?]+.*|system:serviceaccount:[*?]+(?::[*?]+)?"


@rule(
    "SK229",
    "unbound-oidc-trust",
    severity=HIGH,
    since="0.2",
    controls=["DELV-1", "ROLE-10"],
    maps={"cwe": [284, 863]},
    aliases=["CKV_AWS_358", "CKV_AWS_393", "unrestricted-github-oidc-policy"],
    applies="has no role that an OIDC provider's users may take",
    holds="the role demands a subject of the token",
)
def check(app: App, ctx: Context) -> Iterator[Outcome]:
    """Ask every statement that trusts an OIDC provider for the subject."""
    del ctx
    for role in app.roles:
        for statement in role.trust:
            yield from _one(app, role, statement)


def _one(app: App, role: Role, statement: Statement) -> Iterator[Outcome]:
    principals = statement.principals.items if statement.principals is not None else ()
    trusted = [(one, answer) for one in principals if not (answer := _is_provider(app, one)).is_no]
    if not trusted or statement.effect.is_("Allow").is_no:
        return
    allows = given(statement.exists, statement.effect.is_("Allow")) & any_of(answer for _, answer in trusted)
    yield from found(
        allows & ~statement.conditions.any(_is_bound),
        subject=role,
        at=trusted[0][0].value,
        message=f"every user of `{trusted[0][0].value.show().rpartition('oidc-provider/')[2]}` may take the role `{role}`: "
        "no subject is demanded",
        help="demand a subject in a condition: `token.actions.githubusercontent.com:sub` with `repo:ORGANISATION/REPOSITORY:…`",
        fix=Fix.advice("demand a subject of the token"),
    )


def _is_provider(app: App, principal: Principal) -> Tri:
    if principal.kind != "Federated":
        return NO
    for when, reference in principal.value.refers():
        resource = app.get(reference.target)
        if resource is not None and resource.type in {"AWS::IAM::OIDCProvider", "aws_iam_openid_connect_provider"}:
            return given(when, YES)
    return principal.value.reads(".*:oidc-provider/.*")


def _is_bound(condition: Condition) -> Tri:
    """Whether a condition demands that a token is somebody's, and not just any."""
    named = condition.key.lower().endswith(_SUBJECTS)
    if (
        not named
        or "not" in condition.operator.lower()
        or condition.operator.lower().startswith(("null", "foranyvalue:null"))
    ):
        return NO
    return ~condition.values.any(lambda value: value.reads(_EVERYBODY))
