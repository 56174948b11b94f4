"""AWS::IAM::* and AWS::Cognito::* resource types.

Property names: AWS CloudFormation Template Reference, as of 2026-11-21.
"""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

_DOCUMENT = lens("PolicyDocument", "statements")


def _attached(**to: Lens) -> dict[str, Lens]:
    return {"name": lens("PolicyName"), "statements": _DOCUMENT, **to}


TABLES: tuple[Table, ...] = (
    Table(
        "AWS::IAM::Role",
        app.Role,
        {
            "name": lens("RoleName"),
            "path": lens("Path"),
            "trust": lens("AssumeRolePolicyDocument", "statements"),
            "managed": lens("ManagedPolicyArns", "texts"),
            "boundary": lens("PermissionsBoundary"),
            "max_session": lens("MaxSessionDuration", "integer"),
            "inline": lens("Policies", by="inline_policies"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::IAM::Role/Policies",
        app.Policy,
        {"name": lens("PolicyName"), "statements": _DOCUMENT},
        (("form", "inline"),),
    ),
    Table(
        "AWS::IAM::Policy",
        app.Policy,
        _attached(roles=lens("Roles", "texts"), users=lens("Users", "texts"), groups=lens("Groups", "texts")),
        (("form", "inline"),),
    ),
    Table(
        "AWS::IAM::ManagedPolicy",
        app.Policy,
        {
            "name": lens("ManagedPolicyName"),
            "statements": _DOCUMENT,
            "roles": lens("Roles", "texts"),
            "users": lens("Users", "texts"),
            "groups": lens("Groups", "texts"),
        },
        (("form", "managed"),),
    ),
    Table("AWS::IAM::RolePolicy", app.Policy, _attached(roles=lens("RoleName", "texts")), (("form", "inline"),)),
    Table("AWS::IAM::UserPolicy", app.Policy, _attached(users=lens("UserName", "texts")), (("form", "inline"),)),
    Table("AWS::IAM::GroupPolicy", app.Policy, _attached(groups=lens("GroupName", "texts")), (("form", "inline"),)),
    Table(
        "AWS::Cognito::UserPool",
        app.UserPool,
        {
            "name": lens("UserPoolName"),
            "triggers": lens("LambdaConfig", by="lower_user_pool"),
            "mfa": lens("MfaConfiguration"),
            "minimum_length": lens("Policies.PasswordPolicy.MinimumLength", "integer"),
            "threat_protection": lens("UserPoolAddOns.AdvancedSecurityMode"),
            "tags": lens("UserPoolTags", "tags"),
        },
    ),
    Table(
        "AWS::Cognito::IdentityPool",
        app.IdentityPool,
        {"name": lens("IdentityPoolName"), "guests": lens("AllowUnauthenticatedIdentities", "boolean")},
    ),
)
