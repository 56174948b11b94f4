"""Terragrunt: which module a unit uses, with which inputs, and what can't be told without running it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stockade import api
from stockade.inputs.load import load
from stockade.model.app import App, Function, Gap, Other, Url
from tests.support import TODAY, fails

MODULE = """
variable "name" {
  type = string
}

variable "memory" {
  type    = number
  default = 128
}

variable "role_arn" {
  type    = string
  default = "arn:aws:iam::111122223333:role/r"
}

variable "env" {
  type    = map(string)
  default = {}
}

variable "tags" {
  type    = map(string)
  default = {}
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = var.role_arn
  memory_size   = var.memory
  filename      = "code.zip"
  tags          = var.tags

  environment {
    variables = var.env
  }
}

output "function_arn" {
  value = aws_lambda_function.this.arn
}
"""
USE = 'terraform {\n  source = "../../modules/fn"\n}\n'


def placed(folder: Path, files: Mapping[str, str]) -> Path:
    """Files in a folder."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def app_of(folder: Path, files: Mapping[str, str]) -> App:
    """The application of units, beside the module `modules/fn`."""
    return load(placed(folder, {"modules/fn/main.tf": MODULE, **files}))


def one(folder: Path, unit: str, more: Mapping[str, str] | None = None) -> Function:
    """The function of one unit at `live/fn`."""
    app = app_of(folder, {"live/fn/terragrunt.hcl": unit, **(more or {})})
    assert [g.why for g in app.gaps] == []
    (found,) = app.functions
    return found


def gap(folder: Path, unit: str, more: Mapping[str, str] | None = None) -> Gap:
    """What can't be seen of one unit."""
    (found,) = app_of(folder, {"live/fn/terragrunt.hcl": unit, **(more or {})}).gaps
    return found


# ---------------------------------------------------------------------------------------------------------------- inputs


def test_a_module_has_the_inputs_of_its_unit(tmp_path: Path) -> None:
    found = one(tmp_path, USE + 'inputs = {\n  name   = "orders"\n  memory = 512\n}\n')
    assert (found.name.show(), found.memory.show()) == ("orders", "512")
    origin = found.memory.origin
    assert (origin.path, origin.span.text) == ("modules/fn/main.tf", "var.memory")  # type: ignore[union-attr]
    (via,) = origin.via
    assert via.what == "value of variable memory in live/fn/terragrunt.hcl"
    assert via.span is not None
    assert (via.span.doc.path, via.span.text) == ("live/fn/terragrunt.hcl", "512")


def test_the_module_is_no_root_of_its_own(tmp_path: Path) -> None:
    """Two units are two applications of one module, and that is all there is."""
    app = app_of(
        tmp_path,
        {
            "live/a/terragrunt.hcl": USE + 'inputs = { name = "a" }\n',
            "live/b/terragrunt.hcl": USE + 'inputs = { name = "b" }\n',
        },
    )
    assert sorted((f.key, f.name.show()) for f in app.functions) == [
        ("live/a#aws_lambda_function.this", "a"),
        ("live/b#aws_lambda_function.this", "b"),
    ]


def test_what_the_module_calls_is_no_root_either(tmp_path: Path) -> None:
    outer = 'variable "name" {}\nmodule "fn" {\n  source = "../fn"\n  name = var.name\n}\n'
    unit = 'terraform {\n  source = "../../modules/outer"\n}\ninputs = { name = "x" }\n'
    app = app_of(tmp_path, {"modules/outer/main.tf": outer, "live/fn/terragrunt.hcl": unit})
    assert [(f.key, f.name.show()) for f in app.functions] == [("live/fn#module.fn.aws_lambda_function.this", "x")]


def test_an_input_that_is_not_given_has_its_default(tmp_path: Path) -> None:
    assert one(tmp_path, USE + 'inputs = { name = "x" }\n').memory.show() == "128"


def test_inputs_are_worked_out_from_locals_and_functions(tmp_path: Path) -> None:
    unit = USE + (
        'locals {\n  stage = "prod"\n  name = "orders-${local.stage}"\n}\n'
        "inputs = merge({ name = upper(local.name) }, { memory = 2 * 256 })\n"
    )
    found = one(tmp_path, unit)
    assert (found.name.show(), found.memory.show()) == ("ORDERS-PROD", "512")


def test_paths_of_code_are_those_of_the_module(tmp_path: Path) -> None:
    assert one(tmp_path, USE + 'inputs = { name = "x" }\n').code_path.show() == "modules/fn/code.zip"


# --------------------------------------------------------------------------------------------------------------- sources


@pytest.mark.parametrize(
    "source",
    [
        "../../modules/fn",
        "../../modules//fn",
        "../..//modules/fn",
        "../../modules//fn?ref=v1",
        "${get_terragrunt_dir()}/../../modules/fn",
        "${get_parent_terragrunt_dir()}/../../modules//fn",
        "${dirname(get_terragrunt_dir())}/../modules/fn",
        '${find_in_parent_folders("modules")}/fn',
    ],
)
def test_a_source_in_the_same_repository_is_found(tmp_path: Path, source: str) -> None:
    unit = 'terraform {\n  source = "' + source + '"\n}\ninputs = { name = "x" }\n'
    assert one(tmp_path, unit).name.show() == "x"


def test_the_top_of_the_repository_is_where_git_has_it(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    unit = 'terraform {\n  source = "${get_repo_root()}/modules/fn"\n}\ninputs = { name = get_path_from_repo_root() }\n'
    assert one(tmp_path, unit).name.show() == "live/fn"


def test_the_top_of_the_repository_may_lie_above_what_is_scanned(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    unit = 'terraform {\n  source = "${get_repo_root()}/infra/modules/fn"\n}\ninputs = { name = get_path_to_repo_root() }\n'
    found = one(tmp_path / "infra", unit)
    assert found.name.show() == "../../.."


def test_without_a_source_it_is_the_configuration_beside_it(tmp_path: Path) -> None:
    app = load(placed(tmp_path, {"fn/main.tf": MODULE, "fn/terragrunt.hcl": 'inputs = { name = "own" }\n'}))
    assert [(f.key, f.name.show()) for f in app.functions] == [("fn#aws_lambda_function.this", "own")]


def test_a_file_that_only_others_include_is_no_unit(tmp_path: Path) -> None:
    app = app_of(tmp_path, {"terragrunt.hcl": "inputs = {}\n"})
    assert app.gaps == ()
    assert [f.key for f in app.functions] == ["modules/fn#aws_lambda_function.this"]  # nothing uses it


@pytest.mark.parametrize(
    "source",
    [
        "git::https://example.com/modules.git//fn?ref=v1",
        "git@example.com:acme/modules.git//fn",
        "github.com/acme/modules//fn",
        "tfr:///acme/fn/aws?version=1.0.0",
        "https://example.com/fn.zip",
    ],
)
def test_a_source_elsewhere_is_a_gap_that_says_what_to_run(tmp_path: Path, source: str) -> None:
    found = gap(tmp_path, f'terraform {{\n  source = "{source}"\n}}\n')
    assert found.remedy == "run `terragrunt init` in `live/fn`, and scan again"
    assert source in found.what
    assert (found.kind, found.hides, found.path) == ("module", True, "live/fn/terragrunt.hcl")
    assert found.span is not None
    assert found.span.line == 2


def test_what_terragrunt_has_fetched_is_read(tmp_path: Path) -> None:
    """Its cache holds the module in two folders named by digests; places are at the source."""
    unit = 'terraform {\n  source = "git::https://example.com/m.git//fn?ref=v1"\n}\ninputs = { name = "fetched" }\n'
    app = load(
        placed(
            tmp_path,
            {"live/fn/terragrunt.hcl": unit, "live/fn/.terragrunt-cache/aB3/cD4/fn/main.tf": MODULE},
        )
    )
    (found,) = app.functions
    assert found.name.show() == "fetched"
    assert found.origin.path == "live/fn/terragrunt.hcl"  # type: ignore[union-attr]
    assert found.name.origin.path == "live/fn/terragrunt.hcl"  # type: ignore[union-attr]
    assert app.gaps == ()


def test_two_versions_in_the_cache_are_not_chosen_from(tmp_path: Path) -> None:
    cached = {f"live/fn/.terragrunt-cache/{name}/x/main.tf": MODULE for name in ("a", "b")}
    assert gap(tmp_path, 'terraform {\n  source = "git::https://example.com/m.git"\n}\n', cached).kind == "module"


def test_a_source_outside_of_the_scan_is_a_gap(tmp_path: Path) -> None:
    found = gap(tmp_path, 'terraform {\n  source = "../../../elsewhere"\n}\n')
    assert (found.why, found.remedy) == ("it lies outside of the scanned folder", "scan the folder that holds both")


def test_a_source_that_is_not_there_is_a_gap(tmp_path: Path) -> None:
    assert gap(tmp_path, 'terraform {\n  source = "../nothing"\n}\n').remedy == "correct the path"


def test_a_source_out_of_the_environment_is_a_gap(tmp_path: Path) -> None:
    found = gap(tmp_path, 'terraform {\n  source = get_env("MODULE", "../../modules/fn")\n}\n')
    assert found.why == "which module it is can't be told: the environment variable `MODULE` is not looked at"


# -------------------------------------------------------------------------------------------------------------- includes


ROOT = 'inputs = {\n  memory = 256\n  env = { A = "root", B = "root" }\n}\n'


def test_inputs_of_an_included_file_hold_where_the_unit_has_none(tmp_path: Path) -> None:
    unit = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n' + USE
    found = one(tmp_path, unit + 'inputs = { name = "x", env = { A = "own" } }\n', {"root.hcl": ROOT})
    assert found.memory.show() == "256"
    assert {v.name: v.value.show() for v in found.environment} == {"A": "own"}
    (via,) = found.memory.origin.via
    assert via.what == "value of variable memory in root.hcl"


@pytest.mark.parametrize(
    ("merge", "said", "memory"),
    [
        ("deep", {"A": "own", "B": "root"}, "256"),
        ("shallow", {"A": "own"}, "256"),
        ("no_merge", {"A": "own"}, "128"),
    ],
)
def test_includes_are_merged_as_they_say(tmp_path: Path, merge: str, said: dict[str, str], memory: str) -> None:
    unit = f'include "root" {{\n  path = find_in_parent_folders("root.hcl")\n  merge_strategy = "{merge}"\n}}\n' + USE
    found = one(tmp_path, unit + 'inputs = { name = "x", env = { A = "own" } }\n', {"root.hcl": ROOT})
    assert {v.name: v.value.show() for v in found.environment} == said
    assert found.memory.show() == memory


def test_the_source_may_come_from_an_included_file(tmp_path: Path) -> None:
    """It is taken from the unit's folder, and functions mean the unit too."""
    shared = (
        'terraform {\n  source = "${path_relative_from_include()}/../modules/fn"\n}\n'
        "inputs = { name = path_relative_to_include() }\n"
    )
    found = one(tmp_path, "include {\n  path = find_in_parent_folders()\n}\n", {"live/terragrunt.hcl": shared})
    assert found.name.show() == "fn"


def test_exposed_includes_can_be_referred_to(tmp_path: Path) -> None:
    unit = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n  expose = true\n}\n' + USE
    unit += 'inputs = { name = "${include.root.locals.prefix}-x", memory = include.root.inputs.size }\n'
    found = one(tmp_path, unit, {"root.hcl": 'locals {\n  prefix = "acme"\n}\ninputs = { size = 1024 }\n'})
    assert (found.name.show(), found.memory.show()) == ("acme-x", "1024")


def test_several_files_are_included_the_later_winning(tmp_path: Path) -> None:
    unit = (
        'include "a" {\n  path = "../../a.hcl"\n}\ninclude "b" {\n  path = "${get_terragrunt_dir()}/../../b.hcl"\n}\n'
        + USE
    )
    more = {"a.hcl": 'inputs = { name = "a", memory = 1 }\n', "b.hcl": 'inputs = { name = "b" }\n'}
    found = one(tmp_path, unit, more)
    assert (found.name.show(), found.memory.show()) == ("b", "1")


def test_a_file_to_include_that_is_not_above_is_a_gap(tmp_path: Path) -> None:
    app = app_of(
        tmp_path,
        {
            "live/fn/terragrunt.hcl": "include {\n  path = find_in_parent_folders()\n}\n"
            + USE
            + 'inputs = { name = "x" }\n'
        },
    )
    (found,) = app.gaps
    assert "no folder above `live/fn` holds `terragrunt.hcl`" in found.why
    assert found.remedy == "scan the folder that holds it"
    (function,) = app.functions
    assert function.name.show() == "x"


def test_files_that_include_each_other_are_a_gap(tmp_path: Path) -> None:
    circle = 'include "x" {\n  path = "${get_terragrunt_dir()}/terragrunt.hcl"\n}\n' + USE + 'inputs = { name = "x" }\n'
    assert "circle" in gap(tmp_path, circle).why


# --------------------------------------------------------------------------------------------------------- what is read


def test_another_file_is_read(tmp_path: Path) -> None:
    """The usual way: facts of an environment in a file above, read by a file that all units include."""
    more = {
        "root.hcl": 'locals {\n  env = read_terragrunt_config(find_in_parent_folders("env.hcl"))\n}\n'
        'inputs = { name = "orders-${local.env.locals.stage}", memory = local.env.inputs.memory }\n',
        "live/env.hcl": 'locals {\n  stage = "prod"\n}\ninputs = { memory = 512 }\n',
    }
    unit = 'include {\n  path = find_in_parent_folders("root.hcl")\n}\n' + USE
    found = one(tmp_path, unit, more)
    assert (found.name.show(), found.memory.show()) == ("orders-prod", "512")


def test_data_files_are_read(tmp_path: Path) -> None:
    unit = (
        'locals {\n  a = yamldecode(file(find_in_parent_folders("common.yaml")))\n'
        '  b = jsondecode(file("${get_terragrunt_dir()}/own.json"))\n'
        '  c = jsondecode(read_tfvars_file("own.tfvars"))\n}\n'
        + USE
        + "inputs = { name = local.a.name, memory = local.b.memory, env = local.c.env }\n"
    )
    more = {
        "common.yaml": "name: from-yaml\n",
        "live/fn/own.json": '{"memory": 300}',
        "live/fn/own.tfvars": 'env = {\n  A = "b"\n}\n',
    }
    found = one(tmp_path, unit, more)
    assert (found.name.show(), found.memory.show()) == ("from-yaml", "300")
    assert {v.name: v.value.show() for v in found.environment} == {"A": "b"}


def test_values_of_files_win_over_inputs(tmp_path: Path) -> None:
    unit = 'terraform {\n  source = "../../modules/fn"\n  extra_arguments "v" {\n    commands = ["plan"]\n'
    unit += '    required_var_files = ["${get_terragrunt_dir()}/more.tfvars"]\n  }\n}\n'
    unit += 'inputs = { name = "x", memory = 1, env = { A = "input" } }\n'
    more = {"live/fn/more.tfvars": "memory = 2\n", "live/fn/terraform.tfvars": 'env = { A = "tfvars" }\n'}
    found = one(tmp_path, unit, more)
    assert found.memory.show() == "2"
    assert [v.value.show() for v in found.environment] == ["tfvars"]


def test_what_the_user_gives_wins(tmp_path: Path) -> None:
    placed(
        tmp_path,
        {"modules/fn/main.tf": MODULE, "live/fn/terragrunt.hcl": USE + 'inputs = { name = "x", memory = 1 }\n'},
    )
    result = api.scan(tmp_path, variables={"memory": "3"}, today=TODAY)
    (found,) = result.app.functions
    assert (found.name.show(), found.memory.show()) == ("x", "3")


def test_a_name_from_the_folders(tmp_path: Path) -> None:
    assert one(tmp_path, USE + "inputs = { name = basename(get_terragrunt_dir()) }\n").name.show() == "fn"


# ------------------------------------------------------------------------------------------------------- dependencies

ROLE = (
    'variable "name" {}\nresource "aws_iam_role" "this" {\n  name = var.name\n  assume_role_policy = "{}"\n}\n'
    'output "arn" {\n  value = aws_iam_role.this.arn\n}\n'
)
DEPENDS = (
    'dependency "role" {\n  config_path = "../role"\n  mock_outputs = { arn = "arn:aws:iam::1:role/mock" }\n}\n'
    + USE
    + 'inputs = { name = "x", role_arn = dependency.role.outputs.arn }\n'
)


def test_outputs_of_another_unit_are_what_its_configuration_says(tmp_path: Path) -> None:
    more = {
        "modules/role/main.tf": ROLE,
        "live/role/terragrunt.hcl": 'terraform {\n  source = "../../modules/role"\n}\ninputs = { name = "r" }\n',
    }
    found = one(tmp_path, DEPENDS, more)
    (reference,) = [r for _, r in found.role.references()]
    assert reference.target == "live/role#aws_iam_role.this"


def test_outputs_of_a_unit_that_is_not_here_are_unknown_and_never_mocked(tmp_path: Path) -> None:
    (found,) = app_of(tmp_path, {"live/fn/terragrunt.hcl": DEPENDS}).functions
    assert "mock" not in found.role.show()
    answer = found.role.is_("arn:aws:iam::1:role/mock")
    assert answer.truth == "maybe"
    assert answer.doubts[0].why == "`dependency.role.outputs.arn` is an output of another unit, known only after apply"


def test_units_that_depend_on_each_other_are_unknown(tmp_path: Path) -> None:
    def unit(other: str) -> str:
        return (
            f'dependency "o" {{\n  config_path = "../{other}"\n}}\n'
            + USE
            + 'inputs = { name = dependency.o.outputs.function_arn, role_arn = "r" }\n'
        )

    output = '\noutput "name" {\n  value = var.name\n}\n'
    files = {
        "modules/fn/main.tf": MODULE + output,
        "live/a/terragrunt.hcl": unit("b").replace("function_arn", "name"),
        "live/b/terragrunt.hcl": unit("a").replace("function_arn", "name"),
    }
    app = load(placed(tmp_path, files))
    assert {type(f.name).__name__ for f in app.functions} == {"Unknown"}


# ------------------------------------------------------------------------------------------------------ what is not told


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ('get_env("X")', "the environment variable `X` is not looked at"),
        ('get_env("X", "default")', "the environment variable `X` is not looked at"),
        ('run_cmd("date")', "what `run_cmd` gives is known only where Terragrunt runs"),
        ("get_platform()", "what `get_platform` gives is known only where Terragrunt runs"),
        ("feature.x.value", "`feature.x` is known only where Terragrunt runs"),
    ],
)
def test_what_only_the_run_knows_is_unknown_with_its_reason(tmp_path: Path, expression: str, why: str) -> None:
    found = one(tmp_path, USE + f"inputs = {{ name = {expression} }}\n")
    answer = found.name.is_("orders")
    assert answer.truth == "maybe"
    assert answer.doubts[0].why == why


def test_whole_paths_are_known_from_the_scanned_folder_on(tmp_path: Path) -> None:
    found = one(tmp_path, USE + "inputs = { name = get_terragrunt_dir() }\n")
    assert found.name.show() == "${terragrunt:root}/live/fn"
    assert found.name.is_("orders").truth == "no"
    assert found.name.starts_with("/home").truth == "maybe"


def test_the_account_is_the_own_one(tmp_path: Path) -> None:
    unit = USE + 'inputs = { name = "x", role_arn = "arn:aws:iam::${get_aws_account_id()}:role/r" }\n'
    assert one(tmp_path, unit).role.show() == "arn:aws:iam::${AWS::AccountId}:role/r"


def test_an_encrypted_file_stays_so(tmp_path: Path) -> None:
    unit = 'locals {\n  s = yamldecode(sops_decrypt_file("secrets.yaml"))\n}\n' + USE
    found = one(
        tmp_path, unit + 'inputs = { name = "x", env = { P = local.s.password } }\n', {"live/fn/secrets.yaml": "a: b\n"}
    )
    (variable,) = found.environment
    assert type(variable.value).__name__ in {"Unknown", "Text"}


def test_inputs_that_are_partly_unknown_are_so_only_there(tmp_path: Path) -> None:
    unit = USE + 'inputs = merge({ name = "x" }, jsondecode(get_env("MORE", "{}")), { memory = 64 })\n'
    found = one(tmp_path, unit)
    assert found.memory.show() == "64"
    assert found.name.is_("x").truth == "maybe"  # what is merged in may name it too


@pytest.mark.parametrize(
    ("contents", "told"),
    [
        ('provider \\"aws\\" {\\n  region = \\"eu-west-1\\"\\n}\\n', False),
        ('terraform {\\n  backend \\"s3\\" {}\\n}\\n', False),
        ('resource \\"aws_sqs_queue\\" \\"q\\" {}\\n', True),
        ('  module \\"m\\" {\\n  source = \\"./m\\"\\n}\\n', True),
    ],
)
def test_generated_files_are_told_of_where_they_declare_something(tmp_path: Path, contents: str, told: bool) -> None:  # noqa: FBT001 - a case
    unit = USE + f'inputs = {{ name = "x" }}\ngenerate "g" {{\n  path = "g.tf"\n  contents = "{contents}"\n}}\n'
    gaps = app_of(tmp_path, {"live/fn/terragrunt.hcl": unit}).gaps
    assert [g.what for g in gaps] == (['what `generate "g"` writes'] if told else [])


def test_stacks_are_told_of(tmp_path: Path) -> None:
    app = app_of(tmp_path, {"live/terragrunt.stack.hcl": 'unit "a" {\n  source = "x"\n  path = "a"\n}\n'})
    (found,) = app.gaps
    assert found.remedy == "write the units that it makes: `terragrunt stack generate`"


def test_configuration_beside_a_source_is_told_of(tmp_path: Path) -> None:
    found = gap(tmp_path, USE + 'inputs = { name = "x" }\n', {"live/fn/extra.tf": "locals {\n  a = 1\n}\n"})
    assert "puts it into the module" in found.why


# ------------------------------------------------------------------------------------------------- findings, fixes, plans

OPEN = MODULE + (
    'variable "auth" {\n  type = string\n}\nresource "aws_lambda_function_url" "this" {\n'
    "  function_name      = aws_lambda_function.this.function_name\n  authorization_type = var.auth\n}\n"
)


def test_a_finding_names_both_places_and_its_fix_is_made_in_the_unit(tmp_path: Path) -> None:
    unit = USE + 'inputs = {\n  name = "x"\n  auth = "NONE"\n}\n'
    placed(tmp_path, {"modules/fn/main.tf": OPEN, "live/fn/terragrunt.hcl": unit})
    (finding,) = fails(api.scan(tmp_path, today=TODAY), "SK101")
    assert finding.span is not None
    assert finding.span.doc.path == "modules/fn/main.tf"
    change = api.fix(tmp_path, select=["SK101"], unsafe=True, today=TODAY)
    assert change.after == {"live/fn/terragrunt.hcl": unit.replace('"NONE"', '"AWS_IAM"')}


def test_a_plan_of_a_unit_is_joined_to_its_module(tmp_path: Path) -> None:
    """The plan wins, and the unit is not told of a second time."""
    unit = USE + 'inputs = {\n  name = "x"\n  auth = get_env("AUTH")\n}\n'
    function = {"mode": "managed", "type": "aws_lambda_function", "name": "this"}
    url = {"mode": "managed", "type": "aws_lambda_function_url", "name": "this"}
    values = {"function_name": "x", "role": "arn:aws:iam::111122223333:role/r", "memory_size": 128}
    plan = {
        "format_version": "1.2",
        "variables": {"name": {"value": "x"}, "auth": {"value": "AWS_IAM"}},
        "planned_values": {
            "root_module": {
                "resources": [
                    {**function, "address": "aws_lambda_function.this", "values": values},
                    {
                        **url,
                        "address": "aws_lambda_function_url.this",
                        "values": {"function_name": "x", "authorization_type": "AWS_IAM"},
                    },
                ]
            }
        },
        "configuration": {"root_module": {"resources": [{**function, "expressions": {}}, {**url, "expressions": {}}]}},
    }
    files = {"modules/fn/main.tf": OPEN, "live/fn/terragrunt.hcl": unit, "live/fn/plan.json": json.dumps(plan)}
    app = load(placed(tmp_path, files))
    (found,) = app.of(Url)
    assert found.auth.show() == "AWS_IAM"
    assert found.auth.origin.path == "modules/fn/main.tf"  # type: ignore[union-attr]
    assert [f.key for f in app.functions] == ["live/fn#aws_lambda_function.this"]
    shutil.move(tmp_path / "live/fn/plan.json", tmp_path / "old.txt")
    (found,) = load(tmp_path).of(Url)
    assert type(found.auth).__name__ == "Unknown"


# ------------------------------------------------------------------------------------------------------------- bad input


def test_a_file_that_is_broken_is_a_gap(tmp_path: Path) -> None:
    app = app_of(tmp_path, {"live/fn/terragrunt.hcl": USE + "inputs = {\n"})
    assert any(g.kind == "syntax" and g.path == "live/fn/terragrunt.hcl" for g in app.gaps)


def test_a_file_in_json_is_read(tmp_path: Path) -> None:
    text = {"terraform": {"source": "../../modules/fn"}, "inputs": {"name": "json", "memory": 99}}
    app = app_of(tmp_path, {"live/fn/terragrunt.hcl.json": json.dumps(text)})
    (found,) = app.functions
    assert (found.name.show(), found.memory.show()) == ("json", "99")


def test_one_unit_that_is_named_is_read_with_what_lies_beside_it(tmp_path: Path) -> None:
    placed(tmp_path, {"fn/main.tf": MODULE, "fn/terragrunt.hcl": 'inputs = { name = "own" }\n'})
    (found,) = load(tmp_path / "fn" / "terragrunt.hcl").functions
    assert found.name.show() == "own"


@pytest.mark.parametrize(
    "unit",
    [
        "inputs = 3\n",
        'inputs = ["a"]\n',
        "inputs = null\n",
        "inputs = local.nothing\n",
        "inputs = dependency.nothing.outputs\n",
        "inputs = include.nothing.inputs\n",
        "inputs = var.x\n",
        'inputs = { name = read_terragrunt_config("terragrunt.hcl").inputs.name }\n',
        'inputs = read_terragrunt_config("nothing.hcl")\n',
        'inputs = read_terragrunt_config("../../../../etc/passwd")\n',
        'inputs = { name = file("/etc/passwd") }\n',
        'inputs = { name = file("../../../../../../etc/passwd") }\n',
        "inputs = { name = find_in_parent_folders(null) }\n",
        "inputs = { name = get_env() }\n",
        "inputs = { name = sops_decrypt_file() }\n",
        "inputs = { name = read_tfvars_file() }\n",
        "inputs = deep_merge(1, 2)\n",
        'include "a" {\n}\ninclude "b" {\n  path = 3\n}\n',
        'dependency "a" {\n}\ninputs = dependency.a.outputs\n',
        "locals {\n  a = local.b\n  b = local.a\n}\ninputs = { name = local.a }\n",
        "terraform {\n  source = 3\n}\n",
        "terraform {\n  extra_arguments {\n    required_var_files = [3, null]\n  }\n}\n",
        "generate {\n  contents = null\n}\n",
    ],
)
def test_nothing_in_a_unit_is_raised(tmp_path: Path, unit: str) -> None:
    text = unit if "source" in unit else USE + unit
    app = app_of(tmp_path, {"live/fn/terragrunt.hcl": text})
    assert all(g.why for g in app.gaps)
    assert not any("root:" in f.name.show() for f in app.functions)


_WORDS = st.sampled_from([
    "inputs", "locals", "=", "{", "}", "(", ")", "[", "]", '"a"', '"${', '}"', "local.a", "include.a.inputs", "\n", ",",
    "dependency.a.outputs.b", "find_in_parent_folders", "read_terragrunt_config", "get_env", "terraform", "source", "a",
    'include "a"', 'dependency "a"', "path", "config_path", '"../x"', "null", "merge", "...", "?", ":", "1",
])  # fmt: skip


@given(st.lists(_WORDS, max_size=25))
def test_no_text_of_a_unit_is_raised(words: list[str]) -> None:
    from stockade.inputs.terraform.lower import Lowering
    from stockade.inputs.terraform.project import Project
    from stockade.inputs.terraform.terragrunt import Terragrunt
    from tests.inputs.terraform.support import MemoryDisk

    files = {"live/a/terragrunt.hcl": USE + " ".join(words), "modules/fn/main.tf": MODULE}
    project = Project(MemoryDisk(files))
    for unit in Terragrunt(project).read(["live/a/terragrunt.hcl"]):
        assert unit.root is not None
        Lowering(project.declared(unit.root)).run()
    assert all(g.why for g in project.gaps)


def test_a_deep_merge_is_one(tmp_path: Path) -> None:
    unit = USE + 'inputs = deep_merge({ name = "x", env = { A = "1" } }, { env = { B = "2" } })\n'
    assert {v.name: v.value.show() for v in one(tmp_path, unit).environment} == {"A": "1", "B": "2"}


def test_other_resources_of_a_unit_have_its_folder_in_their_key(tmp_path: Path) -> None:
    unit = 'terraform {\n  source = "../../modules/x"\n}\n'
    module = 'resource "aws_vpc_dhcp_options" "x" {}\n'
    app = app_of(tmp_path, {"modules/x/main.tf": module, "live/x/terragrunt.hcl": unit})
    assert [r.key for r in app.of(Other)] == ["live/x#aws_vpc_dhcp_options.x"]
