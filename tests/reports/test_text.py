"""The text report: what a person sees, and what nobody shall."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stockade import api
from stockade.reports import concise, stats, text
from stockade.reports._screen import masked
from tests.support import TODAY

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
FUNCTION = """\
  {name}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""
URL = """\
      FunctionUrlConfig:
        AuthType: NONE
"""


def scan(folder: Path, template: str, **options: object) -> api.Result:
    """The scan of one template, started in its folder."""
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    return api.scan(folder, today=TODAY, **options)  # type: ignore[arg-type]


def functions(number: int, body: str = "") -> str:
    return HEAD + "Resources:\n" + "".join(FUNCTION.format(name=f"F{i:02}") + body for i in range(number))


def test_a_finding_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = scan(tmp_path, functions(1, URL), select=["SK101"])
    assert (
        text.render(result).split("\n\n")[0]
        == """\
high[SK101]: anyone on the internet can call `F00` through its function URL (public-function-url)
  --> template.yaml:10:19
   |
10 |         AuthType: NONE
   |                   ^^^^
   = help: require AWS_IAM, or verify the caller's signature in the handler and say so in an ignore
   = unsafe fix: require IAM authentication; callers that do not sign their requests with AWS
                 credentials stop working"""
    )


@pytest.mark.parametrize("width", [40, 60, 100, 240])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    rendered = text.render(api.scan(Path("examples/orders"), today=TODAY, persona="auditor"), width=width)
    source = re.compile(r"^ *\d* \||^ *(?:-->|:::)")
    prose = [line for line in rendered.splitlines() if not source.search(line)]
    # A word that is longer than the room for it stays whole.
    assert [line for line in prose if len(line) > width and len(max(line.split(), key=len)) < 20] == []


def test_colours_change_nothing_but_colours() -> None:
    result = api.scan(Path("examples/orders"), today=TODAY, persona="auditor")
    plain, coloured = text.render(result), text.render(result, colour=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_paths_lead_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "infra"
    folder.mkdir()
    result = scan(folder, functions(1, URL), select=["SK101"])
    for here, path in ((tmp_path, "infra/template.yaml:10:19"), (folder, "template.yaml:10:19")):
        monkeypatch.chdir(here)
        assert f"--> {path}\n" in text.render(result)
        assert concise.render(result).startswith(path)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert "--> template.yaml:10:19\n" in text.render(result)


SECRETS = ["hK7-qP2m-Zr9-wX4t", "s8Kf2vQ9xTgW"]
WITH_SECRETS = (
    HEAD
    + f"Parameters:\n  Key:\n    Type: String\n    Default: {SECRETS[0]}\n"
    + "  Stage:\n    Type: String\n    Default: dev\nResources:\n"
    + FUNCTION.format(name="Shop")
    + "      Environment:\n        Variables:\n"
    + "          API_SECRET: !Ref Key\n"
    + f"          SMS_URL: !Sub https://shop-${{Stage}}:{SECRETS[1]}@sms.example/v2\n"
    + f"          DB_PASSWORD: '{SECRETS[0]}'\n"
)


def test_no_secret_is_shown(tmp_path: Path) -> None:
    result = scan(tmp_path, WITH_SECRETS, persona="auditor")
    assert len([f for f in result.visible if f.rule.code == "SK301"]) == 3
    for rendered in (text.render(result), text.render(result, full=True), concise.render(result), stats.render(result)):
        for secret in SECRETS:
            assert secret not in rendered
            assert secret[4:] not in rendered
    assert "Default: dev\n" in WITH_SECRETS
    assert "https://shop-${Stage}:s8K*********@sms.example/v2" in text.render(result)


@pytest.mark.parametrize("template", ["!Ref Secret", "!GetAtt A.B", '{"Ref": "Secret"}', "${Stage}"])
def test_what_is_no_secret_itself_stays(template: str) -> None:
    assert masked(template).startswith(template[:4])
    assert len(masked(template)) == len(template)


def test_a_long_report_shows_each_lesser_rule_whole_once(tmp_path: Path) -> None:
    result = scan(tmp_path, functions(40, "      Environment: {Variables: {LOG_LEVEL: DEBUG}}\n"), select=["SK708"])
    assert len(result.visible) == 40
    short, full = text.render(result), text.render(result, full=True)
    assert "more of the same rule" in short
    assert short.count(" | ") < full.count(" | ")
    assert all(f"template.yaml:{f.span.line}:" in short for f in result.visible if f.span is not None)


def test_high_findings_are_always_shown_whole(tmp_path: Path) -> None:
    result = scan(tmp_path, functions(40, URL), select=["SK101"])
    assert text.render(result).count("high[SK101]") == 40


def test_the_table_of_functions_has_the_worst_first(tmp_path: Path) -> None:
    template = functions(2) + FUNCTION.format(name="Open") + URL
    table = text.render(scan(tmp_path, template)).split("\nfunction ")[1].split("\n\n")[0].splitlines()
    assert table[1].split()[0] == "Open"
    assert len({len(row) for row in table[1:]}) == 1


def test_forty_functions_are_the_ten_worst_and_a_number(tmp_path: Path) -> None:
    rendered = text.render(scan(tmp_path, functions(40, URL), select=["SK101"]))
    assert "and 30 more functions with findings" in rendered


def test_what_could_not_be_decided_says_what_to_give(tmp_path: Path) -> None:
    template = functions(2, "      FunctionUrlConfig: {AuthType: !Ref Auth}\n").replace(
        "Resources", "Parameters:\n  Auth: {Type: String}\nResources"
    )
    result = scan(tmp_path, template, select=["SK101"])
    assert (
        "2 verdicts on functions could not be decided:\n      2  the parameter `Auth` has no default; give --parameters Auth=…"
        in text.render(result)
    )
    assert "not shown: 2 that can't be told (--persona auditor)" in text.render(result)
    shown = text.render(scan(tmp_path, template, select=["SK101"], persona="auditor"))
    assert "cannot tell[SK101]: whether anyone" in shown
    assert "= because: the parameter `Auth` has no default; give --parameters Auth=…" in shown
    assert "100.00% of 2 verdicts could not be decided" in stats.render(result)


def test_the_end_says_what_fix_could_do(tmp_path: Path) -> None:
    rendered = text.render(scan(tmp_path, functions(1, URL), select=["SK101"]))
    assert f"`stockade fix {tmp_path}` with `--unsafe` has edits for 1 of them" in " ".join(rendered.split())


def test_nothing_found_is_said(tmp_path: Path) -> None:
    rendered = text.render(scan(tmp_path, functions(1), select=["SK101"]))
    assert rendered == "no findings in 1 function of 1 template, 1 rule\n"


def test_a_template_can_not_write_to_the_terminal(tmp_path: Path) -> None:
    name = '"F\\e[31m\\u202e"'
    result = scan(tmp_path, HEAD + "Resources:\n" + FUNCTION.format(name=name) + URL, persona="auditor")
    for rendered in (text.render(result), concise.render(result), stats.render(result)):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", rendered)


def test_what_could_not_be_seen_stands_before_why(tmp_path: Path) -> None:
    call = 'module "%s" {\n  source = "example/thing/aws"\n}\n'
    (tmp_path / "main.tf").write_text(call % "a" + call % "b")
    rendered = text.render(api.scan(tmp_path, today=TODAY), width=200)
    first, second = rendered.index("`module.a`"), rendered.index("= of each: it is fetched from elsewhere")
    assert first < second


def test_files_without_functions_are_counted_alone(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n')
    rendered = text.render(api.scan(tmp_path, select=["SK101"], today=TODAY), width=200)
    assert "no findings in 1 file without functions, 1 rule" in rendered


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("serverless.yml", "service: a\nprovider: {name: aws}\nfunctions: ${file(none.yml)}\n"),
        ("main.tf", 'module "a" {\n  source = "example/thing/aws"\n}\n'),
    ],
)
def test_where_functions_could_not_be_read_there_may_be_some(tmp_path: Path, name: str, written: str) -> None:
    (tmp_path / name).write_text(written)
    rendered = text.render(api.scan(tmp_path, select=["SK101"], today=TODAY), width=200)
    assert "no findings in 1 file of which no function could be read, 1 rule" in rendered


@pytest.mark.parametrize(
    ("code", "template"),
    [
        ("SK701", HEAD + "Resources:\n" + FUNCTION.format(name="F")),
        ("SK310", HEAD + "Parameters: {DbPassword: {Type: String}}\nResources:\n" + FUNCTION.format(name="F")),
        (
            "SK122",
            HEAD + "Resources:\n  Q: {Type: AWS::SQS::Queue}\n" + FUNCTION.format(name="F")
            + "      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}}\n",
        ),
        ("SK705", HEAD + "Resources:\n" + FUNCTION.format(name="F")),
    ],
)  # fmt: skip
def test_help_and_fix_do_not_say_the_same_twice(tmp_path: Path, code: str, template: str) -> None:
    (tmp_path / "template.yaml").write_text(template)
    rendered = text.render(api.scan(tmp_path, select=[code], persona="pedantic", today=TODAY), width=300)
    said = re.findall(r"= (?:help|fix|unsafe fix): (.*)", rendered)
    assert said
    assert len({line.partition(";")[0] for line in said}) == len(said)
    assert all("fix:" in line or code == "SK701" for line in re.findall(r"= .*: .*", rendered))
