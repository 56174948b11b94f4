"""Baselines: what was there does not fail, what is new or worse does, and what is gone is told."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import jsonschema
import pytest

from stockade import api
from stockade.engine.baseline import known_of, read_baseline, written
from stockade.engine.findings import Result
from stockade.errors import StockadeError
from tests.cli.test_cli import run
from tests.support import TODAY

SCHEMA = Path(__file__).parents[2] / "schemas" / "report.schema.json"
HEAD = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {{AuthType: {auth}}}
"""


def template(**functions: str) -> str:
    return HEAD + "".join(FUNCTION.format(name=name, auth=auth) for name, auth in functions.items())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "template.yaml").write_text(template(A="NONE", B="AWS_IAM"))
    write(tmp_path, tmp_path)
    return tmp_path


def scan(root: Path, folder: Path, **options: object) -> Result:
    return api.scan(root, today=TODAY, persona="pedantic", baseline=folder / "known.json", **options)  # type: ignore[arg-type]


def write(root: Path, folder: Path) -> None:
    result = api.scan(root, today=TODAY, persona="pedantic", gathered=False)
    file = folder / "known.json"
    file.write_text(written(known_of(result.visible, root, file)))


def told(result: Result) -> set[tuple[str, str]]:
    return {(f.rule.code, f.functions[0].address) for f in result.visible if f.functions}


def test_what_is_known_is_counted_and_not_shown(project: Path) -> None:
    result = scan(project, project)
    assert not result.visible
    assert result.baseline is not None
    assert result.baseline.still > 5
    assert not result.baseline.gone
    assert {f.suppressed.source for f in result.findings if f.suppressed is not None} == {"baseline"}


def test_the_file_is_sorted_and_the_same_again(project: Path) -> None:
    first = (project / "known.json").read_text()
    write(project, project)
    assert (project / "known.json").read_text() == first
    findings = json.loads(first)["findings"]
    assert findings == sorted(findings, key=lambda k: (k["path"], k["rule"], k["functions"], k["fingerprint"]))
    assert first.count("\n") == len(findings) + 5  # one a line
    assert {k["path"] for k in findings} == {"app/template.yaml"}
    assert written(read_baseline(project / "known.json").findings) == first


def test_moved_and_reformatted_code_stays_known(project: Path) -> None:
    (project / "infra").mkdir()
    text = "# a comment\n\n" + template(B="AWS_IAM", A="NONE").replace("Runtime: python3.13", "Runtime:   'python3.13'")
    (project / "infra" / "stack.yaml").write_text(text)
    (project / "app" / "template.yaml").unlink()
    assert not scan(project, project).visible


def test_another_function_with_the_same_omission_is_new(project: Path) -> None:
    """Also where reports tell of it once for the whole file."""
    (project / "app" / "template.yaml").write_text(template(A="NONE", B="AWS_IAM", C="AWS_IAM"))
    assert {function for _, function in told(scan(project, project))} == {"C"}


def test_what_has_become_worse_is_new(project: Path) -> None:
    file = project / "known.json"
    data = json.loads(file.read_text())
    for known in data["findings"]:
        known["severity"] = "info" if known["rule"] == "SK101" else known["severity"]
    file.write_text(json.dumps(data))
    assert told(scan(project, project)) == {("SK101", "A")}


def test_what_is_gone_is_told_if_this_scan_could_have_found_it(project: Path) -> None:
    (project / "other").mkdir()
    (project / "other" / "template.yaml").write_text(template(D="NONE"))
    (project / "app" / "template.yaml").write_text(template(A="AWS_IAM", B="AWS_IAM"))
    result = scan(project, project)
    assert result.baseline is not None
    assert "SK101" in {known.rule for known in result.baseline.gone}
    for other in (scan(project / "other", project), scan(project, project, select=["SK501"])):
        assert other.baseline is not None
        assert not other.baseline.gone
    inside = scan(project / "app", project).baseline
    assert inside is not None
    assert inside.gone


def test_the_commands_write_use_show_and_prune(project: Path) -> None:
    (project / "stockade.toml").write_text("baseline = 'base.json'\n")
    assert "`stockade baseline write` makes one" in run("scan", cwd=project).stderr
    done = run("baseline", "write", cwd=project)
    assert done.returncode == 0, done.stderr
    assert "written to" in done.stderr
    done = run("scan", cwd=project)
    assert done.returncode == 0
    assert "in the baseline" in done.stdout
    shown = run("baseline", "show", cwd=project).stdout
    assert shown.startswith("app/template.yaml\n")
    assert "SK101" in shown
    (project / "app" / "template.yaml").write_text(template(A="AWS_IAM", B="AWS_IAM"))
    assert "of the baseline are gone" in run("scan", cwd=project).stdout
    report = json.loads(run("scan", "-f", "json", cwd=project).stdout)
    jsonschema.validate(report, json.loads(SCHEMA.read_text()))
    assert {g["rule"] for g in report["stats"]["baseline"]["gone"]} >= {"SK101"}
    assert {f["suppressed"]["source"] for f in report["findings"] if f["suppressed"]} == {"baseline"}
    done = run("baseline", "prune", cwd=project)
    assert "SK101" in done.stderr
    assert "SK101" not in (project / "base.json").read_text()
    assert "gone" not in run("scan", cwd=project).stdout


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema_version": 9, "findings": []}', '{"schema_version": 1, "findings": [1]}', "[" * 9999],
)
def test_a_file_that_is_no_baseline_is_an_error_with_a_hint(project: Path, text: str) -> None:
    (project / "known.json").write_text(text)
    with pytest.raises(StockadeError) as caught:
        scan(project, project)
    assert caught.value.hint


def test_a_difference_of_two_baselines_is_one_of_findings(project: Path) -> None:
    (project / "old.json").write_text((project / "known.json").read_text())
    (project / "app" / "template.yaml").write_text(template(A="NONE", B="NONE"))
    write(project, project)
    done = subprocess.run(["diff", "old.json", "known.json"], cwd=project, capture_output=True, text=True, check=False)
    changed = [line for line in done.stdout.splitlines() if line[:1] in "<>"]
    assert changed
    assert all('"functions":["B"]' in line for line in changed)
