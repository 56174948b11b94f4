"""What is said of settings comes from their types, and holds: every default is itself a setting that is accepted."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec import Struct

from stockade import api
from stockade.cli.scan import command
from stockade.config.describe import described, options_of, schema
from stockade.config.read import read_configuration
from stockade.config.settings import PerPath, Settings, Suppress

ROOT = Path(__file__).parents[2]


def test_everything_is_described() -> None:
    kinds: list[type[Struct]] = [Settings, PerPath, Suppress]
    for kind in kinds + [rule.options for rule in api.rules() if rule.options is not None]:
        for row in described(kind):
            assert row.means, (kind, row.name)
            assert row.takes, (kind, row.name)


def test_defaults_are_settings(tmp_path: Path) -> None:
    lines = [f"{row.name} = {row.default}\n" for row in described(Settings) if row.default]
    (tmp_path / "stockade.toml").write_text("".join(lines))
    assert read_configuration(tmp_path, environment={}).settings == Settings()


def test_every_setting_is_an_option_of_a_scan_or_has_its_own_page() -> None:
    options = {word.removeprefix("--") for option in command.params for word in option.opts}
    tables = {"exclude", "rules", "per-path", "suppress"}
    assert {row.name for row in described(Settings)} - options == tables


def test_rules_that_take_options_read_them() -> None:
    for rule in api.rules():
        if rule.options is not None:
            source = (ROOT / "src" / (rule.module.replace(".", "/") + ".py")).read_text(encoding="utf-8")
            assert "ctx.options_of(Options)" in source, rule.code
            for row in options_of(rule)[1:]:
                assert f"options.{row.name.replace('-', '_')}" in source or f"(Options).{row.name}" in source, row.name


def documented() -> dict[str, Any]:
    """The example of the documentation."""
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    found = re.search(r"```toml\n(.*?)```", text, re.DOTALL)
    assert found is not None
    return tomllib.loads(found[1])


@pytest.mark.parametrize(
    ("change", "fine"),
    [
        ({}, True),
        ({"persona": "pedantic", "cache": False}, True),
        ({"rules": {"SK119": {"factor": 3}, "exposure": {"severity": "low"}}}, True),
        ({"persna": "pedantic"}, False),
        ({"show": "x"}, False),
        ({"rules": {"SK119": {"factr": 3}}}, False),
        ({"rules": {"SK119": {"factor": 0}}}, False),
        ({"suppress": [{"reason": "x"}]}, False),
        ({"per-path": [{"path": "x", "ignor": []}]}, False),
    ],
)
def test_the_schema_says_the_same_as_the_reader(tmp_path: Path, change: dict[str, Any], *, fine: bool) -> None:
    made = json.loads(json.dumps(schema(api.rules())))
    jsonschema.Draft202012Validator.check_schema(made)
    data = json.loads(json.dumps({**documented(), **change}, default=str))
    errors = list(jsonschema.Draft202012Validator(made).iter_errors(data))
    assert bool(errors) != fine, errors


def test_the_example_of_the_documentation_is_read(tmp_path: Path) -> None:
    text = (
        (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    )
    (tmp_path / "stockade.toml").write_text(text)
    (tmp_path / "template.yaml").write_text("Resources: {F: {Type: AWS::Lambda::Function}}")
    settings, tailoring = api.configured(tmp_path)
    assert settings.settings.suppress[0].owner == "payments"
    assert len(tailoring.options) == 2
