"""Roles in Terraform: what is written inside of them, and all the ways in which policies are attached to them."""

from __future__ import annotations

import pytest

from stockade.model.app import App, Policy, Role
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import cases, one

ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess"
ROLE = """
resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = <<EOF
{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}]}
EOF
  %s
}
"""
DOCUMENT = '"{\\"Statement\\": {\\"Effect\\": \\"Allow\\", \\"Action\\": \\"sqs:*\\", \\"Resource\\": \\"*\\"}}"'


def managed(app: App) -> list[str]:
    """What is attached to the one role."""
    return [value.show() for value in one(app, Role).managed]


def test_trust_and_inline_policies() -> None:
    app = app_of(ROLE % f'inline_policy {{\n name = "queue"\n policy = {DOCUMENT}\n }}')
    role = one(app, Role)
    (trust,) = role.trust
    assert trust.principals is not None
    assert [(p.kind, p.value.show()) for p in trust.principals] == [("Service", "lambda.amazonaws.com")]
    (policy,) = role.policies
    assert policy.name.only() == "queue"
    assert policy.form == "inline"
    (statement,) = policy.statements
    assert statement.actions is not None
    assert [a.show() for a in statement.actions] == ["sqs:*"]


def test_an_empty_inline_policy_is_none() -> None:
    role = one(app_of(ROLE % "inline_policy {}"), Role)
    assert role.policies.is_empty().is_yes


def test_a_policy_of_a_role() -> None:
    text = f"""
resource "aws_iam_role_policy" "queue" {{
  role   = aws_iam_role.orders.id
  policy = {DOCUMENT}
}}
"""
    app = app_of(ROLE % "" + text)
    assert one(app, Policy).attached_to == (one(app, Role),)


@pytest.mark.parametrize(
    "attachment",
    [
        'resource "aws_iam_role_policy_attachment" "a" {\n role = aws_iam_role.orders.name\n policy_arn = "%s"\n}',
        'resource "aws_iam_role_policy_attachment" "a" {\n role = "orders"\n policy_arn = "%s"\n}',
        """resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  roles      = ["other", aws_iam_role.orders.name]
  policy_arn = "%s"
}""",
        """resource "aws_iam_role_policy_attachments_exclusive" "a" {
  role_name   = aws_iam_role.orders.name
  policy_arns = ["%s"]
}""",
    ],
)
def test_policies_of_aws_are_attached_in_every_form(attachment: str) -> None:
    app = app_of(ROLE % "" + attachment % ADMIN)
    assert managed(app) == [ADMIN]
    assert one(app, Role).managed.complete
    assert app.gaps == ()


def test_arns_inside_of_the_role_and_beside_it_are_both_attached() -> None:
    text = f"""
resource "aws_iam_role_policy_attachment" "a" {{
  role       = aws_iam_role.orders.name
  policy_arn = "{ADMIN}"
}}
"""
    inside = "arn:aws:iam::aws:policy/ReadOnlyAccess"
    assert managed(app_of(ROLE % f'managed_policy_arns = ["{inside}"]' + text)) == [inside, ADMIN]


def test_an_attachment_that_is_there_only_sometimes() -> None:
    text = f"""
variable "wide" {{ type = bool }}
resource "aws_iam_role_policy_attachment" "a" {{
  count      = var.wide ? 1 : 0
  role       = aws_iam_role.orders.name
  policy_arn = "{ADMIN}"
}}
"""
    (value,) = one(app_of(ROLE % "" + text), Role).managed
    assert cases(value) == {"`var.wide` is true": ADMIN, "`var.wide` is false": "not set"}


def test_a_role_that_is_there_just_when_its_attachment_is() -> None:
    text = f"""
variable "create" {{ type = bool }}
resource "aws_iam_role" "orders" {{
  count              = var.create ? 1 : 0
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy_attachment" "a" {{
  count      = var.create ? 1 : 0
  role       = aws_iam_role.orders[0].name
  policy_arn = "{ADMIN}"
}}
"""
    app = app_of(text)
    assert [p.text for p in one(app, Role).exists] == ["`var.create` is true"]
    assert managed(app) == [ADMIN]


def test_an_attachment_to_one_of_two_roles_is_of_each_under_its_premise() -> None:
    text = f"""
variable "first" {{ type = bool }}
resource "aws_iam_role" "a" {{ assume_role_policy = "{{}}" }}
resource "aws_iam_role" "b" {{ assume_role_policy = "{{}}" }}
resource "aws_iam_role_policy_attachment" "a" {{
  role       = var.first ? aws_iam_role.a.name : aws_iam_role.b.name
  policy_arn = "{ADMIN}"
}}
"""
    app = app_of(text)
    (a,) = one(app, Role, "aws_iam_role.a").managed
    (b,) = one(app, Role, "aws_iam_role.b").managed
    assert cases(a) == {"`var.first` is true": ADMIN, "`var.first` is false": "not set"}
    assert cases(b) == {"`var.first` is false": ADMIN, "`var.first` is true": "not set"}
    assert app.gaps == ()


def test_a_policy_of_the_configuration_says_itself_whom_it_is_attached_to() -> None:
    text = f"""
resource "aws_iam_policy" "queue" {{
  name   = "queue"
  policy = {DOCUMENT}
}}
resource "aws_iam_role_policy_attachment" "a" {{
  role       = aws_iam_role.orders.name
  policy_arn = aws_iam_policy.queue.arn
}}
resource "aws_iam_user_policy_attachment" "u" {{
  user       = "ann"
  policy_arn = aws_iam_policy.queue.arn
}}
"""
    app = app_of(ROLE % "" + text)
    role, policy = one(app, Role), one(app, Policy)
    assert managed(app) == []
    assert [r.show() for r in policy.roles] == ["${aws_iam_role.orders.name}"]
    assert [u.show() for u in policy.users] == ["ann"]
    assert policy.attached_to == (role,)
    assert list(role.policies) == [policy]


def test_one_policy_or_another() -> None:
    text = f"""
variable "own" {{ type = bool }}
resource "aws_iam_policy" "queue" {{ policy = {DOCUMENT} }}
resource "aws_iam_role_policy_attachment" "a" {{
  role       = aws_iam_role.orders.name
  policy_arn = var.own ? aws_iam_policy.queue.arn : "{ADMIN}"
}}
"""
    app = app_of(ROLE % "" + text)
    (value,) = one(app, Role).managed
    assert cases(value) == {"`var.own` is true": "not set", "`var.own` is false": ADMIN}
    (holder,) = one(app, Policy).roles
    assert cases(holder) == {"`var.own` is true": "${aws_iam_role.orders.name}", "`var.own` is false": "not set"}


def test_what_is_attached_but_not_known_makes_a_role_incomplete() -> None:
    text = """
variable "arn" {}
resource "aws_iam_role_policy_attachment" "a" {
  role       = aws_iam_role.orders.name
  policy_arn = var.arn
}
"""
    role = one(app_of(ROLE % "" + text), Role)
    assert not role.managed.complete
    assert [d.why for d in role.policies.gaps] == ["variable `arn` has no value"]


def test_a_policy_attached_to_a_role_elsewhere_is_kept() -> None:
    text = f"""
resource "aws_iam_role_policy_attachment" "a" {{
  role       = "theirs"
  policy_arn = "{ADMIN}"
}}
"""
    app = app_of(ROLE % "" + text)
    policy = one(app, Policy)
    assert managed(app) == []
    assert policy.name.only() == ADMIN
    assert [r.show() for r in policy.roles] == ["theirs"]
    assert not policy.statements.complete
    assert policy.attached_to == ()


def test_an_attachment_to_a_role_that_is_not_known_is_a_gap() -> None:
    text = f"""
variable "role" {{}}
resource "aws_iam_role_policy_attachment" "a" {{
  role       = var.role
  policy_arn = "{ADMIN}"
}}
"""
    app = app_of(ROLE % "" + text)
    assert managed(app) == []
    (gap,) = app.gaps
    assert gap.what == "`role` of `aws_iam_role_policy_attachment.a`"
    assert ADMIN in gap.why


def test_a_policy_of_a_role_that_is_not_known_is_a_gap() -> None:
    text = f"""
variable "role" {{}}
resource "aws_iam_role_policy" "queue" {{
  role   = var.role
  policy = {DOCUMENT}
}}
"""
    app = app_of(ROLE % "" + text)
    (gap,) = app.gaps
    assert gap.what == "`role` of `aws_iam_role_policy.queue`"
    assert len(one(app, Policy).statements) == 1


def test_inline_policies_that_are_stated_to_be_there() -> None:
    text = f"""
resource "aws_iam_role_policy" "queue" {{
  name   = "queue"
  role   = aws_iam_role.orders.name
  policy = {DOCUMENT}
}}
resource "aws_iam_role_policies_exclusive" "all" {{
  role_name    = aws_iam_role.orders.name
  policy_names = [aws_iam_role_policy.queue.name, "by-hand"]
}}
"""
    (doubt,) = one(app_of(ROLE % "" + text), Role).policies.gaps
    assert "`by-hand`" in doubt.why


def test_a_role_of_a_module_is_one_role() -> None:
    files = {
        "main.tf": f"""
module "role" {{
  source = "./role"
}}
module "queue" {{
  source = "./attach"
  role   = module.role.name
  arn    = "{ADMIN}"
}}
""",
        "role/main.tf": ROLE % "" + 'output "name" { value = aws_iam_role.orders.name }',
        "attach/main.tf": """
variable "role" {}
variable "arn" {}
resource "aws_iam_role_policy_attachment" "a" {
  role       = var.role
  policy_arn = var.arn
}
""",
    }
    app = app_of(files)
    assert [v.show() for v in one(app, Role, "module.role.aws_iam_role.orders").managed] == [ADMIN]


def test_policies_of_users_and_groups() -> None:
    text = f"""
resource "aws_iam_user_policy" "u" {{
  user   = "ann"
  policy = {DOCUMENT}
}}
resource "aws_iam_group_policy" "g" {{
  group  = "staff"
  policy = {DOCUMENT}
}}
"""
    app = app_of(text)
    assert [u.show() for u in one(app, Policy, "aws_iam_user_policy.u").users] == ["ann"]
    assert [g.show() for g in one(app, Policy, "aws_iam_group_policy.g").groups] == ["staff"]
