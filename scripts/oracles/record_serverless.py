"""Records what `serverless package` makes of the services in tests/oracles/serverless/cases, and of our example in each stage.

    npm ci --prefix tests/oracles/serverless
    python -m scripts.oracles.record_serverless

The framework's release is the one that tests/oracles/serverless/package.json names. Nothing is deployed and nothing is asked:
`package` works without an account. The tests compare these recordings with our own reading in every run, and
`STOCKADE_SERVERLESS` (the folder with node_modules) has them made anew and compared as well.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parents[2] / "tests/oracles/serverless"
CASES = FOLDER / "cases"
PACKAGED = FOLDER / "packaged"
EXAMPLE = Path(__file__).parents[2] / "examples/orders-serverless"
STAGES = ("dev", "prod")
_TEMPLATE = ".serverless/cloudformation-template-update-stack.json"
_STAMP = re.compile(r"/\d{13}-\d{4}-\d\d-\d\dT[\d:.]+Z/")
_NOW = re.compile(r'(?<="ForceDeploy": )\d+')
# What a run of the framework must not do: tell its maker of it, look for news, find an account, or wait for one to answer.
_ENVIRONMENT = {
    "SLS_TELEMETRY_DISABLED": "1",
    "SLS_NOTIFICATIONS_MODE": "off",
    "SLS_GEO_LOCATION": "us",
    "SLS_AWS_REQUEST_MAX_RETRIES": "0",
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
}


class Refused(Exception):
    """The framework does not package a service, with what it said."""


class Case(NamedTuple):
    """A service, as a file or a folder, and the stage that is packaged where it is not the framework's own."""

    path: Path
    stage: str = ""

    @property
    def name(self) -> str:
        """What its recording is called."""
        return f"{self.path.stem}.{self.stage}" if self.stage else self.path.stem

    @property
    def recording(self) -> Path:
        """Where the template is that the framework made of it."""
        return PACKAGED / f"{self.name}.json"


def lay_out(case: Case, folder: Path) -> None:
    """Put a case into a folder as a service: its file, or its folder, with handlers, layers and archives for its functions."""
    if case.path.is_dir():
        shutil.copytree(
            case.path, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", ".serverless")
        )
    else:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(case.path, folder / "serverless.yml")
    for file in folder.rglob("*.yml"):
        text = file.read_text(encoding="utf-8")
        for name in re.findall(r"^ +path:\s*([\w-]+|\.\./[\w./-]+)$", text, re.MULTILINE):
            (folder / name).mkdir(parents=True, exist_ok=True)  # a layer's
            (folder / name / "shared.txt").write_text("shared", encoding="utf-8")
        for name in re.findall(r"handler:\s*['\"]?([\w./-]+)\.\w+", text):
            handler = folder / f"{name}.js"
            handler.parent.mkdir(parents=True, exist_ok=True)
            handler.write_text("exports.handler = async () => 1;\n", encoding="utf-8")
        for name in re.findall(r"artifact:\s*(build/[\w-]+\.zip)", text):
            (folder / name).parent.mkdir(exist_ok=True)
            with zipfile.ZipFile(folder / name, "w") as archive:
                archive.writestr("app.py", "")


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    """A home without an account, for all runs: the framework keeps the validators there that it makes of its schemas."""
    return tempfile.TemporaryDirectory(prefix="stockade-serverless-home-")


def package(case: Case, modules: Path) -> dict[str, Any]:
    """The template that the framework makes of a case. Raises Refused."""
    with tempfile.TemporaryDirectory(prefix="stockade-serverless-") as made:
        folder = Path(made) / "service"
        lay_out(case, folder)
        text = (folder / "serverless.yml").read_text(encoding="utf-8")
        for plugin in (modules / "node_modules").glob("serverless-*"):
            if plugin.name in text:  # only those: the framework looks into all that it is to package
                (folder / "node_modules").mkdir(exist_ok=True)
                (folder / "node_modules" / plugin.name).symlink_to(plugin)
        stage = ["--stage", case.stage] if case.stage else []
        binary = modules / "node_modules/serverless/bin/serverless.js"
        done = subprocess.run(  # noqa: S603 - the framework itself, on our own cases
            ["node", "--require", str(FOLDER / "offline.js"), str(binary), "package", *stage],  # noqa: S607 - wherever Node is
            cwd=folder,
            env=_ENVIRONMENT | {"PATH": os.environ["PATH"], "HOME": _home().name},
            capture_output=True,
            text=True,
            check=False,
        )
        template = folder / _TEMPLATE
        if done.returncode or not template.exists():
            raise Refused(done.stdout + done.stderr)
        text = _NOW.sub("0", _STAMP.sub("/STAMP/", template.read_text(encoding="utf-8")))
    found: dict[str, Any] = json.loads(text)
    return found


def cases() -> list[Case]:
    """The services: a file each, or a folder where there is more than one file; and the example in its stages."""
    own = sorted(path for path in CASES.iterdir() if path.suffix == ".yml" or path.is_dir())
    return [*map(Case, own), *(Case(EXAMPLE, stage) for stage in STAGES)]


def main() -> int:
    """Write all recordings, or those of the cases that are named."""
    wanted = set(sys.argv[1:])
    for case in cases():
        if wanted and case.name not in wanted:
            continue
        try:
            made = package(case, FOLDER)
        except Refused as error:
            sys.exit(f"{case.name}: {error}")
        text = json.dumps(made, indent=1, sort_keys=True)
        case.recording.write_text(text + "\n", encoding="utf-8")
        sys.stdout.write(f"{case.name}: {len(made['Resources'])} resources\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
