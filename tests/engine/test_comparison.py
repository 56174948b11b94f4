"""What changed between two states, by what it means for security."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from stockade import api
from stockade.errors import NothingToScan, UsageError
from tests.cli.test_cli import run
from tests.engine.proofs.test_trees import git

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "diff.schema.json").read_text(encoding="utf-8"))


def template(**functions: Any) -> str:
    """A SAM template; a function is its properties beside the usual ones."""
    usual = {"Runtime": "python3.13", "Handler": "a.b", "CodeUri": "src/", "Tracing": "Active"}
    resources: dict[str, Any] = {
        name: {"Type": "AWS::Serverless::Function", "Properties": usual | more} for name, more in functions.items()
    }
    kept = {"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}  # whoever may write to it
    resources["Orders"] = {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "orders"} | kept}
    return json.dumps({"Transform": "AWS::Serverless-2016-10-31", "Resources": resources}, indent=2)


def compared(folder: Path, old: str, new: str) -> dict[str, list[str]]:
    """By effect, the area and the message of what changed."""
    for name, text in (("old", old), ("new", new)):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "template.json").write_text(text, encoding="utf-8")
    found = api.diff(str(folder / "old"), str(folder / "new"))
    out: dict[str, list[str]] = {}
    for shift in found.shifts:
        out.setdefault(shift.effect, []).append(f"{shift.area}: {shift.message}")
    return out


OPEN_URL: dict[str, Any] = {"FunctionUrlConfig": {"AuthType": "NONE"}, "ReservedConcurrentExecutions": 5}
IAM_URL: dict[str, Any] = {**OPEN_URL, "FunctionUrlConfig": {"AuthType": "AWS_IAM"}}


def allows(*actions: str) -> dict[str, Any]:
    table = {"Fn::GetAtt": ["Orders", "Arn"]}
    return {"Policies": [{"Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": table}]}]}


def test_nothing_changed(tmp_path: Path) -> None:
    one = template(F=OPEN_URL, G=allows("dynamodb:GetItem"))
    moved = json.dumps(dict(reversed(json.loads(one).items())))
    assert compared(tmp_path, one, moved) == {}


def test_a_url_that_opens_and_closes(tmp_path: Path) -> None:
    there = compared(tmp_path, template(F=IAM_URL), template(F=OPEN_URL))
    back = compared(tmp_path, template(F=OPEN_URL), template(F=IAM_URL))
    message = "exposure: anyone on the internet can call `F` through its function URL"
    assert message in there["opens"]
    assert message in back["closes"]
    assert there["changes"] == ["model: url: auth is NONE, and was AWS_IAM"]
    assert "closes" not in there
    assert "opens" not in back


def test_what_a_function_may_do(tmp_path: Path) -> None:
    old, new = template(F=allows("dynamodb:GetItem")), template(F=allows("dynamodb:GetItem", "dynamodb:PutItem"))
    (opens,) = compared(tmp_path, old, new)["opens"]
    assert opens.startswith("permissions: F may do `dynamodb:PutItem` on `arn:<AWS::Partition>:dynamodb:")
    (closes,) = compared(tmp_path, new, old)["closes"]
    assert closes.startswith("permissions: F may no longer do `dynamodb:PutItem` on ")


def test_what_is_just_another(tmp_path: Path) -> None:
    old = template(F={"Timeout": 3, "Environment": {"Variables": {"A": "1", "B": "x", "C": "1"}}})
    new = template(F={"Timeout": 9, "Environment": {"Variables": {"A": "1", "B": "y", "D": "1"}}})
    assert compared(tmp_path, old, new) == {
        "changes": [
            "model: function: timeout is 9, and was 3",
            "model: function: environment has `D`, has no longer `C`, has another value of `B`",
        ]
    }


def test_a_finding_that_is_told_in_another_way_is_no_new_one(tmp_path: Path) -> None:
    """Two findings of one rule on one subject: the worse one tells."""
    mapped = {"Events": {"Q": {"Type": "SQS", "Properties": {"Queue": {"Fn::GetAtt": ["Jobs", "Arn"]}}}}}

    def queue(visibility: int) -> str:
        data = json.loads(template(F={**mapped, "Timeout": 30}))
        properties = {"VisibilityTimeout": visibility, "RedrivePolicy": {"deadLetterTargetArn": "arn:aws:sqs:::d"}}
        data["Resources"]["Jobs"] = {"Type": "AWS::SQS::Queue", "Properties": properties}
        return json.dumps(data)

    worse, better = queue(10), queue(60)
    assert any("Lambda refuses" in each for each in compared(tmp_path, worse, better)["closes"])
    assert "opens" not in compared(tmp_path, worse, better)
    assert any("Lambda refuses" in each for each in compared(tmp_path, better, worse)["opens"])


def test_functions_that_come_and_go(tmp_path: Path) -> None:
    old, new = template(F={}), template(F={}, G=OPEN_URL)
    assert compared(tmp_path, old, new)["changes"] == ["model: a new function, invoked by url (public)"]
    assert compared(tmp_path, new, old)["changes"] == ["model: the function is gone"]


def test_secrets_are_not_told(tmp_path: Path) -> None:
    old, new = (
        template(F={"Environment": {"Variables": {"PASSWORD": text}}, "InlineCode": f"x = '{text}'"})
        for text in ("hunter2hunter2", "correcthorsebattery")
    )
    found = compared(tmp_path, old, new)
    assert "hunter2" not in repr(found)
    assert "correcthorse" not in repr(found)
    assert "model: function: environment has another value of `PASSWORD`" in found["changes"]


def test_across_formats() -> None:
    found = api.diff("examples/orders", "examples/orders-terraform")
    assert {shift.effect for shift in found.shifts if shift.area == "model"} <= {"changes"}
    # Every function is there in both, whatever it is called.
    assert not [shift for shift in found.shifts if shift.area == "model"]


def test_revisions_and_a_first_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "README").write_text("nothing", encoding="utf-8")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    with pytest.raises(NothingToScan):
        api.diff("git:HEAD", ".")
    (tmp_path / "template.json").write_text(template(F=OPEN_URL), encoding="utf-8")
    assert api.diff("git:HEAD", ".").opens
    assert not api.diff(".", "git:HEAD").opens
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "two")
    assert api.diff("git:HEAD", ".").shifts == ()
    with pytest.raises(UsageError):
        api.diff("git:none", ".")


def test_the_command(tmp_path: Path) -> None:
    compared(tmp_path, template(F=IAM_URL), template(F=OPEN_URL))
    done = run("diff", "old", "new", "-f", "json", cwd=tmp_path)
    assert done.returncode == 1, done.stderr
    data = json.loads(done.stdout)
    jsonschema.validate(data, SCHEMA)
    assert data["counts"]["opens"] == len([each for each in data["changes"] if each["effect"] == "opens"]) > 0
    text = run("diff", "old", "new", cwd=tmp_path)
    assert text.stdout.startswith("opens\n  F\n    - anyone on the internet can call `F`")
    assert text.stdout.endswith("1 changes\n")
    same = run("diff", "old", "old", cwd=tmp_path)
    assert (same.returncode, same.stdout) == (0, "old → old: nothing changed\n")
    assert run("diff", "old", "none", cwd=tmp_path).returncode == 2
