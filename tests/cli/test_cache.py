"""A scan is said again only while it would say the same: whatever it looked at, and whatever it looked for."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stockade.cli import scan as scan_module
from stockade.cli._group import group
from stockade.engine import cache
from tests.cli.test_habits import START
from tests.engine.test_baseline import template

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
PART = "s8Kf2vQ9xTgW"  # of a URL there: its password
MAIN = """\
resource "aws_lambda_function" "this" {
  function_name = "hook"
  role          = "arn:aws:iam::111122223333:role/hook"
  runtime       = fileexists("node_modules/runtime") ? "nodejs18.x" : "python3.13"
  handler       = "app.handler"
  filename      = "hook.zip"
  environment {
    variables = { LIMITS = join(",", fileset("node_modules/limits", "*")) }
  }
}
"""
Ask = Callable[..., bool]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository" / "service"
    for name in ("app", "node_modules/limits", ".terraform"):
        (root / name).mkdir(parents=True)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / ".gitignore").write_text("build/\n")
    (root / "app" / "template.yaml").write_text(template(A="NONE"))
    (root / "main.tf").write_text(MAIN)
    (root / "known.json").write_text('{"schema_version": 1, "findings": []}')
    monkeypatch.setenv("STOCKADE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def is_kept(project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Ask:
    """Scans, and says whether that was only said again; what is said again has to be what is said anew."""
    asked: list[int] = []
    real = scan_module._ask

    def count(*arguments: object, **options: object) -> cache.Told:
        asked.append(1)
        return real(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(scan_module, "_ask", count)

    def run(*arguments: str) -> str:
        code = group.main(["scan", *arguments], standalone_mode=False)
        said = capfd.readouterr()
        return f"{said.out}\n{said.err}\n{code}"

    def ask(*arguments: str) -> bool:
        time.sleep(0.06)  # what was written right now might be written once more
        asked.clear()
        told = run(*arguments)
        kept = not asked
        assert told == run(*arguments, "--no-cache")
        return kept

    return ask


def test_the_same_is_said_again(is_kept: Ask) -> None:
    assert not is_kept()
    assert is_kept()
    assert is_kept()
    assert not is_kept("--stats")
    assert is_kept("--stats")


def touched(path: Path) -> None:
    os.utime(path, (1_000_000_000, 1_000_000_000))


def same_size(path: Path) -> None:
    status = path.stat()
    path.write_text(path.read_text().replace("NONE", "none"))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "app" / "template.yaml").write_text(template(A="AWS_IAM")),
        lambda root: same_size(root / "app" / "template.yaml"),
        lambda root: (root / "app" / "more.yaml").write_text(template(B="NONE")),
        lambda root: (root / "more").mkdir() or (root / "more" / "t.json").write_text("{}"),
        lambda root: (root / "app" / "template.yaml").unlink(),
        lambda root: (root / "app").rename(root / "lib"),
        lambda root: (root / "app" / ".gitignore").write_text("template.yaml"),
        lambda root: (root.parent / ".gitignore").write_text("app/"),
        lambda root: (root.parent / ".git").rmdir(),
        lambda root: (root / ".git").mkdir(),
        lambda root: (root / "node_modules" / "runtime").write_text(""),
        lambda root: (root / "node_modules" / "limits" / "one").write_text(""),
        lambda root: (root / "stockade.toml").write_text("ignore = ['SK101']"),
        lambda root: (root / "pyproject.toml").write_text("[tool.stockade]\nshow = 'high'"),
        lambda root: (root / "terraform.tfvars").write_text(""),
        lambda root: (root / "app" / "link.yaml").symlink_to("template.yaml"),
        lambda root: (root / "app" / "link.yaml").symlink_to("/etc"),
    ],
)
def test_whatever_changes_is_seen(project: Path, is_kept: Ask, change: Callable[[Path], object]) -> None:
    is_kept()
    assert is_kept()
    change(project)
    assert not is_kept()


def test_files_outside_of_the_folder_are_looked_at_too(project: Path, is_kept: Ask, tmp_path: Path) -> None:
    values = tmp_path / "values.tfvars"
    values.write_text("a = 1\n")
    for options in (("--var-file", str(values)), ("--baseline", "known.json")):
        is_kept(*options)
        assert is_kept(*options)
    values.write_text("a = 2\n")
    assert not is_kept("--var-file", str(values))
    (project / "known.json").write_text('{"schema_version": 1,  "findings": []}')
    assert not is_kept("--baseline", "known.json")


def test_the_environment_counts_where_it_is_asked_for(is_kept: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    is_kept("--var-env")
    monkeypatch.setenv("TF_VAR_x", "1")
    assert not is_kept("--var-env")
    is_kept()
    monkeypatch.setenv("TF_VAR_x", "2")
    assert is_kept()
    monkeypatch.setenv("STOCKADE_SHOW", "high")
    assert not is_kept()


def test_content_counts_and_not_time(project: Path, is_kept: Ask) -> None:
    """As after another checkout of the same."""
    is_kept()
    text = (project / "app" / "template.yaml").read_text()
    (project / "app" / "template.yaml").unlink()
    (project / "app" / "template.yaml").write_text(text)
    touched(project / "app" / "template.yaml")
    assert is_kept()
    (project / "README.md").write_text("nobody reads it")  # but its name is new
    assert not is_kept()
    (project / "README.md").write_text("nobody reads it, whatever it says")
    assert is_kept()


def test_reports_in_files_are_written_again_and_do_not_count(project: Path, is_kept: Ask) -> None:
    options = ("-f", "json=app/out.json", "-f", "sarif=out.sarif")
    is_kept(*options)
    assert is_kept(*options)
    (project / "app" / "out.json").unlink()
    assert is_kept(*options)
    assert (project / "app" / "out.json").exists()


def test_what_was_written_a_moment_ago_is_not_believed(project: Path, is_kept: Ask, tmp_path: Path) -> None:
    done = [subprocess.Popen([*START, "scan"], stdout=subprocess.DEVNULL) for _ in range(4)]  # at once
    for one in done:
        assert one.wait() == 1
    (entry,) = (tmp_path / "cache" / "results").iterdir()
    assert entry.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", [b"", b"abc", b"\0" * 5000, None])
def test_a_damaged_result_is_none(project: Path, is_kept: Ask, tmp_path: Path, damage: bytes | None) -> None:
    is_kept()
    for entry in (tmp_path / "cache" / "results").iterdir():
        data = entry.read_bytes()
        entry.write_bytes(data[:-7] + b"garbage" if damage is None else damage)
    assert not is_kept()
    assert is_kept()


def test_a_cache_that_cannot_be_written_is_no_error(is_kept: Ask, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    assert not is_kept()
    assert not is_kept()


def test_no_more_is_kept_than_was_agreed(is_kept: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    is_kept()
    (size,) = (entry.stat().st_size for entry in (tmp_path / "cache" / "results").iterdir())
    monkeypatch.setattr(cache, "_MOST", size * 3)
    for width in range(80, 90):
        monkeypatch.setenv("COLUMNS", str(width))
        is_kept()
    kept = [entry.stat().st_size for entry in (tmp_path / "cache" / "results").iterdir()]
    assert 1 <= len(kept) <= 3
    assert is_kept()


def test_it_can_be_left_alone(project: Path, is_kept: Ask) -> None:
    is_kept()
    assert not is_kept("--no-cache")
    (project / "stockade.toml").write_text("cache = false")
    assert not is_kept()
    assert not is_kept()


def test_no_secret_is_kept(is_kept: Ask, tmp_path: Path, project: Path) -> None:
    shutil.copytree(EXAMPLE, project / "orders")
    is_kept()
    assert is_kept()
    kept = b"".join(entry.read_bytes() for entry in (tmp_path / "cache").rglob("*") if entry.is_file())
    assert b"SMS_GATEWAY_URL" in kept
    assert PART in (EXAMPLE / "template.yaml").read_text()
    assert PART.encode() not in kept


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_watching_scans_again_when_something_changes(project: Path) -> None:
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    time.sleep(0.06)
    running = subprocess.Popen(
        [START[0], "-c", heed + START[2], "scan", "--watch", "-f", "concise", "--select", "SK101"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert running.stdout is not None
    watchdog = threading.Timer(60, running.kill)
    watchdog.start()
    seen: list[str] = []

    def until(word: str) -> str:
        for line in running.stdout or ():
            seen.append(line)
            if word in line:
                return line
        raise AssertionError("".join(seen))

    with running:
        assert "`A`" in until("SK101")
        until("watching")
        (project / "app" / "template.yaml").write_text(template(Changed="NONE"))
        assert "app/template.yaml" in until("has changed")
        assert "`Changed`" in until("SK101")
        until("watching")
        (project / "stockade.toml").write_text("nonsense = 1")
        until("has changed")
        until("there is no setting `nonsense`")
        until("watching")
        running.send_signal(signal.SIGINT)
        rest = running.stdout.read()
    watchdog.cancel()
    assert running.returncode == 130
    assert rest.strip() == "interrupted"
