"""What templates say to the Serverless transform."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.api import scan
from tests.rules.support import judge

HEAD = "Transform: AWS::Serverless-2016-10-31\n"
ORDERS = "Resources:\n  Orders:\n    Type: AWS::Serverless::Function\n    Properties: {Handler: app.handler}\n"
PLAIN = "Resources:\n  Work:\n    Type: AWS::SQS::Queue\n"


@pytest.mark.parametrize(
    "text",
    [
        ORDERS,
        "Globals: {Function: {Timeout: 5}}\n" + PLAIN,
        PLAIN + "    Connectors: {A: {Properties: {Destination: {Id: B}, Permissions: [Read]}}}\n",
        PLAIN + "    IgnoreGlobals: '*'\n",
        "Transform: AWS::LanguageExtensions\n" + ORDERS,
    ],
)
def test_a_template_without_its_transform_is_told_once(text: str) -> None:
    assert len(judge("SK806", text).fails) == 1
    assert not judge("SK806", HEAD + text.replace("Transform: AWS::LanguageExtensions\n", "")).findings


def test_all_its_functions_fail() -> None:
    text = ORDERS + "  Other: {Type: AWS::Serverless::Function}\n  Plain: {Type: AWS::Lambda::Function}\n"
    verdict = judge("SK806", text)
    assert len(verdict.fails) == 1
    assert verdict.by_function == {"Orders": "fail", "Other": "fail", "Plain": "pass"}


def test_a_list_of_transforms_is_one() -> None:
    assert not judge("SK806", "Transform: [AWS::LanguageExtensions, AWS::Serverless-2016-10-31]\n" + ORDERS).findings


def test_a_macro_may_apply_it() -> None:
    verdict = judge("SK806", "Transform: Mine\n" + ORDERS)
    assert [f.verdict for f in verdict.findings] == ["unsure"]


def test_a_template_of_cloudformations_needs_none() -> None:
    assert not judge("SK806", PLAIN).findings


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Globals: {Funktion: {Timeout: 5}}\n" + ORDERS, "Globals.Funktion"),
        ("Globals: {Function: {Timout: 5}}\n" + ORDERS, "Globals.Function.Timout"),
        ("Globals: {Function: {Role: a}}\n" + ORDERS, "Globals.Function.Role"),
        ("Globals: {Function: [a]}\n" + ORDERS, "Globals.Function"),
        (ORDERS + "    Timeout: 5\n", "Orders.Timeout"),
        ("Globals: {Function: {Timeout: 5}}\n" + ORDERS + "    IgnoreGlobals: [Tags]\n", "Orders.IgnoreGlobals.Tags"),
        ("Globals: {Function: {Timeout: 5}}\n" + ORDERS + "    IgnoreGlobals: all\n", "Orders.IgnoreGlobals"),
    ],
)
def test_a_setting_that_there_is_not_is_told(text: str, address: str) -> None:
    verdict = judge("SK807", HEAD + text)
    assert [f.subject.address for f in verdict.fails] == [address]
    assert verdict.by_function == {"Orders": "fail"}


@pytest.mark.parametrize(
    "text",
    [
        "Globals: {Function: {Timeout: 5, Environment: {Variables: {A: b}}}, Api: {Cors: '*'}}\n" + ORDERS,
        "Globals: {Function: {Timeout: 5}}\n" + ORDERS + "    IgnoreGlobals: [Timeout]\n",
        ORDERS + "    IgnoreGlobals: [Timeout]\n",
        ORDERS
        + "    DependsOn: Work\n    Metadata: {A: b}\n    DeletionPolicy: Retain\n  Work: {Type: AWS::SQS::Queue}\n",
    ],
)
def test_settings_of_sams_are_fine(text: str) -> None:
    verdict = judge("SK807", HEAD + text)
    assert not verdict.findings
    assert verdict.by_function == {"Orders": "pass"}


def test_where_it_belongs_is_said() -> None:
    assert judge("SK807", HEAD + ORDERS + "    Timeout: 5\n").fails[0].help == "write it into `Properties`"
    assert judge("SK807", HEAD + ORDERS + "    DependOn: A\n").fails[0].help == "is `DependsOn` meant?"


def test_it_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(HEAD + "Globals: {Function: {Timout: 5}, Nothing: {A: b}}\n" + ORDERS)
    assert not scan(tmp_path, select=["SK807"]).gaps
    assert len(scan(tmp_path, select=["SK806"]).gaps) == 2
