"""What a whole file leaves out is one finding; what somebody ignored is not in it."""

from __future__ import annotations

from pathlib import Path

from stockade import api
from tests.support import TODAY, fails, scan_text, verdicts

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Globals: {Function: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}}
Resources:
"""
THREE = """  A: {Type: AWS::Serverless::Function}
  B: {Type: AWS::Serverless::Function}
  C: {Type: AWS::Serverless::Function}
"""


def test_one_omission_is_one_finding_about_all(tmp_path: Path) -> None:
    result = scan_text(tmp_path, HEAD + THREE)
    (finding,) = fails(result, "SK701")
    assert [f.address for f in finding.functions] == ["A", "B", "C"]
    assert "`A`, `B` and `C`" in finding.message
    assert verdicts(result, "SK701") == {"A": "fail", "B": "fail", "C": "fail"}


def test_an_ignore_takes_just_its_function_out(tmp_path: Path) -> None:
    ignored = THREE.replace("  B:", '  # stockade: ignore[untraced-function] reason="traced by a vendor"\n  B:')
    result = scan_text(tmp_path, HEAD + ignored)
    (finding,) = fails(result, "SK701")
    assert [f.address for f in finding.functions] == ["A", "C"]
    assert not fails(result, "SK901")


def test_what_depends_on_a_condition_is_told_by_itself(tmp_path: Path) -> None:
    sometimes = "  D: {Type: AWS::Serverless::Function, Properties: {Tracing: !If [Prod, Active, PassThrough]}}\n"
    found = fails(scan_text(tmp_path, HEAD + THREE + sometimes), "SK701")
    assert sorted(len(f.functions) for f in found) == [1, 3]


def test_files_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "template.yaml").write_text(HEAD + THREE, encoding="utf-8")
    found = fails(scan_text(tmp_path, HEAD + THREE), "SK701")
    assert [len(f.functions) for f in found] == [3, 3]
    assert len({f.fingerprint for f in found}) == 2


def test_its_fix_is_made_for_every_function(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(HEAD + THREE, encoding="utf-8")
    change = api.fix(tmp_path, select=("SK701",), today=TODAY)
    assert not change.refused
    assert change.after["template.yaml"].count("Tracing: Active") == 3
    assert verdicts(change.result, "SK701") == {"A": "pass", "B": "pass", "C": "pass"}
