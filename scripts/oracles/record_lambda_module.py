"""Records what Terraform plans for the examples of terraform-aws-modules/terraform-aws-lambda.

    python -m scripts.oracles.record_lambda_module SNAPSHOTS --plugins FOLDER [EXAMPLE…]

`SNAPSHOTS` is a folder of repositories, named `owner+name`: that module, and the other modules of its owner that its
examples call (vpc, s3-bucket, sqs, kms, security-group, ecr), in releases for the provider's major version. `FOLDER` is a
plugin folder with the AWS provider; the small providers are stood in for (`stand_ins.py`), and AWS is moto on this machine,
so that data sources can be read. Needs grpcio, moto[server] and tree-sitter-hcl.

What is written is facts, not the module's text: for each example the functions, roles, policies, permissions and URLs that it
makes, with those few attributes that rules ask for, in the form of `digest.py` and with one more mark: `{"$asked": true}` for
what came from AWS while planning (an account's number, the text of a managed policy), which no configuration tells.

A copy of the examples is changed before it is planned: versions that are asked for are left out, modules of the registry
are taken from the snapshots, and arguments that the provider at hand does not know yet are removed. Each digest says which.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scripts.oracles.digest import digest, document_of, statements_of
from scripts.oracles.record_plans import PLANS, write
from scripts.oracles.stand_ins import serve

OWNER = "terraform-aws-modules"
MODULE = f"{OWNER}+terraform-aws-lambda"
FACTS = PLANS / "facts"
ACCOUNT = "905418000017"  # of moto, and unlike any number that an example would write

KEPT = {
    "aws_lambda_function": {"function_name", "role", "runtime", "handler", "memory_size", "timeout", "package_type"},
    "aws_lambda_function_url": {"function_name", "authorization_type"},
    "aws_lambda_permission": {"function_name", "action", "principal", "source_arn", "source_account", "qualifier"},
    "aws_lambda_event_source_mapping": {"function_name", "event_source_arn", "batch_size"},
    "aws_lambda_alias": {"name", "function_name"},
    "aws_iam_role": {"name", "assume_role_policy", "permissions_boundary"},
    "aws_iam_role_policy": {"name", "role", "policy"},
    "aws_iam_role_policy_attachment": {"role", "policy_arn"},
    "aws_iam_policy": {"name", "policy"},
    "aws_cloudwatch_log_group": {"name", "retention_in_days", "kms_key_id"},
}
_NOT_KNOWN = {"Unsupported argument", "Unsupported block type", "Value for unconfigurable attribute"}
# Data sources that only compute.
_COMPUTE = {
    "archive_file",
    "aws_arn",
    "aws_iam_policy_document",
    "aws_partition",
    "aws_region",
    "aws_service_principal",
    "external",
    "http",
}


class Planning:
    """A root in a copy, beside stand-ins for AWS and for all small providers."""

    def __init__(self, folder: Path, plugins: Path, aws: str) -> None:
        self.folder = folder
        self.plugins = plugins
        self.served = serve(str(folder))
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "AWS_ACCESS_KEY_ID": "made-up",
            "AWS_SECRET_ACCESS_KEY": "made-up",
            "AWS_REGION": "eu-west-1",
            "AWS_ENDPOINT_URL": aws,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CHECKPOINT_DISABLE": "1",
            "TF_IN_AUTOMATION": "1",
            "TF_REATTACH_PROVIDERS": self.served.reattach,
        }

    def run(self, *words: str, check: bool = True) -> str:
        """Run Terraform; what it prints."""
        done = subprocess.run(  # noqa: S603 - what this script is for
            ["terraform", *words],  # noqa: S607 - by its name, as its user would
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if check and done.returncode:
            raise RuntimeError(f"terraform {words[0]}\n{done.stderr or done.stdout}")
        return done.stdout

    def plan(self, *words: str) -> dict[str, Any]:
        """The plan in JSON."""
        self.run("plan", "-no-color", "-input=false", "-lock=false", "-out=recorded.plan", *words)
        found: dict[str, Any] = json.loads(self.run("show", "-json", "recorded.plan"))
        return found

    def folders(self) -> dict[str, Path]:
        """The folder of each module, by its calls."""
        listed = json.loads((self.folder / ".terraform" / "modules" / "modules.json").read_text(encoding="utf-8"))
        return {module["Key"]: (self.folder / module["Dir"]).resolve() for module in listed["Modules"]}


class Example(Planning):
    """One example, in a copy of all snapshots in which it can be planned."""

    def __init__(self, snapshots: Path, copy: Path, name: str, plugins: Path, aws: str) -> None:
        if not (copy / MODULE).exists():
            for snapshot in snapshots.glob(f"{OWNER}+*"):
                shutil.copytree(snapshot, copy / snapshot.name, ignore=shutil.ignore_patterns(".git", ".terraform*"))
            _loosen(copy)
        super().__init__(copy / MODULE / "examples" / name, plugins, aws)

    def prepare(self, removed: set[str]) -> None:
        """Initialise, and take out what the provider does not know; its names are added to `removed`."""
        self.run("init", "-no-color", "-backend=false", f"-plugin-dir={self.plugins}")
        for _ in range(20):
            said = json.loads(self.run("validate", "-json", check=False))
            errors = [one for one in said["diagnostics"] if one["severity"] == "error"]
            if not errors:
                return
            if not self._take_out(errors, removed):
                raise RuntimeError("\n".join(f"{one['summary']}: {one['detail']}" for one in errors))
        raise RuntimeError("it is never valid")

    def _take_out(self, errors: list[dict[str, Any]], removed: set[str]) -> bool:
        """Remove the arguments and blocks that are not known; whether there was one."""
        changed = False
        by_file: dict[str, dict[int, dict[str, Any]]] = {}
        for one in errors:  # a module that is called twice is complained of twice
            place = one.get("range", {"filename": "", "start": {"line": 0}})
            by_file.setdefault(place["filename"], {})[place["start"]["line"]] = one
        for name, held in by_file.items():
            file = self.folder / name
            lines = file.read_text(encoding="utf-8").split("\n") if name else []
            for line, one in sorted(held.items(), reverse=True) if name else []:
                at = line - 1
                if one["summary"] in _NOT_KNOWN:
                    if MODULE in file.resolve().parts:
                        removed.add(lines[at].split("=")[0].strip(' {"').replace('dynamic "', ""))
                    _remove(lines, at)
                elif one["summary"] == "Unsupported attribute" and ".region" in lines[at]:
                    lines[at] = re.sub(r"(data\.aws_region\.\w+(\[0\])?)\.region\b", r"\1.name", lines[at])
                else:
                    continue
                changed = True
            if name:
                file.write_text("\n".join(lines), encoding="utf-8")
        return changed

    def folders(self) -> dict[str, Path]:
        """Of those modules only that are the repository's own."""
        return {key: folder for key, folder in super().folders().items() if MODULE in folder.parts}


def _loosen(copy: Path) -> None:
    """No versions, and modules of the registry from beside."""
    for file in copy.rglob("*.tf"):
        text = file.read_text(encoding="utf-8")

        def beside(match: re.Match[str], folder: Path = file.parent) -> str:
            target = copy / f"{OWNER}+terraform-aws-{match[1]}"
            return f'"{os.path.relpath(target, folder)}{(match[2] or "").replace("//", "/")}"'

        text = re.sub(r'^\s*(?:required_)?version\s*=\s*"(?:~>|>=|=|<)[^"]*"\s*$', "", text, flags=re.MULTILINE)
        text = re.sub(rf'"{OWNER}/([\w-]+)/aws(//[^"]*)?"', beside, text)
        text = re.sub(r'^  provider_meta "aws" \{\n.*?^  \}\n', "", text, flags=re.MULTILINE | re.DOTALL)
        file.write_text(text, encoding="utf-8")


def _remove(lines: list[str], at: int) -> None:
    """Blank an argument or block that begins at a line, by its brackets."""
    depth = 0
    for index in range(at, len(lines)):
        bare = re.sub(r'"(?:\\.|[^"\\])*"', "", lines[index].split(" #")[0])
        depth += sum(bare.count(char) for char in "{[(") - sum(bare.count(char) for char in "}])")
        lines[index] = ""
        if depth <= 0:
            return


def facts(plan: Mapping[str, Any], schemas: Mapping[str, Any], folders: Mapping[str, Path]) -> dict[str, Any]:
    """The digest, less what is not to be kept."""
    wanted = [
        change
        for change in plan["resource_changes"]
        if change["mode"] == "managed"
        and change["type"] in KEPT
        and re.sub(r"\[[^]]*\]|\bmodule\.", "", change.get("module_address", "")) in folders
    ]
    asked = asked_in(plan)
    read = [change for change in plan["resource_changes"] if change["mode"] == "data"]
    made = digest({"resource_changes": [*wanted, *read], "configuration": plan["configuration"]}, schemas, folders)
    told: dict[str, Any] = {}
    for change in wanted:
        held = made[change["address"]]
        values = {
            name: {"$asked": True} if came_from(value, asked) else value
            for name, value in held["values"].items()
            if name in KEPT[held["type"]]
        }
        told[change["address"]] = {"type": held["type"], "values": values}
        policy = values.get("policy", {})
        if policy.keys() & {"$unknown", "$pending"}:
            document = document_of(plan, change, "policy")
            if document is not None:
                told[change["address"]]["statements"] = list(statements_of(document))
    return dict(sorted(told.items()))


def asked_in(plan: Mapping[str, Any]) -> set[str]:
    """Texts that data sources had from AWS while planning."""
    return set(_asked(plan["prior_state"]["values"]["root_module"])) if "prior_state" in plan else set()


def _asked(module: Mapping[str, Any]) -> Iterator[str]:
    for held in module.get("resources", []):
        if held["mode"] == "data" and held["type"] not in _COMPUTE:
            yield from (value for value in held["values"].values() if isinstance(value, str) and len(value) > 5)
    for child in module.get("child_modules", []):
        yield from _asked(child)


def came_from(value: object, asked: set[str]) -> bool:
    """Whether a value holds something that was asked for."""
    text = json.dumps(value, sort_keys=True)
    documents = {json.dumps({"$json": json.loads(each)}, sort_keys=True) for each in asked if each.startswith("{")}
    return text in documents or any(each in text for each in asked if not each.startswith("{"))


def start_aws() -> tuple[subprocess.Popen[bytes], str]:
    """Moto, with an organisation."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    server = subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "moto.server", "-p", str(port)],
        env={**os.environ, "MOTO_ACCOUNT_ID": ACCOUNT, "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    import boto3  # type: ignore[import-untyped] # comes with moto
    from botocore.exceptions import EndpointConnectionError  # type: ignore[import-untyped] # comes with moto

    made_up = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    organizations = boto3.client("organizations", endpoint_url=url, region_name="eu-west-1", **made_up)
    for _ in range(60):
        try:
            organizations.create_organization(FeatureSet="ALL")
            break
        except EndpointConnectionError:
            time.sleep(0.5)
    return server, url


def main() -> None:
    """Record all examples, or those that are named."""
    parser = argparse.ArgumentParser(description="Records what Terraform plans for the examples of a public module.")
    parser.add_argument("snapshots", type=Path)
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    parser.add_argument("examples", nargs="*", help="all of them by default")
    given = parser.parse_args()
    folder = given.snapshots / MODULE / "examples"
    names = given.examples or sorted(path.parent.name for path in folder.glob("*/main.tf"))
    aws, url = start_aws()
    schemas: dict[str, Any] = {}
    removed: set[str] = set()  # of all so far, since the examples share a copy of the module
    try:
        with tempfile.TemporaryDirectory() as copy:
            for name in names:
                example = Example(given.snapshots, Path(copy), name, given.plugins, url)
                try:
                    example.prepare(removed)
                    plan = example.plan()
                    schemas = schemas or json.loads(example.run("providers", "schema", "-json"))
                    made = facts(plan, schemas, example.folders())
                except RuntimeError as error:
                    print(f"{name}: not planned: {error}")
                    continue
                finally:
                    example.served.stop()
                said = {"terraform": plan["terraform_version"], "removed": ", ".join(sorted(removed))}
                write(FACTS / f"{name}.json", said, [{"variables": {}, "resources": made}])
                print(f"{name}: {len(made)} instances")
    finally:
        aws.terminate()
        aws.wait()


if __name__ == "__main__":
    main()
