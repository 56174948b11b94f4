"""What is known of public Terraform modules: which versions are meant, and that the descriptions are what they say."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from stockade.knowledge import terraform
from stockade.knowledge._data import path_of
from stockade.model.app import KINDS
from stockade.text.document import Document
from stockade.text.hcl.read import read_hcl

LAMBDA = "terraform-aws-modules/lambda/aws"
OLD, NEW = "4.0 to 7.19", "7.20 to 8.8"
FOLDER = path_of("terraform_modules")
ORACLES = Path(__file__).parents[1] / "oracles" / "terraform"
DESCRIBED = sorted(path.name for path in FOLDER.iterdir())


@pytest.mark.parametrize(
    ("version", "shown"),
    [
        ("", NEW),
        ("8.8.1", NEW),
        ("= 8.0.0", NEW),
        ("v7.20.0", NEW),
        ("7.19.9", OLD),
        ("7.2.0", OLD),
        ("~> 7.0", NEW),
        ("~> 7.2.0", OLD),
        ("~> 7.20.1", NEW),
        ("~> 4.0", OLD),
        ("~> 5", NEW),  # of one number alone it is no upper bound
        (">= 4.0", NEW),
        (">= 4.0, < 7.0", OLD),
        (">= 4.0,< 7.20.0", OLD),
        (">= 4.0, <= 7.20.0", NEW),
        ("> 6.1, != 7.0.0", NEW),
        ("< 20.0", NEW),
    ],
)
def test_the_newest_version_that_is_allowed_decides(version: str, shown: str) -> None:
    found = terraform.find(LAMBDA, version)
    assert found is not None
    assert found.variant is not None
    assert found.variant.shown == shown


@pytest.mark.parametrize(
    "version", ["~> 3.0", "3.9.9", "< 4.0", ">= 9", "9.0.0", "~> 9.1", "latest", "1.x", ">=", ">= 8, what"]
)
def test_versions_that_are_not_covered(version: str) -> None:
    assert terraform.find(LAMBDA, version) is None


@pytest.mark.parametrize(
    ("source", "name", "shown"),
    [
        (f"registry.terraform.io/{LAMBDA}", LAMBDA, NEW),
        (f"registry.opentofu.org/{LAMBDA}//modules/alias", f"{LAMBDA}//modules/alias", "4.0 to 8.8"),
        (f"{LAMBDA}//modules/docker-build", f"{LAMBDA}//modules/docker-build", "4.0 to 8.8"),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7.2.0", LAMBDA, OLD),
        ("git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git", LAMBDA, NEW),
        ("git::ssh://git@github.com/terraform-aws-modules/terraform-aws-lambda?ref=v8.1.2", LAMBDA, NEW),
        ("git@github.com:terraform-aws-modules/terraform-aws-lambda.git?ref=master", LAMBDA, NEW),
        (
            "github.com/terraform-aws-modules/terraform-aws-lambda//modules/alias?ref=v6.0.0&depth=1",
            f"{LAMBDA}//modules/alias",
            "4.0 to 8.8",
        ),
        (
            "github.com/terraform-aws-modules/terraform-aws-apigateway-v2?ref=v5.2.1",
            "terraform-aws-modules/apigateway-v2/aws",
            "5.x to 6.x",
        ),
    ],
)
def test_sources_name_modules_in_many_ways(source: str, name: str, shown: str) -> None:
    found = terraform.find(source)
    assert found is not None
    assert found.module.source == name
    assert found.variant is not None
    assert found.variant.shown == shown


@pytest.mark.parametrize(
    "source",
    [
        "",
        "./modules/lambda",
        "../lambda/aws",
        "somebody/lambda/aws",
        f"{LAMBDA}//modules/unheard-of",
        f"registry.example.com/{LAMBDA}",
        "git::https://example.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v8.0.0",
        "github.com/terraform-aws-modules/terraform-aws-lambda?ref=0f3c1a7",
        "github.com/terraform-aws-modules/terraform-aws-lambda?ref=my-branch",
        "github.com/somebody/terraform-aws-lambda",
        "s3::https://s3.amazonaws.com/bucket/lambda.zip",
    ],
)
def test_other_sources_are_not_known(source: str) -> None:
    assert terraform.find(source) is None


def test_of_some_modules_only_the_kinds_are_known() -> None:
    found = terraform.find("terraform-aws-modules/vpc/aws", "~> 1.0")
    assert found is not None
    assert found.variant is None
    assert {"vpc", "subnet", "security-group"} <= set(found.module.makes)
    assert "function" not in found.module.makes


def test_every_description_belongs_to_a_module() -> None:
    assert {module.folder for module in terraform.modules().values() if module.folder} == set(DESCRIBED)
    for module in terraform.modules().values():
        assert bool(module.folder) == bool(module.variants), module.source
        assert module.address.startswith("https://"), module.source


def test_stretches_of_versions_are_in_order_and_do_not_overlap() -> None:
    for module in terraform.modules().values():
        ends = [
            tuple(int(n) for n in (*bound.split("."), "0")[:2])
            for variant in module.variants
            for bound in (variant.since, variant.before)
        ]
        assert ends == sorted(ends), module.source
        assert len({variant.shown for variant in module.variants}) == len(module.variants)


def test_kinds_are_kinds_of_the_model() -> None:
    kinds = {kind.kind for kind in KINDS}
    for module in terraform.modules().values():
        assert set(module.makes) <= kinds, module.source
        for argument, made in module.unseen.items():
            assert set(made) <= kinds, argument


VARIANTS = [(module, variant) for module in terraform.modules().values() for variant in module.variants]
each_variant = pytest.mark.parametrize(
    ("module", "variant"), VARIANTS, ids=[f"{module.folder} {variant.shown}" for module, variant in VARIANTS]
)


def description(module: terraform.KnownModule, variant: terraform.Variant) -> str:
    """All of a description for some versions."""
    return "\n".join(terraform.description(module.folder, name) for name in ("main.tf", *variant.also))


@each_variant
def test_a_description_is_read_whole(module: terraform.KnownModule, variant: terraform.Variant) -> None:
    file = read_hcl(Document(module.folder, description(module, variant), syntax="hcl"))
    assert file.problems == ()
    declared = Counter((block.type, block.labels) for block in file.body.blocks if block.labels)
    assert [label for label, times in declared.items() if times > 1] == []
    variables = {block.labels[0]: block for block in file.body.of("variable")}
    # An argument that is described is not one that changes nothing.
    assert not set(variables) & (module.inert | set(module.unseen))
    # What a call need not state has a default: without one, what the module does is unknown.
    own = terraform.OWN_VARIABLES
    assert all("default" in block.body.attributes for name, block in variables.items() if name not in own)


def test_first_versions_of_arguments_are_behind_the_first_that_is_covered() -> None:
    for module in terraform.modules().values():
        described = {
            block.labels[0]
            for variant in module.variants
            for block in read_hcl(Document("main.tf", description(module, variant), syntax="hcl")).body.of("variable")
        }
        assert set(module.first) <= described, module.source
        assert [
            n for n, v in module.first.items() if terraform.parsed(v) <= terraform.parsed(module.variants[0].since)
        ] == []


@each_variant
def test_every_variable_of_a_description_is_used(module: terraform.KnownModule, variant: terraform.Variant) -> None:
    text = description(module, variant)
    names = [block.labels[0] for block in read_hcl(Document(module.folder, text, syntax="hcl")).body.of("variable")]
    assert [name for name in names if f"var.{name}" not in text and f"given.{name}" not in text] == []


def test_every_file_of_a_description_belongs_to_some_versions() -> None:
    for folder in DESCRIBED:
        module = next(m for m in terraform.modules().values() if m.folder == folder)
        named = {name for variant in module.variants for name in variant.also}
        assert {path.name for path in (FOLDER / folder).iterdir()} == {"main.tf", *named}


def test_provenance_is_dated() -> None:
    assert terraform.provenance().as_of > date(2026, 1, 1)


PLUGINS = os.environ.get("STOCKADE_TERRAFORM_PLUGINS", "")  # a plugin folder with the AWS provider
# What the provider that is at hand does not know yet.
NEWER = {"lambda": ["durable_config"]}


@pytest.mark.plugins
@each_variant
def test_terraform_takes_a_description_for_valid(
    module: terraform.KnownModule, variant: terraform.Variant, tmp_path: Path
) -> None:
    text = description(module, variant)
    for block in NEWER.get(module.folder, ()):
        start = text.index(f"  {block} {{")
        text = text[:start] + text[text.index("\n  }\n", start) + 5 :]
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "TF_CLI_CONFIG_FILE"}
    for command in (["init", f"-plugin-dir={PLUGINS}"], ["validate", "-no-color"]):
        done = subprocess.run(
            ["terraform", *command], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_is_null_if_nobody_writes_it() -> None:
    assert "tags" in terraform.unset("aws_sqs_queue")
    assert "kms_key_id" in terraform.unset("aws_cloudwatch_log_group")
    assert not terraform.unset("aws_lambda_function") & {"timeout", "memory_size", "arn", "publish", "role"}
    assert terraform.unset("aws_of_a_later_version") == frozenset()


def test_what_is_null_if_nobody_writes_it_is_small_and_has_no_default() -> None:
    assert path_of("terraform_unset.json").stat().st_size < 60_000
    recorded = json.loads((ORACLES / "defaults.json").read_text(encoding="utf-8"))
    schema = json.loads((ORACLES / "schema.json").read_text(encoding="utf-8"))
    known = json.loads(path_of("terraform_unset.json").read_text(encoding="utf-8"))["types"]
    assert len(known) > 50
    for type_, names in known.items():
        assert not set(names.split()) & recorded[type_].keys(), type_
        assert set(names.split()) <= schema[type_].keys(), type_
