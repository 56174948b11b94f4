"""The rules of secrets that only checklists ask for: SK338."""

from __future__ import annotations

from tests.rules.support import judge

KEY = 'resource "aws_kms_key" "a" {\n  %s\n}\n'
DOCUMENT = '"{}"'


def test_a_policy_beside_the_key() -> None:
    beside = 'resource "aws_kms_key_policy" "a" {\n  key_id = aws_kms_key.a.id\n  policy = jsonencode({ Statement = [] })\n}\n'
    assert len(judge("SK338", KEY % "").fails) == 1
    assert not judge("SK338", KEY % "" + beside).findings


def test_a_policy_of_a_key_that_is_not_known() -> None:
    beside = (
        'variable "k" { type = string }\n'
        'resource "aws_kms_key_policy" "a" {\n  key_id = var.k\n  policy = jsonencode({ Statement = [] })\n}\n'
    )
    found = judge("SK338", KEY % "" + beside)
    assert (len(found.fails), len(found.unsure)) == (0, 1)


def test_a_policy_that_is_handed_in() -> None:
    assert not judge("SK338", 'variable "p" { type = string }\n' + KEY % "policy = var.p").fails
