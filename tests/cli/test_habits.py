"""What a well-behaved program does besides its work: signals, pipes, terminals, encodings, line ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from stockade.cli.fix import command as fix_command
from stockade.errors import UsageError
from tests.cli.test_cli import OPEN, run

START = [sys.executable, "-c", "from stockade.cli import main; main()"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one open URL, in a file that people outside of ASCII wrote."""
    (tmp_path / "template.yaml").write_text(
        OPEN.replace("Webhook", "Wébhook😀").replace("NONE", "NONE # ñ"), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interrupt_is_one_word_and_130(tmp_path: Path) -> None:
    body = OPEN.partition("Resources:\n")[2]
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + "".join(body.replace("Webhook", f"F{i}") for i in range(1500))
    )
    # Where the tests are a job in the background, the shell has them ignore interrupts, and what they start inherits that.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    with subprocess.Popen(
        [START[0], "-c", heed + START[2], "scan"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        time.sleep(0.7)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "Traceback" not in err
    assert err.strip().endswith("interrupted")
    assert out == ""


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("text", "ascii"),
        ("text", "cp1252"),
        ("concise", "latin-1"),
        ("json", "ascii"),
        ("matrix", "cp1252"),
        ("sarif", "latin-1"),
    ],
)
def test_no_encoding_of_a_terminal_is_an_error(project: Path, name: str, encoding: str) -> None:
    command = [*START, "scan", "-f", name, "--persona", "auditor"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == b""
    if name not in {"text", "concise"}:
        # What is for machines is UTF-8 wherever it is printed.
        assert "Wébhook😀" in done.stdout.decode("utf-8")
        for line in [done.stdout] if name != "matrix" else done.stdout.splitlines():
            json.loads(line)
    else:
        assert "bhook" in done.stdout.decode(encoding)


def test_explain_and_rules_and_fix_in_ascii(project: Path) -> None:
    environment = {"PYTHONIOENCODING": "ascii"}
    for arguments in (["explain", "SK101"], ["rules"], ["fix", "--unsafe", "--select", "SK101"]):
        done = run(*arguments, cwd=project, env=environment)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), arguments


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({"FORCE_COLOR": "1"}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, False),
        ({"TERM": "xterm-256color"}, False),
    ],
)
def test_colour_is_the_environments_choice(project: Path, environment: dict[str, str], *, coloured: bool) -> None:
    assert ("\x1b[" in run("scan", "--select", "SK101", cwd=project, env=environment).stdout) is coloured


def test_files_are_never_coloured_and_end_their_lines_in_one_way(project: Path) -> None:
    assert run("scan", "--color", "always", "-f", "text=out.txt", cwd=project).stdout == ""
    data = (project / "out.txt").read_bytes()
    assert b"\x1b" not in data
    assert b"\r" not in data


def test_line_ends_of_windows_are_kept_and_shown_as_one(project: Path) -> None:
    template = project / "template.yaml"
    template.write_bytes(OPEN.replace("\n", "\r\n").encode())
    assert "\r" not in run("scan", cwd=project).stdout
    shown = subprocess.run(
        [*START, "fix", "--unsafe", "--select", "SK101"], cwd=project, capture_output=True, check=False
    ).stdout
    assert b"-        AuthType: NONE\r\n+        AuthType: AWS_IAM\r\n" in shown
    assert run("fix", "--unsafe", "--select", "SK101", "--write", cwd=project).returncode == 0
    assert template.read_bytes() == OPEN.replace("NONE", "AWS_IAM").replace("\n", "\r\n").encode()


def test_a_difference_is_one_that_patch_takes(project: Path) -> None:
    (project / "template.yaml").unlink()
    template = project / "template.json"
    data = yaml.safe_load(OPEN) | {"Description": "\u2028 and \x85 are no ends of a line"}
    template.write_text(json.dumps(data, indent=2, ensure_ascii=False), encoding="utf-8")
    shown = run("fix", "--unsafe", "--select", "SK101", cwd=project).stdout
    assert "\u2028 and \x85 are" not in shown or len(shown.split("\n")) < 20
    subprocess.run(["patch", "-p1", "--quiet"], cwd=project, input=shown, text=True, check=True, timeout=20)
    after = json.loads(template.read_text(encoding="utf-8"))
    assert after["Resources"]["Webhook"]["Properties"]["FunctionUrlConfig"]["AuthType"] == "AWS_IAM"
    assert after["Description"] == data["Description"]


def test_unsafe_fixes_are_named_in_one_line(project: Path) -> None:
    done = run("fix", "--select", "SK101", cwd=project)
    assert done.stdout == ""
    assert done.stderr == "left 1 unsafe fix of SK101: something may stop working (--unsafe shows them)\n"


def test_one_file_of_another_folder_is_mended_there(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    done = run("fix", "--unsafe", "--select", "SK101", "--write", str(project / "template.yaml"), cwd=elsewhere)
    assert done.returncode == 0
    assert "AuthType: AWS_IAM" in (project / "template.yaml").read_text(encoding="utf-8")
    assert list(elsewhere.iterdir()) == []


def test_a_file_that_can_not_be_written_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated, since nothing keeps root from writing."""

    def refuse(self: Path, data: bytes) -> int:
        raise PermissionError(13, "Permission denied", str(self), len(data))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(UsageError, match="can't write"):
        fix_command.main(["--unsafe", "--select", "SK101", "--write", str(project)], standalone_mode=False)


def test_what_is_deployed_comes_from_options_files_or_samconfig(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(
        OPEN.replace("NONE", "!Ref Auth").replace(
            "Resources", "Parameters: {Auth: {Type: String, Default: AWS_IAM}}\nResources"
        )
    )
    (tmp_path / "prod.json").write_text('{"Parameters": {"Auth": "NONE"}}')
    (tmp_path / "samconfig.toml").write_text('[prod.deploy.parameters]\nparameter_overrides = ["Auth=NONE"]\n')
    codes = [
        run("scan", "--select", "SK101", *more, cwd=tmp_path).returncode
        for more in (
            (),
            ("--parameters", "Auth=NONE"),
            ("--parameters-file", "prod.json"),
            ("--config-env", "prod"),
            ("--config-env", "prod", "--parameters", "Auth=AWS_IAM"),
            ("--config-env", "test"),
            ("--parameters-file", "nowhere.json"),
        )
    ]
    assert codes == [0, 1, 1, 1, 0, 2, 2]
    assert run("fix", "--unsafe", "--select", "SK101", "--config-env", "prod", cwd=tmp_path).returncode == 0


def test_the_list_of_rules_fits_a_hundred_columns(tmp_path: Path) -> None:
    listed = run("rules", cwd=tmp_path, env={"COLUMNS": "100"}).stdout.splitlines()
    assert max(map(len, listed)) <= 100


def test_full_shows_every_finding_whole(tmp_path: Path) -> None:
    body = OPEN.partition("Resources:\n")[2].replace("NONE", "NONE\n        Cors: {AllowOrigins: ['*']}")
    (tmp_path / "template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n"
        + "".join(body.replace("Webhook", f"F{i}") for i in range(40))
    )
    short, full = (run("scan", "--select", "SK109", *more, cwd=tmp_path).stdout for more in ((), ("--full",)))
    assert "39 more of the same rule" in short
    assert full.count("low[SK109]") == 40
