"""The command line as people use it: outputs, exit codes, errors with hints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from stockade.cli.scan import FORMATS

ROOT = Path(__file__).parents[2]
OPEN = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: NONE
"""


def run(*arguments: str, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the installed command."""
    command = [sys.executable, "-c", "from stockade.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=cwd, env=os.environ | (env or {}), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one open URL."""
    (tmp_path / "template.yaml").write_text(OPEN)
    return tmp_path


def test_findings_exit_with_1_and_show_the_place(project: Path) -> None:
    done = run("scan", "--select", "SK101", cwd=project)
    assert done.returncode == 1
    assert "high[SK101]: anyone on the internet can call `Webhook`" in done.stdout
    assert "template.yaml:10:19" in done.stdout
    assert "AuthType: NONE" in done.stdout
    assert done.stderr == ""
    assert "\x1b" not in done.stdout


def test_fail_on_and_show_are_separate(project: Path) -> None:
    assert run("scan", "--select", "SK101", "--fail-on", "critical", cwd=project).returncode == 0
    hidden = run("scan", "--select", "SK101", "--show", "critical", cwd=project)
    assert hidden.returncode == 0
    assert "not shown: 1 below critical" in hidden.stdout


def test_nothing_to_scan_exits_with_3(tmp_path: Path) -> None:
    done = run("scan", cwd=tmp_path)
    assert done.returncode == 3
    assert "nothing to scan" in done.stderr
    assert "looked for" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("scan", "nowhere"), "there is no file or folder"),
        (("scan", "-f", "sariff"), "did you mean `sarif`?"),
        (("scan", "-f", "json", "-f", "text"), "only one format can go to standard output"),
        (("scan", "--select", "public-function-uri"), "did you mean `public-function-url`?"),
        (("scan", "--persona", "hostile"), "regular, pedantic, auditor"),
        (("scan", "--parameters", "Stage"), "write NAME=VALUE"),
        (("scann",), "did you mean `scan`?"),
        (("scan", "-f", "json=/nowhere/at/all.json"), "can't write"),
        (("explain", "SK000"), "no rule is called"),
    ],
)
def test_wrong_use_exits_with_2_and_a_hint(project: Path, arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments, cwd=project)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_several_formats_at_once(project: Path) -> None:
    done = run(
        "scan", "-f", "concise", "-f", "json=out.json", "-f", "matrix=out.jsonl", "-f", "sarif=out.sarif", cwd=project
    )
    assert done.returncode == 1
    assert "template.yaml:10:19: high SK101 [public-function-url]" in done.stdout
    report = json.loads((project / "out.json").read_text())
    jsonschema.validate(report, json.loads((ROOT / "schemas/report.schema.json").read_text()))
    assert json.loads((project / "out.sarif").read_text())["version"] == "2.1.0"
    line_schema = json.loads((ROOT / "schemas/matrix.schema.json").read_text())
    for line in (project / "out.jsonl").read_text().splitlines():
        jsonschema.validate(json.loads(line), line_schema)


def test_every_format_goes_to_a_file(project: Path) -> None:
    wanted = [f"-f{name}=out/{name}" for name in FORMATS]
    (project / "out").mkdir()
    done = run("scan", "--select", "SK101", *wanted, cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert all((project / "out" / name).stat().st_size for name in FORMATS)
    assert b"\r\n" in (project / "out" / "csv").read_bytes()


def test_findings_are_sorted_and_grouped_as_asked(project: Path) -> None:
    (project / "a.yaml").write_text(OPEN.replace("Webhook", "Zulu"))
    lines = run("scan", "-fconcise", "--sort", "file", cwd=project).stdout.splitlines()
    assert lines == sorted(lines, key=lambda line: (line.split(":")[0], int(line.split(":")[1])))
    by_rule = [line.split()[2] for line in run("scan", "-fconcise", "--sort", "rule", cwd=project).stdout.splitlines()]
    assert [r for r in by_rule if r.startswith("SK")] == sorted(r for r in by_rule if r.startswith("SK"))
    text = run("scan", "--select", "SK101", "--group-by", "file", cwd=project).stdout
    assert text.startswith("== a.yaml: 1 high\n\nhigh[SK101]")
    assert "\n== template.yaml: 1 high\n\nhigh[SK101]" in text
    assert run(
        "scan", "--select", "SK101", "--group-by", "function", "--sort", "function", cwd=project
    ).stdout.startswith("== Webhook")


def test_strict_makes_a_gap_an_error(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        OPEN.replace("NONE", "AWS_IAM").replace("Transform:", "Transform:\n  - Acme::Macro\n  -")
    )
    assert run("scan", "--select", "SK101", cwd=tmp_path).returncode == 0
    done = run("scan", "--select", "SK101", "--strict", cwd=tmp_path)
    assert done.returncode == 4
    assert "Acme::Macro" in done.stdout


def test_colour_only_where_it_is_wanted(project: Path) -> None:
    assert "\x1b[" in run("scan", "--color", "always", cwd=project).stdout
    assert "\x1b[" in run("scan", cwd=project, env={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" not in run("scan", cwd=project, env={"FORCE_COLOR": "1", "NO_COLOR": "1"}).stdout


def test_a_closed_pipe_is_no_error(project: Path) -> None:
    command = f'"{sys.executable}" -c "from stockade.cli import main; main()" scan -f json | head -c 10'
    done = subprocess.run(["bash", "-c", command], cwd=project, capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""


def test_explain_and_rules(tmp_path: Path) -> None:
    by_code, by_name = run("explain", "SK101", cwd=tmp_path), run("explain", "public-function-url", cwd=tmp_path)
    assert by_code.stdout == by_name.stdout
    assert "## Why is this bad?" in by_code.stdout
    listed = run("rules", cwd=tmp_path).stdout
    assert "SK101" in listed
    data = json.loads(run("rules", "--json", "exposure", cwd=tmp_path).stdout)
    assert {r["domain"] for r in data} == {"exposure"}


def test_new_rule_takes_the_next_code_of_its_domain(tmp_path: Path) -> None:
    done = run("dev", "new-rule", "exposure", "wide-open-door", "--rules", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 0
    (made,) = (tmp_path / "exposure").iterdir()
    assert made.name.endswith("_wide_open_door.py")
    compile(made.read_text(), str(made), "exec")
    taken = run("dev", "new-rule", "exposure", "public-function-url", "--rules", str(tmp_path), cwd=tmp_path)
    assert taken.returncode == 2
