"""Rules ask: they never read a value, look anything up on disk, or reach into another layer."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import stockade.rules

FOLDER = Path(stockade.rules.__file__).parent
FILES = sorted(p for p in FOLDER.rglob("*.py") if p.parent != FOLDER)
RULE_FILES = [p for p in FILES if p.name.startswith("sk")]

# What a rule may import of Stockade.
ALLOWED = (
    "stockade.model",
    "stockade.iam",
    "stockade.code",
    "stockade.knowledge",
    "stockade.patterns",
    "stockade.rules",
)
# What a rule may import besides.
LIBRARIES = {
    "__future__", "collections", "dataclasses", "datetime", "enum", "functools", "itertools", "math", "msgspec", "re",
    "string", "types", "typing",
}  # fmt: skip
# The insides of values: reading one takes "I don't know" for an answer.
RAW = {"v", "parts", "options", "doubt"}
# The classes that values are: whoever asks for one wants to look inside.
CLASSES = {"Known", "Default", "Text", "OneOf", "Unknown"}
IO = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint"}
# Attributes that lead from the model to what was written. (`code_inline` is a field of the model.)
WRITTEN = {"sources", "document", "roots", "site", "block"}
MOST_THAT_LOOK = 0.15


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _attributes(tree: ast.AST) -> dict[str, int]:
    return {node.attr: node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_rule_never_reads_a_raw_value(path: Path) -> None:
    tree = _tree(path)
    read = {attr: line for attr, line in _attributes(tree).items() if attr in RAW and attr != "options"}
    assert not read, f"ask the value with a predicate instead: {read}"
    names = {node.id: node.lineno for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in CLASSES}
    assert not names, f"ask the value with a predicate instead: {names}"


def _messages(tree: ast.AST) -> dict[int, str]:
    """By line, what stands behind `message=` and `message =`."""
    found: dict[int, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            found |= {word.value.lineno: word.value for word in node.keywords if word.arg == "message"}
        elif isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "message" for t in node.targets):
            found[node.lineno] = node.value
    return {line: ast.unparse(value) for line, value in found.items()}


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_message_reads_well_behind_whether(path: Path) -> None:
    """What can't be decided is told as "whether" and the message of the bad case: that nothing is known is no case."""
    nothing_known = re.compile(r"(?:can't|could not) be (?:seen|looked at|read|told)(?: wholly)?['\"]|than can be seen")
    bad = {line: text for line, text in _messages(_tree(path)).items() if nothing_known.search(text)}
    assert not bad, f"say what would be bad: {bad}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_what_a_fix_writes_is_never_what_decides(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "found":
            answer: ast.expr = node.args[0] if node.args else node
            assert "only" not in _attributes(answer), f"line {node.lineno}: `only()` is for fixes, not for deciding"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_who_asks_several_things_at_once_says_which_place_to_show(path: Path) -> None:
    """Without `at=` the place is the first that decided, which may be what only says whether the rule applies."""
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "found":
            several = any(isinstance(part, ast.BitAnd) for arg in node.args for part in ast.walk(arg))
            placed = any(word.arg == "at" for word in node.keywords)
            assert placed or not several, (
                f"line {node.lineno}: name the place with `at=` (`place_of` of `_stated` helps)"
            )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_rule_imports_lower_layers_only(path: Path) -> None:
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        else:
            continue
        for module in modules:
            ours = module.startswith("stockade")
            fine = module.startswith(ALLOWED) if ours else module.partition(".")[0] in LIBRARIES
            assert fine, f"line {node.lineno} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_a_rule_does_no_input_or_output(path: Path) -> None:
    called = {
        node.func.id: node.lineno
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IO
    }
    assert not called
    clocks = {a: line for a, line in _attributes(_tree(path)).items() if a in {"today", "now", "utcnow"}}
    text = path.read_text(encoding="utf-8")
    assert not clocks or all(f"ctx.{a}" in text or f"context.{a}" in text for a in clocks), "time comes in as ctx.today"


@pytest.mark.parametrize("path", RULE_FILES, ids=lambda p: p.name)
def test_a_rule_is_one_decorated_check(path: Path) -> None:
    tree = _tree(path)
    decorated = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.decorator_list]
    assert [n.name for n in decorated if _is_rule(n)] == ["check"]
    assert ast.get_docstring(tree)


def test_few_rules_look_at_anything_but_the_model() -> None:
    looking = [path.name for path in RULE_FILES if WRITTEN & set(_attributes(_tree(path)))]
    assert len(looking) <= MOST_THAT_LOOK * len(RULE_FILES), looking


def _is_rule(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(d, ast.Call) and isinstance(d.func, ast.Name) and d.func.id == "rule" for d in node.decorator_list
    )
