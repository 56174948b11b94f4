"""Beginning to use it: a first configuration, a step for the CI, and completion in shells."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from stockade.cli.init import _GITHUB, _GITLAB
from stockade.config.read import read_configuration
from stockade.config.settings import Settings
from tests.cli.test_cli import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"


def uncommented(text: str) -> str:
    """The configuration with all that it proposes."""
    lines = [line.removeprefix("# ") for line in text.splitlines()]
    return "\n".join(line for line in lines if line.startswith("[") or " = " in line)


def test_it_says_what_it_found_and_what_it_says_is_valid(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    done = run("init", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "stockade.toml").read_text()
    assert "11 functions: AWS SAM and CloudFormation templates" in text
    assert "default, staging and prod" in text
    assert read_configuration(tmp_path, environment={}).settings == Settings()
    assert run("scan", cwd=tmp_path).stdout == run("scan", "--no-config", cwd=tmp_path).stdout
    (tmp_path / "stockade.toml").write_text(uncommented(text))
    found = read_configuration(tmp_path, environment={}).settings
    assert found.config_env == "default"
    assert found.suppress


def test_parameters_that_would_decide_something_are_named(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nParameters: {Auth: {Type: String}}\nResources:\n  F:\n"
        "    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.13\n      Handler: a.b\n"
        "      CodeUri: s/\n      FunctionUrlConfig: {AuthType: !Ref Auth}\n"
    )
    text = run("init", "--dry-run", cwd=tmp_path).stdout
    assert "[parameters]\n# Auth = " in text
    assert not (tmp_path / "stockade.toml").exists()


def test_nothing_is_overwritten_unless_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "stockade.toml").write_text("show = 'high'\n")
    done = run("init", cwd=tmp_path)
    assert done.returncode == 2
    assert "already" in done.stderr
    assert (tmp_path / "stockade.toml").read_text() == "show = 'high'\n"
    assert run("init", "--dry-run", cwd=tmp_path).returncode == 0
    assert (tmp_path / "stockade.toml").read_text() == "show = 'high'\n"
    assert run("init", "--force", cwd=tmp_path).returncode == 0
    assert 'persona = "regular"' in (tmp_path / "stockade.toml").read_text()


@pytest.mark.parametrize(
    ("file", "text", "expected"),
    [
        (".github/workflows/a.yml", "", "actions/checkout"),
        (".gitlab-ci.yml", "", "merge_request_event"),
        (".git/config", "[remote]\nurl = git@github.com:a/b.git", "actions/checkout"),
        (".git/config", "[remote]\nurl = https://gitlab.example.com/a/b.git", "merge_request_event"),
        (".git/config", "", "--since origin/main"),
    ],
)
def test_the_step_is_that_of_the_host(tmp_path: Path, file: str, text: str, expected: str) -> None:
    (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / file).write_text(text)
    (tmp_path / "service").mkdir()
    assert expected in run("init", "service", "--dry-run", cwd=tmp_path).stderr


def test_the_steps_are_what_the_hosts_take() -> None:
    """And put no text of others into a shell: names of branches come from the environment, between quotes."""
    assert yaml.safe_load(_GITHUB)["jobs"]["scan"]["steps"]
    assert yaml.safe_load(_GITLAB)["stockade"]["script"]
    assert "${{" not in _GITHUB


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_take_the_completion(tmp_path: Path, shell: str) -> None:
    done = run("completion", shell, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "_STOCKADE_COMPLETE" in done.stdout
    program = shutil.which(shell)
    if program is not None:
        check = subprocess.run([program, "-n"], input=done.stdout, capture_output=True, text=True, check=False)
        assert check.returncode == 0, check.stderr


def test_completion_completes(tmp_path: Path) -> None:
    for words, expected in (
        ("stockade base", "baseline"),
        ("stockade scan --wat", "--watch"),
        ("stockade scan --show h", "high"),
    ):
        count = str(words.count(" "))
        env = {"_STOCKADE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
        assert f"plain,{expected}" in run(cwd=tmp_path, env=env).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("scna",), "did you mean `scan`?"),
        (("scan", "--formt", "x"), "--format"),
        (("scan", "--show", "hgh"), "did you mean `high`?"),
        (("scan", "-f", "jsno"), "did you mean `json`?"),
        (("scan", "--persona", "audtor"), "did you mean `auditor`?"),
        (("scan", "--select", "public-function-ulr"), "did you mean `public-function-url`?"),
        (("explain", "public-function-ulr"), "did you mean `public-function-url`?"),
        (("rules", "exposre"), "did you mean `exposure`?"),
        (("baseline", "wriet"), "write"),
        (("completion", "bsh"), "did you mean `bash`?"),
        (("policy", "validate", "--show", "errr", "x"), "did you mean"),
        (("scan", "--config", "nope.toml"), "nope.toml"),
        (("scan", "nothing-here"), "there is no file or folder"),
        (("scan",), "looked for"),
    ],
)
def test_no_mistake_is_a_dead_end(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode in {2, 3}
    assert said in done.stderr
    assert "Traceback" not in done.stderr
