"""Measure what a scan of Terraform costs: made trees of modules, or a folder that is named, beside checkov and tfparse.

    .venv/bin/python -m benchmarks.terraform
    .venv/bin/python -m benchmarks.terraform --peers .bench/bin --tree path/to/terraform

The made ones are a tree of 430 files (about 1.1 MB; a root module for each tenth, the others called by them), and one module
that is called 500 times by `for_each`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.run import BARE, Cost, Subject, _bare, _measure

_FUNCTION = """\
# {filler}
resource "aws_iam_role" "{name}" {{
  name                 = "${{var.prefix}}-{name}"
  max_session_duration = 3600
  assume_role_policy = jsonencode({{
    Version = "2012-10-17"
    Statement = [{{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = {{ Service = "lambda.amazonaws.com" }}
    }}]
  }})
  tags = merge(var.tags, {{ Name = "${{var.prefix}}-{name}" }})
}}

data "aws_iam_policy_document" "{name}" {{
  statement {{
    sid       = "Table"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem"]
    resources = [aws_dynamodb_table.{name}.arn, "${{aws_dynamodb_table.{name}.arn}}/index/*"]
  }}
  statement {{
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${{aws_cloudwatch_log_group.{name}.arn}}:*"]
  }}
}}

resource "aws_iam_role_policy" "{name}" {{
  role   = aws_iam_role.{name}.id
  policy = data.aws_iam_policy_document.{name}.json
}}

resource "aws_dynamodb_table" "{name}" {{
  name         = "${{var.prefix}}-{name}"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  attribute {{
    name = "id"
    type = "S"
  }}
  point_in_time_recovery {{
    enabled = var.stage == "prod"
  }}
}}

resource "aws_cloudwatch_log_group" "{name}" {{
  name              = "/aws/lambda/${{var.prefix}}-{name}"
  retention_in_days = var.stage == "prod" ? 365 : 30
}}

resource "aws_lambda_function" "{name}" {{
  function_name = "${{var.prefix}}-{name}"
  role          = aws_iam_role.{name}.arn
  filename      = "${{path.module}}/build/{name}.zip"
  handler       = "app.handler"
  runtime       = "python3.13"
  timeout       = var.timeout
  memory_size   = 256
  environment {{
    variables = {{
      TABLE = aws_dynamodb_table.{name}.name
      STAGE = var.stage
    }}
  }}
  dynamic "tracing_config" {{
    for_each = var.stage == "prod" ? [1] : []
    content {{
      mode = "Active"
    }}
  }}
}}
"""
_VARIABLES = """\
variable "prefix" {
  type    = string
  default = "app"
}
variable "stage" {
  type    = string
  default = "dev"
}
variable "timeout" {
  type    = number
  default = 10
}
variable "tags" {
  type    = map(string)
  default = {}
}
"""
_FILLER = "what this function does, who owns it and where it is called from, as people write it above a resource"


def write_tree(folder: Path, files: int = 430) -> None:
    """A tree of configuration files: every tenth is a root module that calls the nine after it."""
    number = 0
    while number < files:
        root = folder / f"stack_{number:03}"
        root.mkdir(parents=True)
        calls = []
        for inner in range(min(9, files - number - 1)):
            module = root / "modules" / f"part_{inner}"
            module.mkdir(parents=True)
            name = f"f{number + inner}"
            (module / "main.tf").write_text(_VARIABLES + _FUNCTION.format(name=name, filler=_FILLER), encoding="utf-8")
            calls.append(
                f'module "part_{inner}" {{\n  source = "./modules/part_{inner}"\n  prefix = "{name}"\n'
                f"  stage  = var.stage\n  tags   = var.tags\n}}\n"
            )
        (root / "main.tf").write_text(_VARIABLES + "\n".join(calls), encoding="utf-8")
        number += 10


def write_many(folder: Path, times: int = 500) -> None:
    """One module with a function, called so many times."""
    module = folder / "modules" / "function"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(_VARIABLES + _FUNCTION.format(name="this", filler=_FILLER), encoding="utf-8")
    (folder / "main.tf").write_text(
        f'module "function" {{\n  source   = "./modules/function"\n  for_each = {{ for i in range({times}) : "f${{i}}" => i }}\n'
        "  prefix   = each.key\n  timeout  = each.value % 60 + 1\n}\n",
        encoding="utf-8",
    )


def main() -> int:
    """Run the benchmark as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, help="runs of each command, of which the median is told (5)")
    parser.add_argument("--tree", type=Path, action="append", default=[], help="a folder of real Terraform; repeatable")
    parser.add_argument("--peers", type=Path, help="a folder with checkov's program, such as .bench/bin")
    options = parser.parse_args()
    stockade = shutil.which("stockade", path=str(Path(sys.executable).parent))
    if stockade is None:
        sys.exit("benchmarks: stockade is not installed beside this interpreter; run scripts/setup first")
    subjects = [Subject("stockade", [stockade, "scan", "--no-cache", "{project}"])]
    loads = "import sys, tfparse; tfparse.load_from_path(sys.argv[1])"
    subjects.append(Subject("tfparse (loads)", [sys.executable, "-c", loads, "{project}"]))
    if options.peers is not None:
        checkov = shutil.which("checkov", path=str(options.peers))
        if checkov is None:
            sys.exit(f"benchmarks: no checkov in {options.peers}; benchmarks/README.md says how to get it")
        arguments = ["--quiet", "--compact", "--skip-download", "--framework", "terraform", "-d", "{project}"]
        subjects.append(Subject("checkov", [checkov, *arguments], worst_answer=1))
    with tempfile.TemporaryDirectory(prefix="stockade-bench-") as made:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(made) / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        trees = {"a tree of 430 files": Path(made) / "tree", "a module called 500 times": Path(made) / "many"}
        write_tree(trees["a tree of 430 files"])
        write_many(trees["a module called 500 times"])
        trees |= {str(path): path for path in options.tree}
        print(f"CPU time and peak memory of whole processes; medians of {options.runs} runs, and the least")
        for title, folder in trees.items():
            costs = _measure([_bare(), *subjects], options.runs, folder)
            files = list(folder.rglob("*.tf"))
            size = sum(path.stat().st_size for path in files) / 1e6
            print_costs(f"{title} ({len(files)} files, {size:.1f} MB)", costs)
            _print_calls(folder, options.runs)
    return 0


# One call in a fresh process, as a program that has imported the library makes it: what is loaded behind its back counts.
_CALL = """
import gc, sys, time
from pathlib import Path
{}
gc.disable()
start = time.process_time()
call(Path(sys.argv[1]))
print((time.process_time() - start) * 1000)
"""
_CALLS = {
    "stockade.api.load": _CALL.format("from stockade.api import load as call"),
    "tfparse": _CALL.format("from tfparse import load_from_path\ncall = lambda path: load_from_path(str(path))"),
}


def _print_calls(folder: Path, runs: int) -> None:
    """The first call of each library's function that loads a tree, imports left out."""
    taken: dict[str, list[float]] = {name: [] for name in _CALLS}
    for _ in range(runs):
        for name, code in _CALLS.items():
            said = subprocess.run([sys.executable, "-c", code, folder], check=True, capture_output=True, text=True)
            taken[name].append(float(said.stdout))
    print("  the first call alone, CPU ms: " + ", ".join(f"{n} {min(each):.0f} (least)" for n, each in taken.items()))


def print_costs(title: str, costs: dict[str, Cost]) -> None:
    """A line for each program, beside ours."""
    ours = costs["stockade"].cpu_ms
    print(f"\n{title}")
    print(f"  {'':<18}{'CPU ms':>9}{'least':>9}{'of ours':>9}{'peak MB':>9}")
    for name, cost in costs.items():
        if name != BARE:
            times = f"{cost.cpu_ms / ours:.1f}x"
            print(f"  {name:<18}{cost.cpu_ms:>9.0f}{cost.least_cpu_ms:>9.0f}{times:>9}{cost.rss_mb:>9.0f}")


if __name__ == "__main__":
    sys.exit(main())
