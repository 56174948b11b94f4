# ruff: noqa: E501 - templates are easier to read on one line
"""Parameters from files."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.errors import UsageError
from stockade.inputs.cloudformation.given import overrides, read_parameter_file, read_samconfig
from stockade.inputs.load import load

TEMPLATE = """\
Parameters: {Stage: {Type: String, Default: dev}}
Resources:
  F:
    Type: AWS::Lambda::Function
    Properties: {Handler: !Ref Stage}
"""

FORMS = {
    "list.json": '[{"ParameterKey": "Stage", "ParameterValue": "prod"}, {"ParameterKey": "Old", "UsePreviousValue": true}]',
    "mapping.json": '{"Stage": "prod", "Count": 3, "Flag": true, "Ids": ["a", "b"]}',
    "pipeline.json": '{"Parameters": {"Stage": "prod"}, "Tags": {"a": "b"}}',
    "pairs.json": '["Stage=prod", "Other=a b"]',
    "mapping.yaml": "Stage: prod\n",
}


@pytest.mark.parametrize("name", FORMS)
def test_forms_of_parameter_files(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(FORMS[name])
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    app = load(tmp_path / "template.yaml", parameter_files=[tmp_path / name])
    assert app.functions[0].handler.show() == "prod"
    assert app.functions[0].handler.origin.via[0].what == f"parameter Stage from {name}"
    assert (
        load(tmp_path / "template.yaml", {"Stage": "x"}, parameter_files=[tmp_path / name]).functions[0].handler.show()
        == "x"
    )


def test_values_become_text(tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_text(FORMS["mapping.json"])
    found = {name: given.value for name, given in read_parameter_file(path).items()}
    assert found == {"Stage": "prod", "Count": "3", "Flag": "true", "Ids": "a,b"}


@pytest.mark.parametrize("text", ["", "3", '[{"Name": "x"}]', '{"a": {"b": {}}}', "{"])
def test_no_parameter_file(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.json"
    path.write_text(text)
    with pytest.raises(UsageError) as raised:
        read_parameter_file(path)
    assert "ParameterKey" in raised.value.hint


def test_samconfig_is_read_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "samconfig.toml").write_text(
        'version = 0.1\n[default.deploy.parameters]\nparameter_overrides = "Stage=prod Name=\\"a b\\""\n'
        "[beta.global.parameters]\nregion = 'eu-west-1'\n[beta.deploy.parameters]\nparameter_overrides = ['Stage=beta=1', 'Name=a b']\n"
    )
    assert load(tmp_path).functions[0].handler.show() == "dev"
    assert load(tmp_path, config_env="default").functions[0].handler.show() == "prod"
    assert load(tmp_path, config_env="beta").functions[0].handler.show() == "beta=1"
    assert load(tmp_path, {"Stage": "x"}, config_env="beta").functions[0].handler.show() == "x"
    assert {n: g.value for n, g in read_samconfig(tmp_path / "samconfig.toml", "beta").items()} == {
        "Stage": "beta=1",
        "Name": "a b",
        "AWS::Region": "eu-west-1",
    }
    with pytest.raises(UsageError, match="no environment `prod`") as raised:
        load(tmp_path, config_env="prod")
    assert raised.value.hint == "it has: beta, default"


def test_no_samconfig(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    with pytest.raises(UsageError, match=r"no samconfig\.toml"):
        load(tmp_path, config_env="default")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A=1 B=2", {"A": "1", "B": "2"}),
        ("A=\"x y\" B='z'", {"A": "x y", "B": "z"}),
        ('ParameterKey=A,ParameterValue=x ParameterKey=B,ParameterValue="y z"', {"A": "x", "B": "y z"}),
        ("A= B=2", {"A": "", "B": "2"}),
        ('A="say \\"hi\\""', {"A": 'say "hi"'}),
        ("A=x=y", {"A": "x=y"}),
        ("", {}),
    ],
)
def test_overrides(text: str, found: dict[str, str]) -> None:
    assert overrides(text) == found
