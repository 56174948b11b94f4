"""What starting the program may cost. People run it in editors and commit hooks, where a slow start is felt every time.

This is the only test that asserts a time. It compares CPU time, not wall time, with that of a bare interpreter in the
same moment, so that a busy machine slows both.
"""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import stockade

BUDGET_MS = 70
ROUNDS = 9
SOURCE = Path(stockade.__file__).parent
VERSION = "import sys; sys.argv = ['stockade', '--version']; from stockade.cli import main; main()"

# Each takes longer to import than everything that `--version` needs; a command that needs one imports it itself.
HEAVY = {
    "asyncio",
    "boto3",
    "botocore",
    "http",
    "importlib.metadata",
    "jinja2",
    "jsonschema",
    "multiprocessing",
    "pathlib",
    "rich",
    "sqlalchemy",
    "sqlite3",
    "stockade.engine",
    "stockade.inputs",
    "stockade.reports",
    "stockade.rules",
    "tomlkit",
    "tree_sitter",
    "urllib.request",
    "yaml",
}
# What a scan of a few Terraform files, with findings and told as text, gets along without.
NEEDLESS = HEAVY - {"pathlib", "stockade.engine", "stockade.inputs", "stockade.reports", "stockade.rules"} | {
    "base64",
    "bz2",
    "hashlib",
    "lzma",
    "pkgutil",
    "shutil",
    "stockade.engine.fix",
    "stockade.inputs.cloudformation",
    "stockade.inputs.openapi",
    "stockade.inputs.terraform.plan",
    "stockade.inputs.terraform.terragrunt",
    "stockade.reports.json",
    "struct",
    "traceback",
}


@pytest.fixture
def compiled(tmp_path: Path) -> dict[str, str]:
    """An environment in which everything `--version` imports has been compiled, whatever this one says about that."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    cpu_ms(VERSION, environment)
    return environment


def cpu_ms(code: str, environment: dict[str, str]) -> float:
    """CPU time of an interpreter that runs `code`."""
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawn(sys.executable, [sys.executable, "-c", code], environment, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    return (usage.ru_utime + usage.ru_stime) * 1000


def test_version_starts_within_its_budget(compiled: dict[str, str]) -> None:
    over = [cpu_ms(VERSION, compiled) - cpu_ms("pass", compiled) for _ in range(ROUNDS)]

    assert statistics.median(over) < BUDGET_MS


def test_version_imports_nothing_heavy() -> None:
    code = f"import atexit, sys; atexit.register(lambda: print(*sys.modules, sep='\\n')); {VERSION}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert HEAVY.isdisjoint(run.stdout.splitlines())


def test_a_scan_of_terraform_imports_nothing_that_it_does_not_need(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = "arn:aws:iam::123456789012:role/r"\n}\n',
        encoding="utf-8",
    )
    leaving = (
        "import os, sys; leave = os._exit; os._exit = lambda code: (print(*sys.modules, file=sys.stderr), leave(code))"
    )
    scan = f"sys.argv = ['stockade', 'scan', {str(tmp_path)!r}]; from stockade.cli import main; main()"
    run = subprocess.run(
        [sys.executable, "-S", "-c", f"{leaving}; sys.path[:] = {sys.path!r}; {scan}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "SK" in run.stdout
    assert NEEDLESS.isdisjoint(run.stderr.split())


def test_no_module_compiles_an_expression_while_it_is_imported() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{line}: write `regex(…)` of stockade.patterns"
        for path in SOURCE.rglob("*.py")
        for line in compiled_at_import(ast.parse(path.read_text(encoding="utf-8")))
    ]

    assert found == []


def compiled_at_import(tree: ast.AST) -> Iterator[int]:
    """The lines of calls of `re.compile` that are in no function."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield node.lineno
        yield from compiled_at_import(node)
