"""aws_iam_* resource types. Attribute names: the schema of the AWS provider 5.100.0, as of 2026-11-28."""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app
from stockade.model.value import unset

_DOCS = "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/"
_DOCUMENT = lens("policy", "statements")


def _inline(type_: str, **to: Lens) -> Table:
    return Table(type_, app.Policy, {"name": lens("name"), "statements": _DOCUMENT, **to}, (("form", "inline"),))


TABLES: tuple[Table, ...] = (
    Table(
        "aws_iam_role",
        app.Role,
        {
            "name": lens("name"),
            "path": lens("path"),
            "trust": lens("assume_role_policy", "statements"),
            "managed": lens("managed_policy_arns", "texts"),
            "boundary": lens("permissions_boundary"),
            "max_session": lens("max_session_duration", "integer"),
            "inline": lens("inline_policy", by="lower_role"),
            "tags": lens("tags", "tags"),
        },
        (("path", unset("/", _DOCS + "iam_role")),),
    ),
    _inline("aws_iam_role/inline_policy"),
    _inline("aws_iam_role_policy", roles=lens("role", "texts")),
    _inline("aws_iam_user_policy", users=lens("user", "texts")),
    _inline("aws_iam_group_policy", groups=lens("group", "texts")),
    Table(
        "aws_iam_policy",
        app.Policy,
        {"name": lens("name"), "statements": _DOCUMENT, "tags": lens("tags", "tags")},
        (("form", "managed"),),
    ),
    # Attachments: what a role is given, and whom a policy of this configuration is attached to.
    Table("aws_iam_role_policy_attachment", app.Role, {"managed": lens("policy_arn", "texts", by="attached_to_role")}),
    Table(
        "aws_iam_role_policy_attachments_exclusive",
        app.Role,
        {"managed": lens("policy_arns", "texts", by="attached_to_role")},
    ),
    Table("aws_iam_policy_attachment", app.Role, {"managed": lens("policy_arn", "texts", by="attached_to_role")}),
    Table("aws_iam_role_policy_attachment/role", app.Policy, {"roles": lens("role", "texts", by="holders")}),
    Table(
        "aws_iam_role_policy_attachments_exclusive/role_name",
        app.Policy,
        {"roles": lens("role_name", "texts", by="holders")},
    ),
    Table("aws_iam_user_policy_attachment/user", app.Policy, {"users": lens("user", "texts", by="holders")}),
    Table("aws_iam_group_policy_attachment/group", app.Policy, {"groups": lens("group", "texts", by="holders")}),
    Table(
        "aws_iam_policy_attachment/roles",
        app.Policy,
        {
            "roles": lens("roles", "texts", by="holders"),
            "users": lens("users", "texts", by="holders"),
            "groups": lens("groups", "texts", by="holders"),
        },
    ),
)
