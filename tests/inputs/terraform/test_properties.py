"""What holds of every configuration, and of whatever a file may hold."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from stockade.engine.run import run_rules
from stockade.inputs.load import load
from stockade.inputs.terraform.configuration import SUFFIXES
from stockade.model.app import App, Queue
from stockade.model.diff import differences, own_fields
from stockade.rules import all_rules
from stockade.rules._base import Context
from stockade.text.document import Document
from stockade.text.hcl.read import read_hcl
from tests.inputs.terraform.support import app_of

ROOT = Path(__file__).parents[3]
GOOD = """\
resource "aws_lambda_function" "all_by_itself" {
  function_name = "all-by-itself"
  role          = "arn:aws:iam::123456789012:role/r"
  handler       = "index.handler"
  runtime       = "python3.13"
  timeout       = 7
}
"""
PLACE = re.compile(r"[\w./-]+\.tf:")
few = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
some = settings(few, max_examples=150)
many = settings(few, max_examples=300)


# ------------------------------------------------------------------------------------------------- the configurations


def read_folder(folder: Path) -> dict[str, str]:
    """The files of a configuration, by their paths."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md")
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in paths}


@cache
def configurations() -> dict[str, dict[str, str]]:
    """The configurations of the repository."""
    folders = [ROOT / "examples/orders-terraform", *sorted((ROOT / "tests/oracles/terraform/modules").iterdir())]
    return {folder.name: files for folder in folders if folder.is_dir() and (files := read_folder(folder))}


def holds(app: App) -> dict[str, str]:
    """What an application holds, by address; what has no name but its place has none here."""
    return {
        resource.address: PLACE.sub("a place", repr(own_fields(resource)))
        for resource in app.resources
        if resource.kind != "variable"
    }


def verdicts(app: App) -> list[tuple[str, str, str]]:
    """What every rule says of every function."""
    rules = [rule for rule in all_rules() if not rule.is_meta]
    _, rows, crashes = run_rules(app, rules, Context(today=datetime.date(2026, 1, 1)))
    assert not crashes
    return sorted((row.function.address, row.rule.code, row.verdict) for row in rows)


# --------------------------------------------------------------------------------------------------------- any bytes

NAMES = ["a.tf", "a.tf.json", "a_override.tf", "x.auto.tfvars"]
BITS = st.lists(
    st.sampled_from([
        b"resource ", b'"aws_sqs_queue" ', b'"q" ', b"{\n", b"}\n", b"name", b" = ", b'"', b"${", b"%{", b"}", b"<<EOT\n",
        b"EOT\n", b"[", b"]", b"(", b")", b"for ", b" in ", b" : ", b" ? ", b"if ", b"...", b"*", b".", b"var", b"local",
        b"module ", b"locals ", b"count", b"for_each", b"dynamic ", b"content ", b"1", b"-", b"\n", b"\r\n", b"#", b"/*",
        b"*/", b"\\", b"\\u", b"\xff", b"\xef\xbb\xbf", b"\0", "é".encode(), b"null", b"true", b"try(", b"jsonencode(",
        b'source = "./"\n', b"data ", b"output ", b"variable ", b"default", b"type", b"provider ", b"terraform ",
    ]),
    max_size=60,
).map(b"".join)  # fmt: skip


@many
@given(
    data=st.one_of(BITS, st.binary(max_size=200)),
    name=st.sampled_from(["a.tf", "a.tf.json", "a_override.tf", "x.auto.tfvars"]),
)
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes, name: str) -> None:
    folder = tmp_path_factory.getbasetemp() / f"bytes-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    (folder / "good.tf").write_text(GOOD)
    path = folder / name
    path.write_bytes(data)
    try:
        app = load(folder)
    finally:
        path.unlink()
    assert [f.timeout.show() for f in app.functions if f.address == "aws_lambda_function.all_by_itself"] == ["7"]
    assert all(gap.remedy for gap in app.gaps)


# ---------------------------------------------------------------------------------------------------------- mutations

TOKEN = re.compile(r'[A-Za-z_][\w-]*|\d+|\s+|\$\{|%\{|<<-?|\.\.\.|=>|[=!<>]=|&&|\|\||"|.', re.DOTALL)
INSERTED = [
    "", "{", "}", "[", "]", "(", ")", '"', "${", "}\n", "null", "0", "-1", "[]", "{}", "true", "count = 1\n", "local.nope",
    "each.key", "*", "...", "\n", "#", "/*", "<<EOT\n", "for_each = 5\n", "99999999999", '""', "self", "1.5", "é", "\0",
]  # fmt: skip


class Edit(Struct, frozen=True):
    """A change of a file's tokens: where it is, as a part of the file's length, how many it is about, and what it does."""

    at: float
    length: int
    kind: str
    other: float
    text: str


EDITS = st.lists(
    st.builds(
        Edit,
        at=st.floats(0, 1),
        length=st.integers(1, 6),
        kind=st.sampled_from(["drop", "double", "swap", "put", "cut"]),
        other=st.floats(0, 1),
        text=st.sampled_from(INSERTED),
    ),
    min_size=1,
    max_size=4,
)
FILES = [(name, path) for name, files in configurations().items() for path in sorted(files)]


def changed(text: str, edits: list[Edit]) -> str:
    """The text after some changes."""
    tokens = TOKEN.findall(text)
    for edit in edits:
        if not tokens:
            break
        at, other = (int(part * (len(tokens) - 1)) for part in (edit.at, edit.other))
        end = min(len(tokens), at + edit.length)
        if edit.kind == "drop":
            del tokens[at:end]
        elif edit.kind == "double":
            tokens[at:at] = tokens[at:end]
        elif edit.kind == "swap":
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif edit.kind == "put":
            tokens[at:end] = [edit.text]
        else:
            del tokens[end:]
    return "".join(tokens)


def always_there(files: Mapping[str, str], but: str) -> Iterator[str]:
    """The addresses of AWS resources of the root module, in other files than one, that are there whatever is in that one."""
    for path, text in files.items():
        if path == but or "/" in path or not path.endswith(".tf") or path.endswith("override.tf"):
            continue
        for block in read_hcl(Document(path, text)).body.of("resource"):
            repeated = {"count", "for_each"} & block.body.attributes.keys()
            if not repeated and block.labels[0].startswith("aws_"):
                yield ".".join(block.labels)


@many
@given(file=st.sampled_from(FILES), edits=EDITS)
def test_a_change_of_one_file_loses_nothing_of_the_others(file: tuple[str, str], edits: list[Edit]) -> None:
    name, path = file
    files = configurations()[name]
    app = app_of({**files, path: changed(files[path], edits), "all_by_itself.tf": GOOD})
    there = {resource.address for resource in app.resources}
    assert {a for a in always_there(files, path) if a in addresses_of(name)} <= there
    assert [f.timeout.show() for f in app.functions if f.address == "aws_lambda_function.all_by_itself"] == ["7"]
    assert all(gap.remedy for gap in app.gaps)
    verdicts(app)


@cache
def addresses_of(name: str) -> frozenset[str]:
    """The addresses that a configuration has."""
    return frozenset(resource.address for resource in app_of(configurations()[name]).resources)


# ----------------------------------------------------------------------------------------------------- always the same


@pytest.mark.parametrize("name", sorted(configurations()))
def test_two_readings_are_equal(name: str) -> None:
    first, second = app_of(configurations()[name]), app_of(configurations()[name])
    assert repr(first.resources) == repr(second.resources)
    assert repr(first.gaps) == repr(second.gaps)
    assert not list(differences(first, second))


def test_reports_do_not_depend_on_how_python_hashes() -> None:
    said = set()
    for seed in ("1", "2"):
        run = subprocess.run(
            [
                sys.executable,
                "-c",
                "from stockade.cli import main; main()",
                "scan",
                "examples/orders-terraform",
                "-f",
                "matrix",
            ],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.stdout, run.stderr
        said.add(run.stdout)
    assert len(said) == 1


def roots_of(name: str) -> tuple[dict[str, str], list[str]]:
    """A configuration, and those of its files in the root module that may change their names."""
    files = configurations()[name]
    own = [
        path
        for path in files
        if "/" not in path and path.endswith(".tf") and not path.endswith("override.tf") and path != "override.tf"
    ]
    return files, own


@pytest.mark.parametrize("name", sorted(configurations()))
def test_the_order_of_files_changes_nothing(name: str) -> None:
    files, own = roots_of(name)
    other = {path: text for path, text in files.items() if path not in own}
    turned = {f"z{len(own) - n}.tf": files[path] for n, path in enumerate(own)}
    before, after = app_of(files), app_of({**other, **turned})
    assert holds(before) == holds(after)
    assert verdicts(before) == verdicts(after)


@pytest.mark.parametrize("name", sorted(configurations()))
def test_a_file_for_each_block_is_the_same(name: str) -> None:
    files, own = roots_of(name)
    split = {path: text for path, text in files.items() if path not in own}
    for path in own:
        document = Document(path, files[path])
        for n, block in enumerate(read_hcl(document).body.blocks):
            split[f"{path[:-3]}-{n}.tf"] = block.span.text + "\n"
    before, after = app_of(files), app_of(split)
    assert holds(before) == holds(after)
    assert verdicts(before) == verdicts(after)


@pytest.mark.parametrize("name", sorted(configurations()))
def test_all_blocks_in_one_file_are_the_same(name: str) -> None:
    files, own = roots_of(name)
    other = {path: text for path, text in files.items() if path not in own}
    together = {**other, "main.tf": "\n".join(files[path] for path in own)}
    assert holds(app_of(files)) == holds(app_of(together))


def having(mark: str, *, there: bool) -> list[str]:
    """The names of the configurations in which a pattern is found (or is not)."""
    pattern = re.compile(mark, re.MULTILINE)
    return [
        name
        for name, files in sorted(configurations().items())
        if there is any(pattern.search(text) is not None for path, text in files.items() if path.endswith(".tf"))
    ]


# In a heredoc, line ends are a part of the text.
NAMED = sorted(configurations())
HEREDOC = [name for name in NAMED if any("<<" in text for text in configurations()[name].values())]


@pytest.mark.parametrize("name", sorted({*NAMED} - {*HEREDOC}))  # in a heredoc, line ends are a part of the text
def test_other_line_ends_are_the_same(name: str) -> None:
    files = configurations()[name]
    turned = {path: text.replace("\n", "\r\n") if path.endswith(SUFFIXES) else text for path, text in files.items()}
    assert holds(app_of(files)) == holds(app_of(turned))


def with_blocks(type_: str) -> list[str]:
    """The configurations that have blocks of a type."""
    return [
        name
        for name in NAMED
        for path, text in configurations()[name].items()
        if path.endswith(".tf") and read_hcl(Document(path, text)).body.of(type_)
    ]


@pytest.mark.parametrize("name", sorted({*with_blocks("locals")}))
def test_the_names_of_locals_change_nothing(name: str) -> None:
    files = configurations()[name]
    renamed = {path: with_other_locals(path, text) for path, text in files.items()}
    before, after = app_of(files), app_of(renamed)
    assert renamed != files
    assert verdicts(before) == verdicts(after)
    assert holds(before).keys() == holds(after).keys()


def with_other_locals(path: str, text: str) -> str:
    """The text of a file in which every local value has another name."""
    if not path.endswith(".tf"):
        return text
    places = [
        stated.name_span.start
        for block in read_hcl(Document(path, text)).body.of("locals")
        for stated in block.body.attributes.values()
    ]
    for at in sorted(places, reverse=True):
        text = f"{text[:at]}renamed_{text[at:]}"
    return re.sub(r"\blocal\.(?=[A-Za-z_])", "local.renamed_", text)


@pytest.mark.parametrize("name", sorted({*with_blocks("module")}))
def test_the_names_of_module_calls_change_nothing_but_addresses(name: str) -> None:
    files = configurations()[name]
    calls = re.compile(r'^(module\s+")', re.MULTILINE)
    renamed = {
        path: re.sub(r"\bmodule\.(?=[A-Za-z_])", "module.renamed_", calls.sub(r"\1renamed_", text))
        if path.endswith(".tf")
        else text
        for path, text in files.items()
    }
    before, after = app_of(files), app_of(renamed)
    assert renamed != files
    told = [
        (function.replace("module.", "module.renamed_"), code, verdict) for function, code, verdict in verdicts(before)
    ]
    assert sorted(told) == verdicts(after)


# ------------------------------------------------------------------------------------------- one value, many ways to it

NUMBERS = st.integers(1, 1000).map(str)
ARGUMENTS: dict[str, st.SearchStrategy[str]] = {
    "timeout": NUMBERS,
    "memory_size": NUMBERS,
    "reserved_concurrent_executions": st.integers(-1, 100).map(str),
    "runtime": st.sampled_from(['"python3.13"', '"python3.8"', '"nodejs18.x"', '"provided.al2023"', "null"]),
    "handler": st.sampled_from(['"index.handler"', '"app.main"', "null"]),
    "architectures": st.sampled_from(['["arm64"]', '["x86_64"]', "[]", "null"]),
    "layers": st.sampled_from(["[]", '["arn:aws:lambda:eu-west-1:123456789012:layer:x:1"]', "null"]),
    "kms_key_arn": st.sampled_from(['"arn:aws:kms:eu-west-1:123456789012:key/1"', '""', "null"]),
    "description": st.sampled_from(['"a ${1 + 1} b"', '""', "null", '"%{ if true }yes%{ endif }"']),
    "publish": st.sampled_from(["true", "false", '"true"', "null"]),
    "tags": st.sampled_from(['{ Owner = "me" }', "{}", "null"]),
}
MODES = st.sampled_from(['"Active"', '"PassThrough"'])
POLICIES = st.sampled_from([
    'jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }] })',
    'jsonencode({ Version = "2012-10-17", Statement = { Effect = "Allow", Action = ["s3:GetObject"], Resource = "*" } })',
    '"{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Action\\": \\"iam:*\\", \\"Resource\\": \\"*\\"}]}"',
])  # fmt: skip
BODY = """
resource "aws_lambda_function" "f" {{
  function_name = "f"
  role          = aws_iam_role.r.arn
{arguments}
  tracing_config {{
    mode = {mode}
  }}
}}
resource "aws_iam_role" "r" {{
  name               = "r"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role_policy" "p" {{
  role   = aws_iam_role.r.id
  policy = {policy}
}}
"""


@st.composite
def values(draw: st.DrawFn) -> dict[str, str]:
    """What is stated of a function and its role, by the names of arguments (and `mode` and `policy`)."""
    stated = {name: draw(strategy) for name, strategy in ARGUMENTS.items() if draw(st.booleans())}
    return {**stated, "mode": draw(MODES), "policy": draw(POLICIES)}


def body(stated: Mapping[str, str]) -> str:
    """The function and its role, with these expressions."""
    own = {name: text for name, text in stated.items() if name not in {"mode", "policy"}}
    arguments = "\n".join(f"  {name} = {text}" for name, text in own.items())
    return BODY.format(arguments=arguments, mode=stated["mode"], policy=stated["policy"])


def behind(kind: str, stated: Mapping[str, str]) -> dict[str, str]:
    """The same, with every value behind something."""
    if kind == "locals":
        inner = "".join(f"  {name} = {text}\n" for name, text in stated.items())
        return {"main.tf": f"locals {{\n{inner}}}\n" + body({name: f"local.{name}" for name in stated})}
    if kind == "an object":
        inner = "".join(f"    {name} = {text}\n" for name, text in stated.items())
        return {
            "main.tf": f"locals {{\n  o = {{\n{inner}  }}\n}}\n" + body({name: f"local.o.{name}" for name in stated})
        }
    if kind == "conditions":
        return {"main.tf": body({name: f"1 == 1 ? {text} : null" for name, text in stated.items()})}
    if kind == "loops":
        return {"main.tf": body({name: f"[for x in [{text}] : x][0]" for name, text in stated.items()})}
    if kind == "try":
        return {"main.tf": body({name: f"try({{}}.nope, null.x, {text})" for name, text in stated.items()})}
    given = body({name: f"var.{name}" for name in stated})
    if kind == "defaults":
        return {"main.tf": "".join(f'variable "{n}" {{\n  default = {t}\n}}\n' for n, t in stated.items()) + given}
    declared = "".join(f'variable "{name}" {{}}\n' for name in stated)
    assigned = "".join(f"  {name} = {text}\n" for name, text in stated.items())
    if kind == "tfvars":
        return {"main.tf": declared + given, "terraform.tfvars": assigned}
    assert kind == "a module"
    return {"main.tf": f'module "m" {{\n  source = "./m"\n{assigned}}}\n', "m/main.tf": declared + given}


KINDS = ["locals", "an object", "conditions", "loops", "try", "defaults", "tfvars", "a module"]


@few
@given(stated=values(), kind=st.sampled_from(KINDS))
def test_a_value_is_the_same_wherever_it_stands(stated: dict[str, str], kind: str) -> None:
    plain, other = app_of(body(stated)), app_of(behind(kind, stated))
    assert [gap.why for gap in plain.gaps] == [gap.why for gap in other.gaps]
    # An empty default of the root module may be given a value when it is deployed, and a runtime has to be given.
    apart = {"SK506"} if kind == "defaults" else set()
    assert [(code, verdict) for _, code, verdict in verdicts(plain) if code not in apart] == [
        (code, verdict) for _, code, verdict in verdicts(other) if code not in apart
    ]
    ours, theirs = holds(plain), holds(other)
    prefix = "module.m." if kind == "a module" else ""
    assert {prefix + address for address in ours} == {a for a in theirs if ".tf" not in a and not a.startswith("var.")}


@few
@given(stated=values(), repeated=st.sampled_from(["count = 1", "for_each = toset([1])", 'for_each = { x = "y" }']))
def test_one_of_a_kind_is_the_same_but_for_its_address(stated: dict[str, str], repeated: str) -> None:
    one = app_of(body(stated))
    text = body(stated).replace('"aws_lambda_function" "f" {', f'"aws_lambda_function" "f" {{\n  {repeated}')
    other = app_of(text)
    assert not other.gaps
    (function,), (copy,) = one.functions, other.functions
    assert own_fields(function) == own_fields(copy)
    assert copy.address.startswith("aws_lambda_function.f[")
    assert [row[1:] for row in verdicts(one)] == [row[1:] for row in verdicts(other)]


@some
@given(stated=values(), unknown=st.sampled_from(sorted(ARGUMENTS)))
def test_what_nobody_knows_is_never_fine(stated: dict[str, str], unknown: str) -> None:
    """A value that is not given may be a bad one: no rule that fails for the literal passes without it."""
    literal = {
        code: verdict for _, code, verdict in verdicts(app_of(body({**stated, unknown: stated.get(unknown, "null")})))
    }
    text = f'variable "x" {{}}\n{body({**stated, unknown: "var.x"})}'
    for _, code, verdict in verdicts(app_of(text)):
        if literal[code] == "fail":
            assert verdict in {"fail", "unknown"}, (code, unknown)


# ------------------------------------------------------------------------------------------------- patterns of files


def fits(pattern: str, path: str) -> bool:
    """Whether a path fits a pattern of `*`, `?` and `**/`, by trying everything."""
    if pattern.startswith("**/"):
        rest = pattern[3:]
        starts = [0, *(at + 1 for at, char in enumerate(path) if char == "/")]
        return any(fits(rest, path[at:]) for at in starts)
    if not pattern:
        return not path
    if pattern[0] == "*":
        within = len(path.partition("/")[0])
        return any(fits_inside(pattern[1:], path[at:]) for at in range(within + 1))
    if not path or (pattern[0] == "?" and path[0] == "/") or pattern[0] not in {"?", path[0]}:
        return False
    return fits(pattern[1:], path[1:]) if pattern[0] == "/" else fits_inside(pattern[1:], path[1:])


def fits_inside(pattern: str, path: str) -> bool:
    """The same in the middle of a name, where two stars are no more than one."""
    if pattern.startswith("**/"):
        return fits_inside(pattern[1:], path)
    return fits(pattern, path)


PARTS = st.lists(st.sampled_from(["a", "b", "*", "?", "*a", "a*b", "**"]), min_size=1, max_size=4)
PATHS = st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=4).map("/".join)


@many
@given(parts=PARTS.filter(lambda parts: parts[-1] != "**"), path=PATHS)
def test_a_pattern_fits_what_it_says(parts: list[str], path: str) -> None:
    pattern = "/".join(parts)
    app = app_of(
        {
            "main.tf": f'resource "aws_sqs_queue" "q" {{\n  name = jsonencode(fileset("x", "{pattern}"))\n}}\n',
            f"x/{path}": "",
        }
    )
    (queue,) = app.of(Queue)
    assert queue.name.show() == (f'["{path}"]' if fits(pattern, path) else "[]")
