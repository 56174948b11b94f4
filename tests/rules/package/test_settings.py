"""What a team approves, and timeouts that Lambda does not allow: SK526, SK527, SK510."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.run import run_rules
from stockade.rules._base import Context
from stockade.rules.package.sk526_unapproved_setting import Options
from tests.cli.test_cli import run
from tests.rules.support import TODAY, app_of, judge, rule_of

SAM = "Transform: AWS::Serverless-2016-10-31\nParameters: {R: {Type: String}}\nResources:\n"


def function(properties: str) -> str:
    return f"  F:\n    Type: AWS::Serverless::Function\n    Properties: {{Handler: a.b, CodeUri: src/, {properties}}}\n"


def said(properties: str, options: Options, more: str = "") -> list[tuple[str, str]]:
    app = app_of(SAM + function(properties) + more)
    findings, rows, _ = run_rules(app, [rule_of("SK526")], Context(today=TODAY, options={Options: options}))
    assert {row.verdict for row in rows} <= {"fail", "unknown", "pass", "not_applicable"}
    return [(f.evidence, f.verdict) for f in findings]


RUNTIMES = Options(runtimes=("python3.13",))
ROLES = Options(roles=("shop-*", "arn:aws:iam::111122223333:role/ci/deploy"))


class TestApproved:
    @pytest.mark.parametrize(
        ("properties", "options", "expected"),
        [
            ("Runtime: nodejs8.10, Timeout: 900", Options(), []),
            ("Runtime: python3.13", RUNTIMES, []),
            ("Runtime: python3.12", RUNTIMES, [("runtime", "fail")]),
            ("Runtime: !Ref R", RUNTIMES, [("runtime", "unsure")]),
            ("PackageType: Image, ImageUri: a", RUNTIMES, []),
            ("Runtime: python3.13, Timeout: 61", Options(timeout=60), [("timeout", "fail")]),
            ("Runtime: python3.13", Options(timeout=60, memory=128), []),
            ("Runtime: python3.13, MemorySize: 129", Options(memory=128), [("memory", "fail")]),
            ("Runtime: a, Role: arn:aws:iam::111122223333:role/shop-orders", ROLES, []),
            ("Runtime: a, Role: arn:aws:iam::111122223333:role/path/shop-orders", ROLES, []),
            ("Runtime: a, Role: arn:aws:iam::111122223333:role/ci/deploy", ROLES, []),
            ("Runtime: a, Role: arn:aws:iam::444455556666:role/ci/deploy", ROLES, [("role", "fail")]),
            ("Runtime: a, Role: arn:aws:iam::111122223333:role/workshop-a", ROLES, [("role", "fail")]),
            ("Runtime: a, Role: !Sub 'arn:aws:iam::${AWS::AccountId}:role/shop-a'", ROLES, []),
            ("Runtime: a, Role: !Ref R", ROLES, [("role", "unsure")]),
            ("Runtime: a", ROLES, [("role", "unsure")]),  # the role that SAM makes is named when it is deployed
            ("Runtime: a", Options(roles=("FRole",)), []),
        ],
    )
    def test_settings(self, properties: str, options: Options, expected: list[tuple[str, str]]) -> None:
        assert said(properties, options) == expected

    def test_a_role_of_the_same_code_goes_by_its_name(self) -> None:
        role = "  Own: {Type: AWS::IAM::Role, Properties: {RoleName: %s, AssumeRolePolicyDocument: {Statement: []}}}\n"
        assert not said("Runtime: a, Role: !GetAtt Own.Arn", ROLES, role % "shop-a")
        assert said("Runtime: a, Role: !GetAtt Own.Arn", ROLES, role % "other") == [("role", "fail")]
        assert not said("Runtime: a, Role: !GetAtt Own.Arn", Options(roles=("O*n",)), role % "other")

    def test_nothing_is_said_without_options(self) -> None:
        found = judge("SK527", SAM + function("Runtime: a"))
        assert found.by_function == {"F": "pass"}
        app = app_of(SAM + function("Runtime: nodejs8.10"))
        _, rows, _ = run_rules(app, [rule_of("SK526")], Context(today=TODAY))
        assert [row.verdict for row in rows] == ["not_applicable"]

    def test_the_configuration_says_what_is_approved(self, tmp_path: Path) -> None:
        (tmp_path / "template.yaml").write_text(SAM + function("Runtime: nodejs22.x"))
        (tmp_path / "stockade.toml").write_text('[rules.unapproved-setting]\nruntimes = ["python3.13"]\n')
        done = run("scan", "--select", "SK526", "--fail-on", "low", cwd=tmp_path)
        assert done.returncode == 1, done.stderr
        assert "`F` runs on nodejs22.x, which is not approved" in done.stdout


class TestTimeouts:
    PROVIDER = "CapacityProviderConfig: {Arn: 'arn:aws:lambda:eu-west-1:111122223333:capacity-provider:a'}"

    @pytest.mark.parametrize(
        ("seconds", "provider", "verdict"),
        [
            (900, False, "pass"),
            (901, False, "fail"),
            (901, True, "pass"),
            (5400, True, "pass"),
            (5401, True, "fail"),
            ("!Ref R", False, "unknown"),
        ],
    )
    def test_limits(self, seconds: object, provider: bool, verdict: str) -> None:  # noqa: FBT001 - a case
        more = f", {self.PROVIDER}" if provider else ""
        found = judge("SK527", SAM + function(f"Runtime: python3.13, Timeout: {seconds}{more}"))
        assert found.by_function == {"F": verdict}

    def test_the_longest_is_longer_on_instances(self) -> None:
        found = judge("SK510", SAM + function(f"Runtime: python3.13, Timeout: 900, {self.PROVIDER}"))
        assert found.by_function == {"F": "pass"}


def test_rules_for_auditors_fail_a_scan_only_for_them(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  Q: {Type: AWS::SQS::Queue, Properties: {QueueName: a}}\n")
    options = ("--select", "fixed-resource-name", "--fail-on", "info")
    assert run("scan", *options, cwd=tmp_path).returncode == 0
    assert run("scan", *options, "--persona", "pedantic", cwd=tmp_path).returncode == 0
    assert run("scan", *options, "--persona", "auditor", cwd=tmp_path).returncode == 1
    assert all(rule.severity == "info" for rule in api.rules() if rule.persona == "auditor")
