"""Which log groups functions write to: by names that may be unknown, in regions that may be."""

from __future__ import annotations

from textwrap import dedent

import pytest

from stockade.model.app import App, Function
from stockade.model.value import Tri
from tests.inputs.terraform.support import app_of

_UNSET = 'variable "n" {}\n'
_EU = 'provider "aws" { region = "eu-west-1" }\n'
_US = 'provider "aws" {\n  alias  = "us"\n  region = "us-east-1"\n}\n'


def function(name: str, *more: str, label: str = "f") -> str:
    return "\n".join((f'resource "aws_lambda_function" "{label}" {{', f"  function_name = {name}", *more, "}\n"))


def group(name: str, *more: str, label: str = "g") -> str:
    return "\n".join((f'resource "aws_cloudwatch_log_group" "{label}" {{', f"  name = {name}", *more, "}\n"))


def without_group(app: App, address: str = "aws_lambda_function.f") -> Tri:
    return named(app, address).log_groups.is_empty()


def named(app: App, address: str) -> Function:
    return next(f for f in app.functions if f.address == address)


def groups_of(app: App, address: str) -> list[str]:
    return [group.address for group in named(app, address).log_groups]


@pytest.mark.parametrize(
    ("name", "of_group", "beside"),
    [
        ("var.n", '"/aws/lambda/${var.n}"', _UNSET),
        ('"${var.n}"', '"/aws/lambda/${var.n}"', _UNSET),
        ("local.n", '"/aws/lambda/${var.n}"', _UNSET + "locals { n = var.n }"),
        ("var.n", '"/aws/lambda/${aws_lambda_function.f.function_name}"', _UNSET),
        ("var.n", '"/aws/lambda/${aws_lambda_function.f.id}"', _UNSET),
        ("random_pet.p.id", '"/aws/lambda/${random_pet.p.id}"', 'resource "random_pet" "p" {}'),
        ("random_pet.p.id", '"/aws/lambda/${local.n}"', 'resource "random_pet" "p" {}\nlocals { n = random_pet.p.id }'),
        ("local.n", '"/aws/lambda/${local.n}"', _UNSET + "locals { n = lower(var.n) }"),
        ('join("-", [var.n, "x"])', 'format("/aws/lambda/%s-x", var.n)', _UNSET),
        (
            '"${aws_s3_bucket.b.id}-reader"',
            '"/aws/lambda/orders-reader"',
            'resource "aws_s3_bucket" "b" { bucket = "orders" }',
        ),
        (
            'var.n == "" ? "a" : "b"',
            'var.n == "" ? "/aws/lambda/a" : "/aws/lambda/b"',
            _UNSET,
        ),
    ],
)
def test_however_the_name_is_spelled_the_group_is_found(name: str, of_group: str, beside: str) -> None:
    assert groups_of(app_of(function(name) + group(of_group) + beside), "aws_lambda_function.f") == [
        "aws_cloudwatch_log_group.g"
    ]


def test_a_name_goes_through_modules() -> None:
    files = {
        "main.tf": _UNSET
        + dedent("""
            module "f" {
              source = "./f"
              name   = var.n
            }
            module "g" {
              source = "./g"
              of     = module.f.name
            }
        """),
        "f/main.tf": 'variable "name" {}\n' + function("var.name") + 'output "name" { value = var.name }\n',
        "g/main.tf": 'variable "of" {}\n' + group('"/aws/lambda/${var.of}"'),
    }
    assert groups_of(app_of(files), "module.f.aws_lambda_function.f") == ["module.g.aws_cloudwatch_log_group.g"]


def test_variables_of_one_name_in_two_root_modules_are_two() -> None:
    files = {
        "a/main.tf": _UNSET + function("var.n"),
        "b/main.tf": _UNSET + group('"/aws/lambda/${var.n}"'),
    }
    assert without_group(app_of(files)).is_yes


def test_each_instance_of_a_module_has_its_own_group() -> None:
    files = {
        "main.tf": _UNSET
        + dedent("""
            module "one" {
              source = "./m"
              name   = upper(var.n)
            }
            module "two" {
              source = "./m"
              name   = lower(var.n)
            }
        """),
        "m/main.tf": 'variable "name" {}\nlocals { name = replace(var.name, "_", "-") }\n'
        + function("local.name")
        + group('"/aws/lambda/${local.name}"'),
    }
    app = app_of(files)
    for module in ("one", "two"):
        own = groups_of(app, f"module.{module}.aws_lambda_function.f")
        assert own == [f"module.{module}.aws_cloudwatch_log_group.g"]


@pytest.mark.parametrize(
    ("name", "of_group"),
    [("var.n", '"/aws/lambda/orders"'), ('"orders"', "var.n"), ('"orders"', '"/aws/lambda/${var.n}"')],
)
def test_a_group_that_may_be_its_own_is_a_doubt(name: str, of_group: str) -> None:
    answer = without_group(app_of(_UNSET + function(name) + group(of_group)))
    assert answer.truth == "maybe"
    assert "`n` has no value" in answer.doubts[0].why


@pytest.mark.parametrize(
    "of_group",
    ['"/aws/lambda/billing"', '"/aws/apigateway/${var.n}"', '"/aws/lambda/billing-${var.n}"', '"${var.n}-billing"'],
)
def test_a_group_that_can_not_be_its_own_is_none(of_group: str) -> None:
    assert without_group(app_of(_UNSET + function('"orders"') + group(of_group))).is_yes


def test_a_group_of_another_function_is_no_doubt() -> None:
    two = function('"orders"') + function("var.n", label="other") + group('"/aws/lambda/${var.n}"')
    app = app_of(_UNSET + two)
    assert without_group(app).is_yes
    assert groups_of(app, "aws_lambda_function.other") == ["aws_cloudwatch_log_group.g"]


def test_one_group_of_two_functions_of_which_one_is_there() -> None:
    two = (
        function('"orders"', '  count = var.n == "a" ? 1 : 0')
        + function('"orders"', '  count = var.n == "a" ? 0 : 1', label="other")
        + group('"/aws/lambda/orders"')
    )
    app = app_of(_UNSET + two)
    assert [len(f.log_groups) for f in app.functions] == [1, 1]


# ------------------------------------------------------------------------------------------------------------- regions


def test_a_group_in_another_region_is_not_the_functions() -> None:
    for name in ('"/aws/lambda/orders"', '"/aws/lambda/${aws_lambda_function.f.function_name}"'):
        app = app_of(_EU + _US + function('"orders"', "  provider = aws.us") + group(name))
        assert without_group(app).is_yes


def test_two_functions_of_one_name_in_two_regions_have_a_group_each() -> None:
    text = _EU + _US
    for label, more in (("eu", ()), ("us", ("  provider = aws.us",))):
        text += function('"orders"', *more, label=label) + group('"/aws/lambda/orders"', *more, label=label)
    app = app_of(text)
    for label in ("eu", "us"):
        assert groups_of(app, f"aws_lambda_function.{label}") == [f"aws_cloudwatch_log_group.{label}"]


def test_the_region_that_a_resource_states_itself_wins() -> None:
    us = '  region = "us-east-1"'
    assert without_group(app_of(_EU + function('"orders"', us) + group('"/aws/lambda/orders"'))).is_yes
    both = function('"orders"', us) + group('"/aws/lambda/orders"', "  provider = aws.us")
    assert without_group(app_of(_EU + _US + both)).is_no
    null = _EU + 'variable "r" { default = null }\n' + function('"orders"', "  region = var.r")
    assert without_group(app_of(null + group('"/aws/lambda/orders"'))).is_no


def test_providers_that_are_handed_to_modules() -> None:
    files = {
        "main.tf": _EU
        + _US
        + dedent("""
            module "here" { source = "./m" }
            module "there" {
              source    = "./m"
              providers = { aws = aws.us }
            }
            module "alone" {
              source    = "./f"
              providers = { aws = aws.us }
            }
        """),
        "m/main.tf": function('"orders"') + group('"/aws/lambda/orders"'),
        "f/main.tf": function('"billing"'),
        "g.tf": group('"/aws/lambda/billing"'),
    }
    app = app_of(files)
    for module in ("here", "there"):
        assert groups_of(app, f"module.{module}.aws_lambda_function.f") == [
            f"module.{module}.aws_cloudwatch_log_group.g"
        ]
    assert without_group(app, "module.alone.aws_lambda_function.f").is_yes


def test_equal_configurations_are_one_place() -> None:
    for region, truth in (('"us-east-1"', "no"), ("local.r", "no"), ("var.n", "maybe"), ('"eu-west-1"', "yes")):
        other = f'provider "aws" {{\n  alias = "b"\n  region = {region}\n}}\nlocals {{ r = "us-east-1" }}\n'
        both = function('"orders"', "  provider = aws.us") + group('"/aws/lambda/orders"', "  provider = aws.b")
        assert without_group(app_of(_UNSET + _US + other + both)).truth == truth, region


def test_one_unknown_region_is_one_place() -> None:
    both = "".join(f'provider "aws" {{\n  alias = "{alias}"\n  region = var.n\n}}\n' for alias in ("a", "b"))
    text = both + function('"orders"', "  provider = aws.a") + group('"/aws/lambda/orders"', "  provider = aws.b")
    assert without_group(app_of(_UNSET + text)).is_no


def test_another_account_is_another_place() -> None:
    def role(alias: str, account: str) -> str:
        return (
            f'provider "aws" {{\n  alias = "{alias}"\n  region = "us-east-1"\n'
            f'  assume_role {{ role_arn = "arn:aws:iam::{account}:role/deploy" }}\n}}\n'
        )

    both = function('"orders"', "  provider = aws.a") + group('"/aws/lambda/orders"', "  provider = aws.b")
    for account, truth in (("111122223333", "no"), ("444455556666", "yes"), ("${var.n}", "maybe")):
        app = app_of(_UNSET + role("a", "111122223333") + role("b", account) + both)
        assert without_group(app).truth == truth, account


def test_a_provider_that_is_chosen_by_a_key_is_not_the_default_one() -> None:
    by_key = '  provider = aws.by_region["us-east-1"]'
    text = _EU + function('"orders"', by_key)
    assert without_group(app_of(text + group('"/aws/lambda/orders"'))).truth == "maybe"
    assert without_group(app_of(text + group('"/aws/lambda/orders"', by_key))).is_no


def test_a_provider_that_the_caller_hands_in_is_not_known() -> None:
    text = function('"orders"', "  provider = aws.edge") + group('"/aws/lambda/orders"')
    assert without_group(app_of(_EU + text)).truth == "maybe"


def test_a_name_in_another_region_is_another_function() -> None:
    text = _EU + _US + function('"orders"') + function('"orders"', "  provider = aws.us", label="us")
    permission = dedent("""
        resource "aws_lambda_permission" "p" {
          provider      = aws.us
          function_name = "orders"
        }
        resource "aws_lambda_permission" "q" {
          function_name = "arn:aws:lambda:us-east-1:111122223333:function:orders"
        }
        resource "aws_lambda_permission" "r" {
          function_name = "arn:aws:lambda:ap-south-1:111122223333:function:orders"
        }
    """)
    app = app_of(text + permission)
    assert [p.address for p in named(app, "aws_lambda_function.us").permissions] == [
        "aws_lambda_permission.p",
        "aws_lambda_permission.q",
    ]
    assert len(named(app, "aws_lambda_function.f").permissions) == 0


def test_the_same_unknown_names_the_same_function() -> None:
    permission = 'resource "aws_lambda_permission" "p" {\n  function_name = var.n\n}\n'
    app = app_of({"main.tf": _UNSET + function("var.n") + permission, "b/main.tf": _UNSET + permission})
    assert [p.key for p in app.functions[0].permissions] == [".#aws_lambda_permission.p"]


# ---------------------------------------------------------------------------------------------------------------- edge


def test_the_group_of_a_function_at_the_edge() -> None:
    for name in ('"/aws/lambda/us-east-1.orders"', '"/aws/lambda/us-east-1.${aws_lambda_function.f.function_name}"'):
        app = app_of(_EU + _US + function('"orders"', "  provider = aws.us") + group(name))
        assert groups_of(app, "aws_lambda_function.f") == ["aws_cloudwatch_log_group.g"]
    other = app_of(function('"orders"') + group('"/aws/lambda/us-east-1.billing"'))
    assert without_group(other).is_yes


def test_aliases_that_a_module_asks_for() -> None:
    files = {
        "main.tf": _EU
        + _US
        + dedent("""
            module "m" {
              source    = "./m"
              providers = {
                aws      = aws
                aws.edge = aws.us
              }
            }
            module "n" {
              source    = "./n"
              providers = { aws = aws.us }
            }
        """),
        "m/main.tf": function('"orders"', "  provider = aws.edge"),
        # A module with a provider of its own, as old ones have.
        "n/main.tf": 'provider "aws" { region = "us-east-1" }\n' + group('"/aws/lambda/orders"', "  provider = aws"),
    }
    app = app_of(files)
    assert groups_of(app, "module.m.aws_lambda_function.f") == ["module.n.aws_cloudwatch_log_group.g"]
    files["n/main.tf"] = files["n/main.tf"].replace("us-east-1", "eu-west-1")
    assert without_group(app_of(files), "module.m.aws_lambda_function.f").is_yes
