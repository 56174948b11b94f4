"""`stockade policy validate`: what it says, its exit codes, and that nothing a file can hold makes it fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "policy-checks.schema.json").read_text(encoding="utf-8"))
GOOD = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}
BAD = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObjekt", "Resource": "*"}]}


def run(*arguments: str, stdin: bytes = b"", folder: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "stockade", "policy", "validate", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=False, cwd=folder)


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return (done.stdout + done.stderr).decode()


def report(*arguments: str, stdin: bytes = b"", folder: Path | None = None) -> dict[str, Any]:
    done = run(*arguments, "-f", "json", stdin=stdin, folder=folder)
    assert done.stderr == b"", said(done)
    data: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(data, SCHEMA)
    return data


def test_a_policy_on_standard_input() -> None:
    done = run("-", stdin=json.dumps(GOOD).encode())
    assert done.returncode == 0, said(done)
    assert "nothing wrong in 1 policy" in said(done)
    assert "taken for an identity policy" in said(done)


def test_a_fault_is_shown_with_its_line_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps(BAD, indent=2), encoding="utf-8")
    done = run("p.json", folder=tmp_path)
    assert done.returncode == 1
    text = said(done)
    assert "error[INVALID_ACTION]: `s3` has no action `GetObjekt`" in text
    assert "--> p.json:6:17" in text
    assert "^^^^^^^^^^^^^^" in text
    assert "= help: did you mean `s3:GetObject`?" in text
    assert "1 error in 1 policy" in text


def test_the_report_for_programs(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps(BAD), encoding="utf-8")
    data = report("p.json", folder=tmp_path)
    (policy,) = data["policies"]
    (fault,) = policy["faults"]
    assert fault["id"] == "INVALID_ACTION"
    assert fault["class"] == "ERROR"
    assert fault["instead"] == "s3:GetObject"
    assert fault["location"]["path"] == "p.json"
    assert data["counts"] == {"ERROR": 1, "SECURITY_WARNING": 0, "WARNING": 0, "SUGGESTION": 0}


def test_types_that_are_given(tmp_path: Path) -> None:
    text = json.dumps(GOOD)
    assert (
        report("-", "--type", "resource", stdin=text.encode())["policies"][0]["faults"][0]["id"] == "MISSING_PRINCIPAL"
    )
    assert report("-", "--type", "scp", stdin=text.encode())["policies"][0]["faults"] == []
    assert report("-", "--type", "rcp", stdin=text.encode())["counts"]["ERROR"] >= 1
    on = json.loads(text)
    on["Statement"] |= {"Principal": {"AWS": "111122223333"}, "Action": "sqs:SendMessage"}
    data = report("-", "--resource-type", "AWS::S3::Bucket", stdin=json.dumps(on).encode())
    assert [f["id"] for f in data["policies"][0]["faults"]] == ["UNSUPPORTED_ACTION_IN_POLICY"]
    assert run("--type", "nonsense", "-", stdin=b"{}").returncode == 2


@pytest.mark.parametrize(
    ("option", "code"), [("error", 0), ("security-warning", 0), ("warning", 1), ("suggestion", 1), ("never", 0)]
)
def test_what_makes_it_fail(option: str, code: int) -> None:
    unversioned = json.dumps({"Statement": GOOD["Statement"]}).encode()
    assert run("-", "--fail-on", option, stdin=unversioned).returncode == code


def test_what_is_shown() -> None:
    unversioned = json.dumps({"Statement": GOOD["Statement"]}).encode()
    done = run("-", "--show", "error", stdin=unversioned)
    assert "MISSING_VERSION" not in said(done)
    assert "not shown: 1 below error" in said(done)
    assert report("-", "--show", "error", stdin=unversioned)["policies"][0]["faults"] == []


def test_files_and_folders_that_are_not_there_or_hold_nothing(tmp_path: Path) -> None:
    done = run("missing.json", folder=tmp_path)
    assert (done.returncode, "there is no file or folder `missing.json`" in said(done)) == (2, True)
    done = run(".", folder=tmp_path)
    assert (done.returncode, "there is no policy in `.`" in said(done)) == (3, True)


def test_what_could_not_be_seen_is_no_pass(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: a\nprovider: {name: aws}\nfunctions: ${file(./functions.yml)}\n", encoding="utf-8"
    )
    done = run(".", folder=tmp_path)
    assert done.returncode == 3
    assert "there is no file `./functions.yml`" in said(done)
    assert "no policy was found, and what could not be seen may hold some" in said(done)


@pytest.mark.parametrize(
    "around", ["PolicyDocument", "PolicyVersion.Document", "Policy", "Role.AssumeRolePolicyDocument"]
)
def test_what_the_aws_cli_prints(around: str) -> None:
    """https://docs.aws.amazon.com/cli/latest/reference/iam/get-role-policy.html and the like"""
    printed: Any = json.dumps(BAD) if around == "Policy" else BAD  # `aws lambda get-policy` prints it as a text
    for name in reversed(around.split(".")):
        printed = {name: printed, "RoleName": "r"}
    done = run("-", stdin=json.dumps(printed).encode())
    assert (done.returncode, "`s3` has no action `GetObjekt`" in said(done)) == (1, True), said(done)


def test_a_folder_of_policies_and_templates(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "p.json").write_text(json.dumps(BAD), encoding="utf-8")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "p.json").write_text(json.dumps(BAD), encoding="utf-8")
    (tmp_path / "other.json").write_text('{"name": "x"}', encoding="utf-8")
    data = report(".", folder=tmp_path)
    assert [policy["path"] for policy in data["policies"]] == ["sub/p.json"]


def _deep(levels: int) -> bytes:
    return b'{"Version": "2012-10-17", "Statement": ' + b"[" * levels + b"]" * levels + b"}"


_STATEMENT = b'{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%b/*"}'
BAD_INPUT: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "JSON_SYNTAX_ERROR"),
    "white space": (b" \n\t ", "JSON_SYNTAX_ERROR"),
    "not UTF-8": (b'{"Version": "\xff\xfe"}', "JSON_SYNTAX_ERROR"),
    "a NUL byte": (b'{"Version": "2012-10-17\0"}', "JSON_SYNTAX_ERROR"),
    "a NUL escaped": (
        b'{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"arn:aws:sqs:eu\\u0000:*:a"}}',
        "INVALID_ARN_REGION",
    ),
    "a list": (b"[]", ""),
    "a text": (b'"policy"', "DATA_TYPE_MISMATCH"),
    "a number": (b"5", "DATA_TYPE_MISMATCH"),
    "null": (b"null", ""),
    "an empty object": (b"{}", "MISSING_STATEMENT"),
    "cut off": (b'{"Version": "2012-10-17", "Statement": [{"Effect": "Al', "JSON_SYNTAX_ERROR"),
    "comments": (b'{"Version": "2012-10-17", /* x */ "Statement": [' + _STATEMENT % b"a" + b"]}", "JSON_SYNTAX_ERROR"),
    "a key twice": (
        b'{"Version":"2012-10-17","Version":"2012-10-17","Statement":' + _STATEMENT % b"a" + b"}",
        "JSON_SYNTAX_ERROR",
    ),
    "lists where texts belong": (
        b'{"Version":"2012-10-17","Statement":{"Effect":["Allow"],"Action":[["s3:GetObject"]],"Resource":[{"a":1}]}}',
        "DATA_TYPE_MISMATCH",
    ),
    "objects in a condition": (
        b'{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":{"a":1}}}}}',
        "DATA_TYPE_MISMATCH",
    ),
    "nested deeply": (_deep(5000), "JSON_SYNTAX_ERROR"),
    "nested within the limit": (_deep(150), "DATA_TYPE_MISMATCH"),
    "unicode": (b'{"Version":"2012-10-17","Statement":' + _STATEMENT % "böxen-🦆".encode() + b"}", ""),
    "a byte order mark": (b"\xef\xbb\xbf" + json.dumps(GOOD).encode(), ""),
    "CRLF": (json.dumps(GOOD, indent=2).replace("\n", "\r\n").encode(), ""),
    "UTF-16": (b"\xff\xfe" + json.dumps(GOOD).encode("utf-16-le"), ""),
    "many wildcards": (
        b'{"Version":"2012-10-17","Statement":['
        + _STATEMENT % (b"a*" * 100)
        + b","
        + _STATEMENT % (b"*b" * 100)
        + b"]}",
        "",
    ),
    "YAML that is broken": (b"Version: 2012-10-17\nStatement:\n  - Effect: [Allow\n", "JSON_SYNTAX_ERROR"),
}


@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_gives_a_message_with_a_place_and_a_remedy(name: str) -> None:
    data, wanted = BAD_INPUT[name]
    done = run("-", "-f", "json", stdin=data)
    assert done.returncode in {0, 1}, said(done)
    assert b"Traceback" not in done.stdout + done.stderr
    faults = [fault for policy in json.loads(done.stdout)["policies"] for fault in policy["faults"]]
    assert wanted in [fault["id"] for fault in faults] or (not wanted and not faults), faults
    for fault in faults:
        assert fault["location"]["line"] >= 1
        assert fault["message"]
        assert fault["help"]
    text = run("-", stdin=data)
    assert text.returncode == done.returncode, said(text)
    assert "policy" in said(text)


def test_ten_thousand_statements_and_six_megabytes() -> None:
    many = b",".join(_STATEMENT % f"{number:05}{'x' * 520}".encode() for number in range(10_000))
    data = b'{"Version": "2012-10-17", "Statement": [' + many + b"]}"
    assert len(data) > 6_000_000
    done = run("-", stdin=data)
    assert done.returncode == 1, said(done)[-500:]
    assert "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA" in said(done)
    assert b"Traceback" not in done.stdout + done.stderr
