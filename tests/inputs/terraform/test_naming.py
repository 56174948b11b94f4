"""How instances name each other."""

from __future__ import annotations

import pytest

from stockade.inputs.terraform.naming import meant, text_names
from stockade.model.app import Bucket
from stockade.model.value import Doubt, Hole, Part, Reference, ServiceDefault, Text
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import cases, one

B = Reference("k", "Ref", "aws_x.b.id")
STAGE = Hole("var.stage", Doubt("not known"))


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("orders", {"orders"}),
        ("arn:aws:lambda:eu-west-1:111122223333:function:orders:live", {"orders"}),
        ("arn:aws:iam::111122223333:policy/team/queue", {"queue"}),
        ("arn:aws:s3:::invoices", {"invoices"}),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/orders", {"orders"}),
        ("arn:aws:iam::aws:policy/queue", set()),
    ],
)
def test_names_inside_of_texts(text: str, names: set[str]) -> None:
    assert set(text_names(text)) == {text, *names}


@pytest.mark.parametrize(
    ("parts", "is_meant"),
    [
        ((B,), True),
        ((B, ":live"), True),
        (("arn:aws:s3:::", B), True),
        ((B, "-logs"), False),
        (("logs-", B), False),
        ((STAGE, B), False),
    ],
)
def test_a_reference_that_a_text_is_only_made_with_is_not_meant(parts: tuple[Part, ...], *, is_meant: bool) -> None:
    assert list(meant(Text(parts=parts, origin=ServiceDefault("")))) == ([B] if is_meant else [])


def test_a_name_that_is_made_with_another_buckets_name_is_not_that_bucket() -> None:
    text = """
resource "aws_s3_bucket" "a" { bucket = "a" }
resource "aws_s3_bucket_versioning" "logs" {
  bucket = "${aws_s3_bucket.a.id}-logs"
  versioning_configuration {
    status = "Enabled"
  }
}
"""
    app = app_of(text)
    assert one(app, Bucket).versioning.is_set().is_no
    assert app.gaps == ()


def test_the_same_unknown_in_both_names() -> None:
    text = """
variable "stage" {}
resource "aws_s3_bucket" "a" { bucket = "orders-${var.stage}" }
resource "aws_s3_bucket_versioning" "a" {
  bucket = "orders-${var.stage}"
  versioning_configuration {
    status = "Enabled"
  }
}
"""
    app = app_of(text)
    assert one(app, Bucket).versioning.only() == "Enabled"
    assert app.gaps == ()


def test_a_part_is_named_instead_of_the_whole() -> None:
    text = """
variable "attach" { type = bool }
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_s3_bucket_policy" "b" {
  count  = var.attach ? 1 : 0
  bucket = aws_s3_bucket.b.id
  policy = "{}"
}
resource "aws_s3_bucket_public_access_block" "b" {
  bucket              = var.attach ? aws_s3_bucket_policy.b[0].id : aws_s3_bucket.b.id
  block_public_policy = true
}
"""
    bucket = one(app_of(text), Bucket)
    assert bucket.block_public_policy.is_true().is_yes
    assert bucket.block_public_policy.is_set().is_yes
    assert set(cases(bucket.block_public_policy).values()) == {"true"}


def test_what_two_parts_under_two_premises_say() -> None:
    text = """
variable "kept" { type = bool }
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_s3_bucket_versioning" "on" {
  count  = var.kept ? 1 : 0
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Enabled"
  }
}
resource "aws_s3_bucket_versioning" "off" {
  count  = var.kept ? 0 : 1
  bucket = aws_s3_bucket.b.id
  versioning_configuration {
    status = "Disabled"
  }
}
"""
    value = one(app_of(text), Bucket).versioning
    assert cases(value) == {"`var.kept` is true": "Enabled", "`var.kept` is false": "Disabled"}


def test_blocks_of_json_configurations_are_objects() -> None:
    text = """
{"resource": {
  "aws_s3_bucket": {"b": {"bucket": "b"}},
  "aws_s3_bucket_versioning": {"b": {"bucket": "${aws_s3_bucket.b.id}", "versioning_configuration": {"status": "Enabled"}}}
}}
"""
    assert one(app_of({"main.tf.json": text}), Bucket).versioning.only() == "Enabled"
