"""What is configured about rules and paths changes what a scan reports, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import Result
from stockade.errors import ConfigError
from tests.support import TODAY, fails

URL = """\
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
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: !Sub "/aws/lambda/${Webhook}", RetentionInDays: 30}
  Queue: {Type: AWS::SQS::Queue, Properties: {VisibilityTimeout: 9}}
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Timeout: 3
      Events: {Q: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}}
  Foreign:
    Type: AWS::Lambda::Permission
    Properties: {Action: "lambda:InvokeFunction", FunctionName: !Ref Reader, Principal: "210987654321"}
"""


def scan(root: Path, config: str, *, part: str = "", select: tuple[str, ...] = ()) -> Result:
    for folder in ("live", "legacy/old"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / "template.yaml").write_text(URL)
    (root / "stockade.toml").write_text(config)
    (root / ".git").mkdir(exist_ok=True)
    path = root / part
    settings, tailoring = api.configured(path)
    return api.scan(path, select=select or settings.settings.select, tailoring=tailoring, today=TODAY)


def paths(result: Result, code: str) -> list[str]:
    return [f.span.doc.path for f in fails(result, code) if f.span is not None]


def test_options_of_rules(tmp_path: Path) -> None:
    assert not fails(scan(tmp_path, ""), "SK706")
    result = scan(
        tmp_path,
        "[rules.log-group-without-retention]\nat-least = 90\ndays = 30\n"
        "[rules.SK119]\nfactor = 3\n[rules.foreign-account-permission]\naccounts = ['210987654321']\n",
    )
    found = fails(result, "SK706")
    assert "are kept for 30 days, and shall be for 90" in found[0].message
    assert found[0].fixes[0].title == "keep logs for 90 days"
    assert fails(scan(tmp_path, ""), "SK119")
    assert not fails(result, "SK119")
    assert fails(scan(tmp_path, ""), "SK105")
    assert not fails(result, "SK105")
    assert fails(scan(tmp_path, "[rules.foreign-account-permission]\naccounts = ['111111111111']\n"), "SK105")


def test_severities_of_rules_and_paths(tmp_path: Path) -> None:
    result = scan(
        tmp_path,
        "[rules.public-function-url]\nseverity = 'info'\n"
        "[[per-path]]\npath = 'legacy/'\nseverity = { SK101 = 'medium' }\n",
    )
    found = {f.span.doc.path: f.severity for f in fails(result, "SK101") if f.span is not None}
    assert found == {"live/template.yaml": "info", "legacy/old/template.yaml": "medium"}


def test_rules_by_path_are_suppressed_and_say_by_what(tmp_path: Path) -> None:
    config = (
        "[[per-path]]\npath = 'legacy/**'\nignore = ['exposure']\n[[per-path]]\npath = 'live'\nselect = ['SK101']\n"
    )
    result = scan(tmp_path, config)
    assert paths(result, "SK101") == ["live/template.yaml"]
    assert {f.rule.code for f in result.visible if f.span is not None and f.span.doc.path.startswith("live")} == {
        "SK101"
    }
    said = next(f.suppressed for f in result.findings if f.suppressed is not None)
    assert said.source == "per-path"
    assert said.span.doc.path == "stockade.toml"
    # From inside of a folder, patterns mean the same.
    assert not paths(scan(tmp_path, config, part="legacy"), "SK101")


def test_what_is_excluded_is_not_looked_for(tmp_path: Path) -> None:
    assert paths(scan(tmp_path, "exclude = ['legacy/']"), "SK101") == ["live/template.yaml"]
    assert paths(scan(tmp_path, "exclude = ['legacy/']", part="legacy"), "SK101") == ["old/template.yaml"]
    assert paths(scan(tmp_path, "exclude = ['*.yaml', '!live/*.yaml']"), "SK101") == ["live/template.yaml"]


def test_suppressions_are_audited_like_ignores(tmp_path: Path) -> None:
    result = scan(
        tmp_path,
        "[[suppress]]\nrule = 'SK101'\npath = 'legacy'\nreason = 'gone soon'\nowner = 'ops'\nuntil = 2099-01-01\n"
        "[[suppress]]\nrule = 'SK101'\nfunction = 'Web*'\npath = 'live'\nuntil = 2020-01-01\n"
        "[[suppress]]\nrule = 'SK501'\nreason = 'x'\n",
    )
    assert paths(result, "SK101") == ["live/template.yaml"]
    said = next(f.suppressed for f in result.findings if f.suppressed is not None)
    assert (said.source, said.reason, said.owner, said.until) == ("config", "gone soon", "ops", "2099-01-01")
    for code, line in (("SK901", 12), ("SK902", 7), ("SK903", 7)):
        assert [f.span.line for f in fails(result, code) if f.span is not None] == [line], code
    # Of a part of the project, it can't be told what is not needed.
    assert not fails(scan(tmp_path, "[[suppress]]\nrule = 'SK501'\nreason = 'x'\n", part="live"), "SK901")


def test_a_function_is_only_meant_where_its_address_fits(tmp_path: Path) -> None:
    result = scan(tmp_path, "[[suppress]]\nrule = 'SK101'\nfunction = 'Reader'\nreason = 'x'\n")
    assert len(fails(result, "SK101")) == 2
    assert fails(result, "SK901")


@pytest.mark.parametrize(
    ("config", "message", "hint"),
    [
        (
            "[rules.public-function-ulr]\nseverity = 'low'",
            "1:2: no rule is called `public-function-ulr`",
            "public-function-url",
        ),
        ("[rules.SK101]\nseverity = 'hgh'", "1:2: `severity` of `SK101` can't be `hgh`", "did you mean `high`?"),
        ("[rules.SK101]\nfactr = 2", "1:2: `SK101` has no option `factr`", "there are severity"),
        ("[rules.SK119]\nfactr = 2", "1:2: `SK119` has no option `factr`", "did you mean `factor`?"),
        ("[rules.SK119]\nfactor = 0", "`factor` of `SK119`: expected `int` >= 1", ""),
        ("[rules.SK511]\naccounts = ['12']", "`accounts[0]` of `SK511`: expected `str` matching regex", ""),
        ("[rules.exposure]\nfactor = 2", "`exposure` has no option `factor`", "severity"),
        ("\nignore = ['SK1', 'SKX']", "2:1: no rule is called `SKX`", ""),
        ("[[per-path]]\npath = 'a'\nignore = ['nope-nope']", "1:3: no rule is called `nope-nope`", ""),
        ("[[suppress]]\nrule = 'SK101, SK1O2'", "1:3: no rule is called `SK1O2`", "did you mean"),
    ],
)
def test_what_names_no_rule_is_told_with_its_place(tmp_path: Path, config: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        scan(tmp_path, config)
    assert message in caught.value.message
    assert hint in caught.value.hint
