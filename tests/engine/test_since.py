"""What a change introduces, asked of real repositories."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from stockade import api
from stockade.engine.findings import Result
from stockade.errors import UsageError
from tests.cli.test_cli import run
from tests.engine.test_baseline import FUNCTION, HEAD, template
from tests.support import TODAY


def git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def commit(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_tf", ".tf").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(root, "add", "-A")
    git(root, "commit", "-qm", "one")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, app__template_yaml=template(A="NONE", B="AWS_IAM"), app__other_yaml=template(A="NONE"))
    return tmp_path


def new(root: Path, since: str = "HEAD", *, persona: str = "pedantic") -> set[tuple[str, str]]:
    return told(scan(root, since, persona=persona))


def told(result: Result) -> set[tuple[str, str]]:
    return {(f.rule.code, f.subject.address) for f in result.visible}


def scan(root: Path, since: str = "HEAD", *, persona: str = "pedantic") -> Result:
    return api.scan(root, since=since, today=TODAY, persona=persona, gathered=False)


def test_nothing_is_new_where_nothing_changed(repository: Path) -> None:
    result = scan(repository)
    assert not result.visible
    assert result.since is not None
    assert result.since.there == len(api.scan(repository, today=TODAY, persona="pedantic").visible)
    assert result.since.commit == git(repository, "rev-parse", "HEAD")[:12]


def test_a_file_that_moved_brings_nothing(repository: Path) -> None:
    git(repository, "mv", "app", "infra")
    assert not new(repository)
    (repository / "infra" / "template.yaml").rename(repository / "infra" / "stack.yaml")  # git does not know of it
    assert not new(repository)


def test_a_file_that_moved_and_changed_brings_what_changed(repository: Path) -> None:
    (repository / "infra").mkdir()
    (repository / "app" / "template.yaml").rename(repository / "infra" / "stack.yaml")
    (repository / "infra" / "stack.yaml").write_text(template(A="NONE", B="NONE"))
    assert ("SK101", "BUrl") in new(repository)
    assert {address[0] for _, address in new(repository)} == {"B"}


def test_reformatted_and_reordered_code_brings_nothing(repository: Path) -> None:
    text = "# c\n" + template(B="AWS_IAM", A="NONE").replace("Runtime: python3.13", 'Runtime:\n        "python3.13"')
    (repository / "app" / "template.yaml").write_text(text)
    assert not new(repository)


def test_a_function_with_another_name_brings_nothing(repository: Path) -> None:
    (repository / "app" / "template.yaml").write_text(template(Renamed="NONE", B="AWS_IAM"))
    assert not new(repository)
    (repository / "app" / "template.yaml").write_text(template(A="NONE", Renamed="NONE"))  # and is opened
    assert new(repository) >= {("SK101", "RenamedUrl")}
    assert ("SK501", "Renamed") not in new(repository)
    assert not {address for _, address in new(repository) if not address.startswith("Renamed")}


def test_one_more_of_the_same_is_new(repository: Path) -> None:
    commit(repository, app__third_yaml=template(A="NONE"))
    assert ("SK101", "AUrl") in new(repository, "HEAD~1")
    assert scan(repository, "HEAD~1").visible[0].span.doc.path == "app/third.yaml"  # type: ignore[union-attr]


def test_files_that_git_does_not_know_count(repository: Path) -> None:
    (repository / "app" / "untracked.yaml").write_text(HEAD + FUNCTION.format(name="C", auth="NONE"))
    assert ("SK101", "CUrl") in new(repository)


def test_what_is_worse_than_before_is_new(repository: Path) -> None:
    text = template(A="NONE", B="AWS_IAM").replace("AuthType: NONE", "AuthType: AWS_IAM, Cors: {AllowOrigins: ['*']}")
    commit(repository, app__template_yaml=text)
    assert not new(repository)
    assert "SK109" not in {code for code, _ in told(api.scan(repository, today=TODAY))}  # it is for pedantic people
    opened = text.replace("AuthType: AWS_IAM, Cors", "AuthType: NONE, Cors")
    (repository / "app" / "template.yaml").write_text(opened)
    assert ("SK109", "AUrl") in new(repository, persona="regular")


def test_an_ignore_that_is_taken_away_brings_back_what_it_hid(repository: Path) -> None:
    hidden = template(A="NONE").replace("{AuthType: NONE}", '{AuthType: NONE} # stockade: ignore[SK101] reason="x"')
    commit(repository, app__other_yaml=hidden)
    (repository / "app" / "other.yaml").write_text(template(A="NONE"))
    assert new(repository) == {("SK101", "AUrl")}


MODULE = """\
variable "auth" { default = "AWS_IAM" }
resource "aws_lambda_function" "this" {
  function_name = "hook"
  role          = "arn:aws:iam::111122223333:role/hook"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "hook.zip"
}
resource "aws_lambda_function_url" "this" {
  function_name      = aws_lambda_function.this.function_name
  authorization_type = var.auth
}
"""
CALLS = 'module "one" {\n  source = "./hook"\n}\nmodule "two" {\n  source = "./hook"\n  auth = "AWS_IAM"\n}\n'


def test_a_shared_module_opens_the_function_of_another_file(repository: Path) -> None:
    commit(repository, live__main_tf=CALLS, live__hook__main_tf=MODULE)
    (repository / "live" / "hook" / "main.tf").write_text(MODULE.replace('"AWS_IAM"', '"NONE"'))
    found = new(repository)
    assert ("SK101", "module.one.aws_lambda_function_url.this") in found
    assert not {address for _, address in found if address.startswith("module.two")}


def test_one_more_call_of_an_open_module_is_new(repository: Path) -> None:
    """Although reports tell of it at one place, that of the module."""
    commit(repository, live__main_tf=CALLS, live__hook__main_tf=MODULE.replace("var.auth", '"NONE"'))
    assert not new(repository)
    (repository / "live" / "main.tf").write_text(CALLS + 'module "three" {\n  source = "./hook"\n}\n')
    assert "SK101" in {code for code, _ in new(repository)}


def test_fetched_modules_are_the_same_for_both(repository: Path) -> None:
    (repository / ".gitignore").write_text(".terraform/\n")
    call = 'module "one" {\n  source  = "acme/hook/aws"\n  version = "1.0.0"\n}\n'
    commit(repository, live__main_tf=call)
    fetched = repository / "live" / ".terraform" / "modules"
    (fetched / "one").mkdir(parents=True)
    (fetched / "one" / "main.tf").write_text(MODULE.replace("var.auth", '"NONE"'))
    source = "registry.terraform.io/acme/hook/aws"
    listed = {"Key": "one", "Source": source, "Version": "1.0.0", "Dir": ".terraform/modules/one"}
    (fetched / "modules.json").write_text(json.dumps({"Modules": [{"Key": "", "Source": "", "Dir": "."}, listed]}))
    assert any(f.rule.code == "SK101" and "module.one" in f.subject.address for f in api.scan(repository).findings)
    assert not new(repository)


def test_a_branch_counts_from_where_it_parted(repository: Path) -> None:
    git(repository, "checkout", "-qb", "feature")
    commit(repository, app__more_yaml=HEAD + FUNCTION.format(name="C", auth="NONE"))
    git(repository, "checkout", "-q", "main")
    commit(repository, app__template_yaml=template(A="AWS_IAM", B="AWS_IAM"))  # main mends what the branch still has
    git(repository, "checkout", "-q", "feature")
    result = scan(repository, "main")
    assert {subject[0] for _, subject in told(result)} == {"C"}
    assert result.since is not None
    assert result.since.is_base


def test_a_file_or_a_folder_of_the_repository(repository: Path) -> None:
    (repository / "app" / "template.yaml").write_text(template(A="NONE", B="NONE"))
    assert new(repository / "app") == new(repository / "app" / "template.yaml") == new(repository)
    git(repository, "mv", "app/template.yaml", "app/renamed.yaml")
    assert new(repository / "app" / "renamed.yaml") == new(repository)


def test_where_there_was_nothing_all_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, README_md="nothing")
    (tmp_path / "template.yaml").write_text(template(A="NONE"))
    assert ("SK101", "AUrl") in new(tmp_path)


@pytest.mark.parametrize("revision", ["nope", "--output=x", "HEAD~99"])
def test_what_is_no_revision_is_an_error_with_a_hint(repository: Path, revision: str) -> None:
    with pytest.raises(UsageError) as caught:
        scan(repository, revision)
    assert caught.value.hint


def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(template(A="NONE"))
    with pytest.raises(UsageError, match="not a git repository"):
        scan(tmp_path)


def test_the_report_says_what_was_compared(repository: Path) -> None:
    (repository / "app" / "template.yaml").write_text(template(A="NONE", B="NONE"))
    done = run("scan", "--since", "HEAD", cwd=repository)
    assert done.returncode == 1
    assert "that were there already at" in done.stdout.replace("\n ", "")
    git(repository, "checkout", "-q", "app/template.yaml")
    assert run("scan", "--since", "HEAD", cwd=repository).returncode == 0
    report = json.loads(run("scan", "--since", "HEAD", "-f", "json", cwd=repository).stdout)
    assert report["stats"]["since"]["revision"] == "HEAD"
