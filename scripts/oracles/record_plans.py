"""Records what Terraform itself plans, for the tests that hold our evaluator against it.

    python -m scripts.oracles.record_plans --plugins FOLDER [NAME…]

`FOLDER` is a plugin folder with the AWS provider (its version is written into each digest); nothing is fetched, and no call to
AWS is made: the credentials are made up and the provider is told not to try them. Roots are the folders of
`tests/oracles/terraform/modules` and of `tests/fixtures/one_feature_terraform`. Each is planned from nothing, once as it is
and once for each comment in it of these forms, with these values given as by `-var`:

    # scene: {"stage": "prod", "replicas": "2"}
    # twin: stage=prod

Digests (`digest.py` says what they hold) go to `tests/oracles/terraform/plans`. Roots with a file `plan.json` beside their
configuration, in `tests/fixtures/terraform_plans`, get the whole plan instead, less what differs from run to run.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.oracles.digest import digest

TESTS = Path(__file__).parents[2] / "tests"
MODULES = TESTS / "oracles" / "terraform" / "modules"
PLANS = TESTS / "oracles" / "terraform" / "plans"
ONE_FEATURE = TESTS / "fixtures" / "one_feature_terraform"
WHOLE = TESTS / "fixtures" / "terraform_plans"

_OFFLINE = """
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
"""


class Workspace:
    """A copy of a root, set up so that it can be planned without AWS."""

    def __init__(self, root: Path, folder: Path, plugins: Path, environment: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            **(environment or {}),
        }
        shutil.copytree(root, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*", "plan.json"))
        self._go_offline()
        self.run("init", "-backend=false", f"-plugin-dir={plugins}")

    def _go_offline(self) -> None:
        """Every provider of the root is told not to ask AWS: by an override of its block, or by a block where there is none."""
        texts = "\n".join(file.read_text(encoding="utf-8") for file in sorted(self.folder.glob("*.tf")))
        bodies = re.findall(r'^provider "aws" \{\n(.*?)^\}', texts, re.MULTILINE | re.DOTALL)
        aliases = [re.search(r'^  alias\s*=\s*"(.+)"', body, re.MULTILINE) for body in bodies]
        override = "".join(
            f'provider "aws" {{\n  alias = "{alias[1]}"\n{_OFFLINE}}}\n'
            if alias
            else f'provider "aws" {{{_OFFLINE}}}\n'
            for alias in aliases
        )
        (self.folder / "zz_recorder_override.tf").write_text(override, encoding="utf-8")
        if None not in aliases:
            (self.folder / "zz_recorder.tf").write_text(f'provider "aws" {{{_OFFLINE}}}\n', encoding="utf-8")

    def run(self, *words: str) -> str:
        """Run Terraform; what it prints, where it succeeds."""
        done = subprocess.run(  # noqa: S603 - what this script is for
            ["terraform", *words],  # noqa: S607 - by its name, as its user would
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"terraform {' '.join(words)}\n{done.stderr}")
        return done.stdout

    def plan(self, variables: Mapping[str, str]) -> dict[str, Any]:
        """The plan for some variables."""
        given = [f"-var={name}={value}" for name, value in variables.items()]
        self.run("plan", "-no-color", "-input=false", "-refresh=false", "-lock=false", "-out=recorded.plan", *given)
        found: dict[str, Any] = json.loads(self.run("show", "-json", "recorded.plan"))
        return found

    def schemas(self) -> dict[str, Any]:
        """The schemas of the providers."""
        found: dict[str, Any] = json.loads(self.run("providers", "schema", "-json"))
        return found

    def versions(self) -> dict[str, str]:
        """Of Terraform and of the providers."""
        said = json.loads(self.run("version", "-json"))
        providers = {name.rpartition("/")[2]: version for name, version in said["provider_selections"].items()}
        return {"terraform": said["terraform_version"], **providers}

    def folders(self) -> dict[str, Path]:
        """The folder of each module, by its calls."""
        listed = self.folder / ".terraform" / "modules" / "modules.json"
        if not listed.exists():
            return {"": self.folder}
        held = json.loads(listed.read_text(encoding="utf-8"))["Modules"]
        return {module["Key"]: self.folder / module["Dir"] for module in held}


def scenes(root: Path) -> Iterator[dict[str, str]]:
    """The sets of variables that a root is planned with."""
    yield {}
    for file in sorted(root.glob("*.tf")):
        text = file.read_text(encoding="utf-8")
        for held in re.findall(r"^# scene: (.+)$", text, re.MULTILINE):
            yield {name: str(value) for name, value in json.loads(held).items()}
        for name, value in re.findall(r"^# twin: (\w+)=(.+)$", text, re.MULTILINE):
            yield {name: value}


_schemas: dict[str, Any] = {}


def record(root: Path, plugins: Path, into: Path) -> int:
    """Write the digest of a root; how many instances it has."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(root, Path(folder), plugins)
        if not _schemas:
            _schemas.update(workspace.schemas())
        made = [
            {"variables": given, "resources": digest(workspace.plan(given), _schemas, workspace.folders())}
            for given in scenes(root)
        ]
        write(into, workspace.versions(), made)
    return sum(len(scene["resources"]) for scene in made)


def write(into: Path, versions: Mapping[str, str], made: list[dict[str, Any]]) -> None:
    """Write the digests of a root's scenes, a line for each instance so that a change of one can be read."""
    lines = ["{", f' "versions": {_line(versions)},', ' "scenes": [']
    for at, scene in enumerate(made):
        lines += [f'  {{"variables": {_line(scene["variables"])},', '   "resources": {']
        resources = [f"    {_line(address)}: {_line(held)}" for address, held in scene["resources"].items()]
        lines += [*(f"{line}," for line in resources[:-1]), *resources[-1:]]
        lines.append("   }}," if at < len(made) - 1 else "   }}")
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text("\n".join([*lines, " ]", "}"]) + "\n", encoding="utf-8")


def _line(held: object) -> str:
    return json.dumps(held, sort_keys=True, ensure_ascii=False)


def record_whole(root: Path, plugins: Path) -> int:
    """Write the plan of a root as it is, but for the time; how many changes it has."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Workspace(root, Path(folder), plugins).plan({})
        forget_offline(plan)
        text = json.dumps(
            {name: held for name, held in plan.items() if name != "timestamp"}, indent=1, ensure_ascii=False
        )
        if folder in text:
            raise SystemExit(f"{root.name}: the plan names a folder of this machine")
    (root / "plan.json").write_text(text + "\n", encoding="utf-8")
    return len(plan["resource_changes"])


def forget_offline(plan: Mapping[str, Any]) -> None:
    """Take out of a plan what this script told the provider."""
    for provider in plan["configuration"].get("provider_config", {}).values():
        stated = provider.get("expressions", {})
        for name in re.findall(r"skip_\w+", _OFFLINE):
            stated.pop(name, None)
        if not stated:
            provider.pop("expressions", None)


def main() -> None:
    """Record everything, or what is named."""
    parser = argparse.ArgumentParser(description="Records what Terraform plans.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    parser.add_argument("names", nargs="*", help="of roots; all of them by default")
    given = parser.parse_args()

    def chosen(folder: Path) -> Iterator[Path]:
        for root in sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else ():
            if not given.names or root.name in given.names:
                yield root

    for root in chosen(MODULES):
        print(f"{root.name}: {record(root, given.plugins, PLANS / f'{root.name}.json')} instances")
    for root in chosen(ONE_FEATURE):
        print(f"{root.name}: {record(root, given.plugins, PLANS / 'one_feature' / f'{root.name}.json')} instances")
    for root in chosen(WHOLE):
        print(f"{root.name}: {record_whole(root, given.plugins)} changes")


if __name__ == "__main__":
    main()
