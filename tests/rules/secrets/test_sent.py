"""Secrets that Terraform sends to other servers."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.inputs.load import load
from tests.rules.support import Verdict, judge

HEAD = """
variable "token" { sensitive = true }
variable "host" {}
locals {
  bearer = "Bearer ${var.token}"
  plain  = var.host
}
data "aws_secretsmanager_secret_version" "db" { secret_id = "db" }
data "aws_ssm_parameter" "key" { name = "key" }
data "aws_ssm_parameter" "stored" {
  name            = "key"
  with_decryption = false
}
resource "random_password" "p" { length = 20 }
resource "aws_ssm_parameter" "text" {
  name  = "text"
  type  = "String"
  value = "a"
}
data "http" "h" {
"""


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ('url = "https://${var.token}.example.com"', "var.token"),
        ('url = "a"\n request_headers = { A = local.bearer }', "var.token"),
        (
            'url = "a"\n request_headers = { A = sha256(data.aws_ssm_parameter.key.value) }',
            "data.aws_ssm_parameter.key.value",
        ),
        (
            'url = "a"\n request_body = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)["a"]',
            "data.aws_secretsmanager_secret_version.db.secret_string",
        ),
        ('url = "a"\n request_body = random_password.p.result', "random_password.p.result"),
    ],
)
def test_a_secret_that_goes_out_is_told(more: str, told: str) -> None:
    verdict = judge("SK340", f"{HEAD}  {more}\n}}\n")
    assert [f.message for f in verdict.fails] == [
        f"`data.http.h` sends `{told}` to another server each time Terraform plans"
    ]


@pytest.mark.parametrize(
    "more",
    [
        'url = "https://${var.host}.example.com"',
        'url = "a"\n request_headers = { A = local.plain }',
        'url = "a"\n request_headers = { A = data.aws_secretsmanager_secret_version.db.arn }',
        'url = "a"\n request_headers = { A = data.aws_ssm_parameter.stored.value }',
        'url = "a"\n request_headers = { A = aws_ssm_parameter.text.value }',
        'url = "a"\n retry { attempts = var.token }',
    ],
)
def test_what_is_no_secret_is_not(more: str) -> None:
    assert not judge("SK340", f"{HEAD}  {more}\n}}\n").findings


def test_a_program_is_told_too() -> None:
    text = 'variable "token" { sensitive = true }\ndata "external" "x" {\n  program = ["a"]\n  query = { t = var.token }\n}\n'
    assert [f.message for f in judge("SK340", text).fails] == [
        "`data.external.x` sends `var.token` to a program each time Terraform plans"
    ]


def test_it_is_found_through_modules(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(
        'variable "t" {}\ndata "http" "h" { url = "https://example.com/${var.t}" }\n'
        'output "t" { value = var.t }\noutput "s" {\n  value     = "a"\n  sensitive = true\n}\n'
        'resource "aws_lambda_function" "f" { description = data.http.h.response_body }\n'
    )
    (tmp_path / "main.tf").write_text(
        'variable "token" { sensitive = true }\n'
        'module "m" {\n  source = "./m"\n  t      = var.token\n}\n'
        'data "http" "a" { url = module.m.t }\n'
        'data "http" "b" { url = module.m.s }\n'
    )
    verdict = Verdict("SK340", load(tmp_path))
    assert sorted((f.subject.address, f.message.split("`")[3]) for f in verdict.fails) == [
        ("data.http.a", "var.token"),
        ("data.http.b", "module.m.s"),
        ("module.m.data.http.h", "var.token"),
    ]
    assert verdict.by_function == {"module.m.aws_lambda_function.f": "fail"}
