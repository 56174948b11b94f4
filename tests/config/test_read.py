"""Configuration is found, layered and checked, and every mistake in it is told with its place."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from stockade.config.read import Configuration, read_configuration
from stockade.errors import ConfigError


def read(root: Path, text: str, name: str = "stockade.toml", **environment: str) -> Configuration:
    (root / name).write_text(text, encoding="utf-8")
    return read_configuration(root, environment=environment)


def test_what_is_nearest_counts_up_to_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repo" / "service" / "infra"
    inner.mkdir(parents=True)
    (tmp_path / "stockade.toml").write_text("persona = 'auditor'")  # outside of the repository
    (tmp_path / "repo" / ".git").mkdir()
    assert read_configuration(inner, environment={}).folder is None
    (tmp_path / "repo" / "pyproject.toml").write_text("[tool.other]\nx = 1\n[tool.stockade]\nstrict = true\n")
    found = read_configuration(inner, environment={})
    assert found.settings.strict
    assert found.folder == tmp_path / "repo"
    assert str(found.origin("strict")).endswith("pyproject.toml:4")
    (tmp_path / "repo" / "service" / "stockade.toml").write_text("show = 'low'")
    found = read_configuration(inner / "template.yaml", environment={})
    assert (found.settings.show, found.settings.strict) == ("low", False)


def test_the_later_layer_wins_and_tables_are_joined(tmp_path: Path) -> None:
    own = tmp_path / "home" / "stockade" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text(
        "persona = 'pedantic'\nshow = 'low'\nignore = ['SK1']\n[parameters]\nA = '1'\nB = '1'\n"
        "[[suppress]]\nrule = 'SK101'\nreason = 'mine'\n"
    )
    text = "show = 'high'\nignore = ['SK2']\n[parameters]\nB = '2'\n[[suppress]]\nrule = 'SK102'\nuntil = 2027-03-01\n"
    found = read(
        tmp_path, text, XDG_CONFIG_HOME=str(tmp_path / "home"), STOCKADE_FAIL_ON="never", STOCKADE_SELECT="a, b"
    )
    settings = found.settings
    assert (settings.persona, settings.show, settings.fail_on) == ("pedantic", "high", "never")
    assert settings.ignore == ("SK2",)
    assert settings.select == ("a", "b")
    assert settings.parameters == {"A": "1", "B": "2"}
    assert [s.rule for s in settings.suppress] == ["SK101", "SK102"]
    assert settings.suppress[1].until == datetime.date(2027, 3, 1)
    assert str(found.origin("persona")) == f"{own}:1"
    assert str(found.origin("parameters.A")).startswith(str(own))
    assert str(found.origin("parameters.B")).endswith("stockade.toml:4")
    assert str(found.origin("suppress[1]")).endswith("stockade.toml:5")
    assert str(found.origin("fail-on")) == "environment variable STOCKADE_FAIL_ON"
    assert str(found.origin("strict")) == "default"
    assert str(found.files[0]) == str(own)


def test_files_are_named_from_the_configuration_on(tmp_path: Path) -> None:
    found = read(tmp_path, "baseline = 'known.json'\nvar-file = ['a.tfvars']\n")
    assert found.settings.baseline == str(tmp_path / "known.json")
    assert found.settings.var_file == (str(tmp_path / "a.tfvars"),)


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("# a\npersna = 'regular'", "2:1", "there is no setting `persna`", "did you mean `persona`?"),
        ("zzz = 1", "1:1", "there is no setting `zzz`", "there are persona, show"),
        ("  persona = 'regulr'", "1:3", "`persona`: `regulr` can't be", "did you mean `regular`?"),
        ("show = 'x'", "1:1", "`show`: `x` can't be", "use one of critical"),
        ("show = 1", "1:1", "`show`: expected `str`, got `int`", ""),
        ("select = 'SK1'", "1:1", "`select`: expected `array`, got `str`", ""),
        ("select = [\n  'a',\n  1,\n]", "3:3", "`select[1]`: expected `str`, got `int`", ""),
        ("[[per-path]]\npath = 'a'\nignor = []", "3:1", "there is no key of `per-path` `ignor`", "`ignore`"),
        ("[[per-path]]\npath = 'a'\nseverity = { SK101 = 'hih' }", "3:1", "`hih` can't be", "did you mean `high`?"),
        ("[[suppress]]\nreason = 'a'", "1:3", "`suppress[0]`: object missing required field `rule`", ""),
        ("[[suppress]]\nrule = 'a'\nuntil = 'soon'", "3:1", "`suppress[0].until`", ""),
        ("[parameters]\nA = 1", "1:2", "`parameters`: expected `str`, got `int`", ""),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, place: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert f"stockade.toml:{place}: " in caught.value.message
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.hint


@pytest.mark.parametrize("text", ["a =", "[" * 3000, "a = 1\na = 2", '"\\ud800" = 1'])
def test_what_is_no_toml_is_an_error_with_a_hint(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigError, match="is not TOML"):
        read(tmp_path, text)


def test_a_file_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        read_configuration(tmp_path, file=tmp_path / "none.toml", environment={})


def test_an_odd_value_of_the_environment_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="environment variable STOCKADE_SHOW: invalid enum value 'x'"):
        read_configuration(tmp_path, environment={"STOCKADE_SHOW": "x"})
    assert read_configuration(tmp_path, environment={"STOCKADE_STRICT": "true"}).settings.strict
    assert read_configuration(tmp_path, environment={"STOCKADE_CACHE": "/somewhere"}).settings.cache
