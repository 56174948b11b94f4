"""Records what Terraform plans for `examples/orders-terraform`, in each of its stages.

    python -m scripts.oracles.record_example --plugins FOLDER

Needs grpcio, moto[server] and tree-sitter-hcl, as `record_lambda_module.py` does, whose stand-ins for AWS and for small
providers it uses. What the platform team shares is a state of our own making.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from scripts.oracles.digest import digest
from scripts.oracles.record_lambda_module import Planning, asked_in, came_from, start_aws
from scripts.oracles.record_plans import PLANS, write
from scripts.oracles.stand_ins import MADE_UP

EXAMPLES = Path(__file__).parents[2] / "examples"
NAME = "orders-terraform"
STAGES = ("dev", "prod")
NEWER = ("nodejs24.x", "nodejs22.x")  # a runtime that the provider does not know, and one that stands for it meanwhile
SHARED = "shared-by-the-platform"
ACCOUNT = "905418000017"


def main() -> None:
    """Record the example."""
    parser = argparse.ArgumentParser(description="Records what Terraform plans for our example.")
    parser.add_argument("--plugins", type=Path, required=True, help="a plugin folder with the AWS provider")
    given = parser.parse_args()
    aws, url = start_aws()
    try:
        with tempfile.TemporaryDirectory() as copy:
            shutil.copytree(EXAMPLES, copy, dirs_exist_ok=True, ignore=shutil.ignore_patterns(".terraform*"))
            root = Path(copy) / NAME
            _share(root)
            _parameter(url)
            planning = Planning(root, given.plugins, url)
            try:
                planning.run("init", "-no-color", "-backend=false", f"-plugin-dir={given.plugins}")
                schemas = json.loads(planning.run("providers", "schema", "-json"))
                scenes = [_scene(planning, schemas, stage) for stage in STAGES]
                said = planning.plan(*_words(_variables(STAGES[0])))["terraform_version"]
            finally:
                planning.served.stop()
    finally:
        aws.terminate()
        aws.wait()
    write(PLANS / "examples" / f"{NAME}.json", {"terraform": said}, scenes)
    print(f"{NAME}: {[len(scene['resources']) for scene in scenes]} instances")


def _share(root: Path) -> None:
    """The state that the example reads, in a file beside it; and a runtime that the provider takes."""
    files = {file: file.read_text(encoding="utf-8") for file in root.rglob("*.tf")}
    texts = "".join(files.values())
    if NEWER[1] in texts:
        raise SystemExit(f"{NEWER[1]} is a runtime of the example now")
    for file, text in files.items():
        file.write_text(text.replace(*NEWER), encoding="utf-8")
    named = set(re.findall(r"data\.terraform_remote_state\.platform\.outputs\.(\w+)", texts))
    arn = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:{SHARED}"
    outputs = {name: {"value": arn, "type": "string"} for name in named}
    state = {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 1,
        "lineage": "-",
        "outputs": outputs,
        "resources": [],
    }
    (root / "platform.tfstate").write_text(json.dumps(state), encoding="utf-8")
    (root / "zz_recorder_override.tf").write_text(
        'data "terraform_remote_state" "platform" {\n  backend = "local"\n  config  = { path = "platform.tfstate" }\n}\n',
        encoding="utf-8",
    )


def _parameter(url: str) -> None:
    import boto3  # type: ignore[import-untyped] # comes with moto

    made_up = {"aws_access_key_id": "made-up", "aws_secret_access_key": "made-up"}
    client = boto3.client("ssm", endpoint_url=url, region_name="eu-west-1", **made_up)
    client.put_parameter(Name="/tidewater/auth/public-key", Value=MADE_UP, Type="String")


def _variables(stage: str) -> dict[str, str]:
    """The values in the file of a stage, all of which are texts."""
    text = (EXAMPLES / NAME / "stages" / f"{stage}.tfvars").read_text(encoding="utf-8")
    return dict(re.findall(r'^(\w+)\s*=\s*"(.*)"$', text, re.MULTILINE))


def _words(variables: dict[str, str]) -> list[str]:
    return [f"-var={name}={value}" for name, value in variables.items()]


def _scene(planning: Planning, schemas: dict[str, Any], stage: str) -> dict[str, Any]:
    variables = _variables(stage)
    plan = planning.plan(*_words(variables))
    asked = {*asked_in(plan), ACCOUNT, SHARED, MADE_UP}
    made = digest(plan, schemas, planning.folders())
    for held in made.values():
        held["values"] = _marked(held["values"], asked)
        if came_from(held.get("tags_all"), asked):
            del held["tags_all"]
    made = json.loads(json.dumps(made).replace(NEWER[1], NEWER[0]))
    return {"variables": variables, "resources": made}


def _marked(body: dict[str, Any], asked: set[str]) -> dict[str, Any]:
    """A body with those attributes marked that hold something that was asked for."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        kinds = value.keys() & {"$blocks", "$block_set"} if isinstance(value, dict) else set()
        if kinds:
            [kind] = kinds
            found[name] = {kind: [_marked(inner, asked) for inner in value[kind]]}
        else:
            found[name] = {"$asked": True} if came_from(value, asked) else value
    return found


if __name__ == "__main__":
    main()
