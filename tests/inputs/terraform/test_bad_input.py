"""Bad Terraform: each is a gap with its place and what to do, the rest is still read, and nothing takes for ever."""

from __future__ import annotations

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from stockade.engine.run import run_rules
from stockade.errors import UsageError
from stockade.inputs.given import Variables
from stockade.inputs.load import load
from stockade.inputs.terraform import limits
from stockade.model.app import App, Function, Gap, Queue, SecurityGroup
from stockade.rules import all_rules
from stockade.rules._base import Context
from tests.inputs.terraform.support import app_of

GOOD = """\
resource "aws_lambda_function" "good" {
  function_name = "good"
  role          = "arn:aws:iam::123456789012:role/r"
  memory_size   = 256
}
"""
ODD = """\
resource "aws_lambda_function" "odd" {{
  function_name = "odd"
  role          = "arn:aws:iam::123456789012:role/r"
  memory_size   = 256
{}
}}
"""
SECONDS = 20.0  # by the clock, on a machine that does other things too; each takes one or two alone


@contextmanager
def in_time(seconds: float = SECONDS) -> Iterator[None]:
    """Fails instead of waiting for ever."""

    def late(*_: object) -> None:
        raise AssertionError(f"it takes longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def gap(app: App, needle: str) -> Gap:
    """The first gap that says this; every gap says what to do."""
    for found in app.gaps:
        assert found.remedy, found
    matching = [g for g in app.gaps if needle in f"{g.what} {g.why}"]
    assert matching, [f"{g.what}: {g.why}" for g in app.gaps]
    return matching[0]


def names(app: App) -> list[str]:
    """The addresses of the functions."""
    return [f.address for f in app.functions]


def function(app: App, name: str) -> Function:
    """One function."""
    (found,) = (f for f in app.functions if f.address.endswith(f".{name}"))
    return found


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Write files."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def beside(folder: Path, name: str, data: str | bytes) -> App:
    """A good file and a bad one in one module; the good one is read."""
    write(folder, {"good.tf": GOOD, name: data})
    with in_time():
        app = load(folder)
    assert "aws_lambda_function.good" in names(app)
    return app


def value(expression: str, around: str = "", files: Mapping[str, str] | None = None) -> App:
    """A function whose description is this, beside a good one."""
    with in_time():
        app = app_of({
            "main.tf": GOOD,
            "odd.tf": ODD.format(f"  description = {expression}"),
            "around.tf": around,
            **(files or {}),
        })  # fmt: skip
    assert function(app, "good").memory.show() == "256"
    assert function(app, "odd").memory.show() == "256"
    return app


def is_unknown(app: App, why: str) -> None:
    """The description is not known, and says why."""
    answer = function(app, "odd").description.is_("what it is not")
    assert answer.truth == "maybe"
    assert why in " ".join(d.why for d in answer.doubts), answer.doubts


# ---------------------------------------------------------------------------------------------------------------- files


def test_a_broken_block_leaves_out_itself_alone(tmp_path: Path) -> None:
    text = ODD.format("  timeout = [1,") + '\nresource "aws_sqs_queue" "after" {\n  name = "after"\n}\n'
    app = beside(tmp_path, "bad.tf", text)
    found = next(g for g in app.gaps if g.kind == "syntax")
    assert found.path == "bad.tf"
    assert found.span is not None
    assert found.remedy
    assert found.hides


def test_what_stands_behind_a_broken_block_is_read(tmp_path: Path) -> None:
    text = 'resource "aws_sqs_queue" "bad" {\n  name = \n}\n\nresource "aws_sqs_queue" "after" {\n  name = "after"\n}\n'
    app = beside(tmp_path, "bad.tf", text)
    assert "aws_sqs_queue.after" in [q.address for q in app.of(Queue)]
    assert next(g for g in app.gaps if g.kind == "syntax").span.line == 2  # type: ignore[union-attr]


BYTES = {
    "not UTF-8": (b'locals {\n  a = "caf\xe9"\n}\n', "is not UTF-8", "encoding"),
    "NUL": (b"locals {\n  a = 1\0\n}\n", "", "encoding"),
    "half an escape": (b'locals {\n  a = "\\u12"\n}\n', "", "syntax"),
    "a quote without end": (b'locals {\n  a = "x\n}\n', "", "syntax"),
    "a comment without end": (b"/* x\nlocals {}\n", "", "syntax"),
    "a heredoc without end": (b"locals {\n  a = <<EOT\nx\n}\n", "", "syntax"),
    "10,000 brackets": (b"locals {\n  a = " + b"[" * 10_000 + b"\n}\n", "", "limit"),
    "10,000 braces": (b"a {\n" * 10_000, "", "syntax"),
    "10,000 signs": (b"locals {\n  a = " + b"!" * 10_000 + b"true\n}\n", "", "limit"),
    "10,000 templates": (b'locals {\n  a = "' + b'${"' * 10_000 + b"\n}\n", "", "limit"),
    "a number of 10,000 digits": (b"locals {\n  a = " + b"9" * 10_000 + b"\n}\n", "", "limit"),
}


@pytest.mark.parametrize("name", BYTES)
def test_files_that_can_not_be_read(tmp_path: Path, name: str) -> None:
    data, why, kind = BYTES[name]
    app = beside(tmp_path, "bad.tf", data)
    found = next(g for g in app.gaps if g.path == "bad.tf")
    assert why in found.why
    assert found.kind == kind
    assert found.remedy


@pytest.mark.parametrize("data", [b"", b"\n", b"# x\n// y\n/* z */", b"\xef\xbb\xbf", b"\xef\xbb\xbf# x\r\n"])
def test_files_with_nothing_in_them(tmp_path: Path, data: bytes) -> None:
    assert not beside(tmp_path, "empty.tf", data).gaps


@pytest.mark.parametrize("change", ["bom", "crlf", "both", "utf-16"])
def test_other_encodings_and_line_ends(tmp_path: Path, change: str) -> None:
    text = ODD.format("  timeout = 7")
    text = text.replace("\n", "\r\n") if change in {"crlf", "both"} else text
    data = text.encode("utf-16") if change == "utf-16" else text.encode("utf-8-sig" if change != "crlf" else "utf-8")
    app = beside(tmp_path, "odd.tf", data)
    assert not app.gaps
    found = function(app, "odd").timeout
    assert found.show() == "7"
    assert found.origin.span.line == 5  # type: ignore[union-attr]


def test_thirty_megabytes(tmp_path: Path) -> None:
    (tmp_path / "big.tf").touch()
    os.truncate(tmp_path / "big.tf", 30 * 1024 * 1024)
    found = gap(beside(tmp_path, "empty.tf", ""), "is larger than 20 MiB")
    assert (found.kind, found.path, found.hides) == ("too-large", "big.tf", True)


def test_one_argument_of_five_megabytes(tmp_path: Path) -> None:
    app = beside(tmp_path, "big.tf", ODD.format(f'  description = "{"x" * 5_000_000}"'))
    assert function(app, "odd").description.show().startswith("xxx")


def test_a_folder_with_the_name_of_a_file(tmp_path: Path) -> None:
    write(tmp_path, {"x.tf/main.tf": ODD.format("")})
    app = beside(tmp_path, "empty.tf", "")
    assert not app.gaps
    assert len(app.functions) == 2  # it is a root module of its own


def test_links(tmp_path: Path) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    write(
        outside,
        {"main.tf": ODD.format(""), "x.auto.tfvars": 'v = "secret"\n', "t.tpl": "secret", "m/main.tf": ODD.format("")},
    )
    root.mkdir()
    (root / "dangling.tf").symlink_to(root / "nowhere.tf")
    (root / "loop.tf").symlink_to(root / "loop.tf")
    (root / "out.tf").symlink_to(outside / "main.tf")
    (root / "x.auto.tfvars").symlink_to(outside / "x.auto.tfvars")
    (root / "t.tpl").symlink_to(outside / "t.tpl")
    (root / "m").symlink_to(outside / "m")
    app = beside(
        root,
        "main.tf",
        'variable "v" {\n  default = "own"\n}\nmodule "m" {\n  source = "./m"\n}\n'
        + ODD.format('  handler = var.v\n  description = "${file("t.tpl")}${templatefile("t.tpl", {})}"'),
    )
    assert sorted(names(app)) == ["aws_lambda_function.good", "aws_lambda_function.odd"]
    assert function(app, "odd").handler.show() == "own"
    is_unknown(app, "outside of the scanned folder")
    assert gap(app, "can't be followed").path == "dangling.tf"
    assert gap(app, "leads back to itself").path == "loop.tf"
    assert {g.path for g in app.gaps if "out of the scanned folder" in g.why} >= {"out.tf", "m"}
    assert gap(app, "`module.m`").span is not None
    assert {g.path for g in app.gaps if "outside of the scanned folder" in g.why} >= {"out.tf", "x.auto.tfvars"}


def test_links_in_circles_between_folders(tmp_path: Path) -> None:
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").symlink_to(tmp_path)
    app = beside(
        tmp_path,
        "main.tf",
        "".join(
            f'module "m{n}" {{\n  source = "./{path}"\n}}\n' for n, path in enumerate(("self", "a/b", "self/a/b/self"))
        ),
    )
    assert [g.kind for g in app.gaps if "calls itself" in g.why] == ["circular"] * 3
    assert len(app.functions) == 1


@pytest.mark.parametrize("name", ["bad.tf", "terraform.tfvars", "b/main.tf"])
def test_a_file_that_can_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Simulated, since nothing keeps root from reading."""
    opened = os.open

    def refuse(path: os.PathLike[str] | str, *arguments: object, **named: object) -> int:
        if str(path).endswith(name):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    found = gap(beside(tmp_path, name, "x = 1\n" if name.endswith("tfvars") else ODD.format("")), "permission denied")
    assert (found.kind, found.path) == ("unreadable", name)
    assert found.hides is (not name.endswith("tfvars"))


def test_a_folder_that_can_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = os.scandir

    def refuse(path: os.PathLike[str] | str = ".") -> object:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied")
        return scanned(path)

    monkeypatch.setattr(os, "scandir", refuse)
    write(tmp_path, {"locked/main.tf": ODD.format("")})
    app = beside(tmp_path, "main.tf", 'module "m" {\n  source = "./locked"\n}\n')
    assert gap(app, "the folder can't be read").hides
    assert gap(app, "`module.m`").span.line == 1  # type: ignore[union-attr]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes here")
def test_pipes_and_devices(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    os.mkfifo(tmp_path / "pipe.tf")
    os.mkfifo(tmp_path / "x.auto.tfvars")
    calls = ", ".join(f'{f}("${{path.module}}/pipe"{more})' for f, more in (
        ("file", ""), ("filebase64", ""), ("filebase64sha256", ""), ("templatefile", ", {}"),
    ))  # fmt: skip
    app = beside(tmp_path, "main.tf", ODD.format(f'  description = jsonencode([{calls}, fileexists("pipe")])'))
    assert "main.tf" in function(app, "odd").description.show()
    assert {"pipe.tf", "x.auto.tfvars"} <= {g.path for g in app.gaps}


REFUSED = {
    'file("/etc/passwd")': "outside of the scanned folder",
    'file("../../../../etc/passwd")': "outside of the scanned folder",
    'file("${path.module}/../secret")': "outside of the scanned folder",
    'file("~/.aws/credentials")': "home folder",
    'templatefile("/dev/zero", {})': "outside of the scanned folder",
    'file("/dev/stdin")': "outside of the scanned folder",
    'filesha256("/etc/hostname")': "outside of the scanned folder",
    'filebase64("../secret")': "outside of the scanned folder",
    'join(",", fileset("/etc", "*"))': "outside of the scanned folder",
    'join(",", fileset("..", "**"))': "outside of the scanned folder",
    'join(",", fileset(".", "../*"))': "leads out of its folder",
    'tostring(fileexists("/etc/passwd"))': "outside of the scanned folder",
    'file("a\\u0000b")': "outside of the scanned folder",
    'filebase64sha256("sparse.bin")': "too large",
    'file("sparse.bin")': "larger than 20 MiB",
    'templatefile("sparse.bin", {})': "larger than 20 MiB",
    'file("folder")': "is a directory",
}


@pytest.mark.parametrize("expression", REFUSED)
def test_files_that_functions_never_read(tmp_path: Path, expression: str) -> None:
    root = tmp_path / "root"
    write(tmp_path, {"secret": "what nobody may see", "root/folder/x": "x"})
    (root / "sparse.bin").touch()
    os.truncate(root / "sparse.bin", 3 * 1024**3)
    app = beside(root, "main.tf", ODD.format(f"  description = {expression}"))
    is_unknown(app, REFUSED[expression])
    assert "nobody" not in function(app, "odd").description.show()


# ------------------------------------------------------------------------------------------------------------- circles

CIRCLES = {
    "locals": ("local.a", 'locals {\n  a = local.b\n  b = "${local.c}"\n  c = [local.a]\n}\n'),
    "a local and itself": ("local.a", "locals {\n  a = local.a\n}\n"),
    "queues": (
        "aws_sqs_queue.a.policy",
        ('resource "aws_sqs_queue" "a" {\n  policy = aws_sqs_queue.b.policy\n}\n'
        'resource "aws_sqs_queue" "b" {\n  policy = aws_sqs_queue.a.policy\n}\n'),
    ),
    "a count": (
        "length(aws_sqs_queue.q)",
        'resource "aws_sqs_queue" "q" {\n  count = length(aws_sqs_queue.q)\n}\n',
    ),
    "a for_each": (
        "jsonencode(keys(aws_sqs_queue.q))",
        'resource "aws_sqs_queue" "q" {\n  for_each = toset(keys(aws_sqs_queue.q))\n}\n',
    ),
    "a document": (
        "data.aws_iam_policy_document.d.json",
        ('data "aws_iam_policy_document" "d" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.d.json]\n}\n"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CIRCLES)
def test_circles(name: str) -> None:
    expression, around = CIRCLES[name]
    found = gap(value(expression, around), "it depends on itself")
    assert found.kind == "circular"
    assert found.span is not None
    assert found.span.doc.path == "around.tf"


PASSED_ON = 'variable "x" {}\noutput "y" {\n  value = var.x\n}\noutput "z" {\n  value = "end"\n}\n'


def test_outputs_that_two_modules_pass_to_each_other() -> None:
    around = (
        'module "a" {\n  source = "./m"\n  x = module.b.y\n}\nmodule "b" {\n  source = "./m"\n  x = module.a.z\n}\n'
    )
    app = value("module.a.y", around, {"m/main.tf": PASSED_ON})
    assert not app.gaps
    assert function(app, "odd").description.show() == "end"


def test_outputs_that_two_modules_pass_in_a_circle() -> None:
    around = (
        'module "a" {\n  source = "./m"\n  x = module.b.y\n}\nmodule "b" {\n  source = "./m"\n  x = module.a.y\n}\n'
    )
    app = value("module.a.y", around, {"m/main.tf": PASSED_ON})
    assert gap(app, "it depends on itself").kind == "circular"
    is_unknown(app, "depends on itself")


@pytest.mark.parametrize("source", [".", "./", "./.", "./m/..", "./m/../.", ".//"])
def test_a_module_that_calls_itself(source: str) -> None:
    app = value('"x"', f'module "me" {{\n  source = "{source}"\n}}\n', {"m/main.tf": ""})
    found = gap(app, "it calls itself")
    assert (found.kind, found.hides) == ("circular", True)
    assert found.span.line == 1  # type: ignore[union-attr]


def test_modules_that_call_each_other() -> None:
    files = {
        "main.tf": GOOD,
        "a/main.tf": 'module "b" {\n  source = "../b"\n}\n',
        "b/main.tf": 'module "a" {\n  source = "../a"\n}\n' + GOOD,
    }
    app = app_of(files)
    assert len(app.functions) == 2
    assert gap(app, "it calls itself, by way of others").kind == "circular"


def chain(length: int) -> dict[str, str]:
    """Modules that call each other, the last of which has an output."""
    files = {
        f"m{n}/main.tf": f'variable "x" {{}}\nmodule "n" {{\n  source = "../m{n + 1}"\n  x = var.x\n}}\n'
        'output "y" {\n  value = module.n.y\n}\n'
        for n in range(length)
    }  # fmt: skip
    last = 'variable "x" {}\noutput "y" {\n  value = var.x\n}\nresource "aws_sqs_queue" "last" {\n  name = var.x\n}\n'
    return files | {f"m{length}/main.tf": last}


def test_sixty_modules_one_inside_of_the_other() -> None:
    around = 'module "top" {\n  source = "./m0"\n  x = "end"\n}\n'
    app = value("module.top.y", around, chain(58))
    assert not app.gaps
    assert function(app, "odd").description.show() == "end"
    assert [q.name.show() for q in app.of(Queue)] == ["end"]


def test_more_modules_one_inside_of_the_other() -> None:
    app = value("module.top.y", 'module "top" {\n  source = "./m0"\n  x = "end"\n}\n', chain(80))
    found = gap(app, "below 60 other modules")
    assert (found.kind, found.hides) == ("limit", True)
    assert function(app, "odd").description.is_("end").truth == "maybe"


# ------------------------------------------------------------------------------------------------- what would be too much


def doubled(first: str, link: str, times: int = 40) -> str:
    """Locals of which each holds the one before it twice."""
    lines = [f"  a0 = {first}"] + [f"  a{n + 1} = {link.replace('@', f'local.a{n}')}" for n in range(times)]
    return "locals {\n" + "\n".join(lines) + "\n}\n"


def twice(last: str = 'output "o" {\n  value = "x"\n}\n') -> dict[str, str]:
    """Modules that each call the next one twice."""
    files = {
        f"m{n}/main.tf": "".join(f'module "{c}" {{\n  source = "../m{n + 1}"\n}}\n' for c in "ab")
        + 'output "o" {\n  value = "${module.a.o}${module.b.o}"\n}\n'
        for n in range(50)
    }
    return files | {"m50/main.tf": last}


LOCALS_B = 'locals {\n  b = join("", [for i in range(1000) : "' + "0123456789" * 40 + '"])\n}\n'
REPEAT = "[for i in range(1000) : {}]"
TOO_MUCH: dict[str, tuple[str, str, str]] = {
    "texts that double": ("local.a40", doubled('"lol"', '"${@}${@}"'), "a text of more than 5,000,000 characters"),
    "texts with an unknown part that double": (
        "local.a40",
        'variable "x" {}\n' + doubled('"${var.x}-"', '"${@}${@}"'),
        "too large",
    ),
    "lists that double": ("jsonencode(local.a40)", doubled("[1]", "[@, @]"), "its value is too large"),
    "objects that double": ("jsonencode(local.a40)", doubled("{ x = 1 }", "{ a = @, b = @ }"), "its value is too large"),
    "JSON in JSON": ("local.a40", doubled(r'"\""', "jsonencode(@)"), "its value is too large"),
    "lists in lists": ("jsonencode(local.a3000)", doubled("[]", "[@]", 3000), "too many other expressions"),
    "loops in loops": (f"length({REPEAT.format(REPEAT.format('i'))})", "", "500,000 steps"),
    "loops that keep nothing": (
        f"length({REPEAT.format(REPEAT.format('[for k in range(1000) : k if false]'))})",
        "",
        "500,000 steps",
    ),
    "hashes in loops": (f"{REPEAT.format(REPEAT.format('sha512(local.b)'))}[0][0]", LOCALS_B, "500,000 steps"),
    "templates in templates": (
        '"%{ for i in range(1000) }%{ for j in range(1000) }%{ for k in range(1000) }x%{ endfor }%{ endfor }%{ endfor }"',
        "",
        "500,000 steps",
    ),
    "maps put together": (
        'length(merge([for i in range(1000) : { for j in range(1000) : "${i}-${j}" => j }]...))',
        "",
        "500,000 steps",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_a_gap(name: str) -> None:
    expression, around, why = TOO_MUCH[name]
    found = gap(value(expression, around), why)
    assert found.kind == "limit"
    assert found.span is not None


UNTOLD = {
    "a join": (f'join(local.b, {REPEAT.format("local.b")})', LOCALS_B, "too large"),
    "a format": ('format("%1000000000s", "x")', "", "too long"),
    "a format of digits": ('format("%.1000000000f", 1)', "", ""),
    "replacements": ('replace(replace(local.b, "0", local.b), "1", local.b)', LOCALS_B, "too long"),
    "an indentation": (f"indent(100000000, {json.dumps('a' + chr(10) + 'b')})", "", ""),
    "a product": ("length(setproduct(range(1000), range(1000), range(1000)))", "", "too many items"),
    "lists put together": ("length(local.a40)", doubled("[1]", "concat(@, @)"), "too many items"),
    "a power": ("pow(10, 100000000)", "", "too large"),
    "numbers that double": ("local.a60", doubled("99999999999", "@ * @", 60), ""),
    "numbers of many digits": (f'parseint("{"z" * 100_000}", 36)', "", "too large"),
    "characters of a long text": (f'length(split("", "{"x" * 1_000_000}"))', "", "too long"),
    "matches of a long text": (f'length(regexall("(a|a)*b|a", "{"a" * 50_000}"))', "", "too long"),
    "matches in many ways": (f'regex(".*.*.*.*=b", "{"a" * 4000}")', "", ""),
    "YAML that doubles": (
        "jsonencode(yamldecode(local.y))",
        "locals {\n  y = <<EOT\na0: &a0 [x, x]\n"
        + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}, *a{n}, *a{n}]\n" for n in range(30))
        + "EOT\n}\n",
        "",
    ),
    "JSON of 9,000 brackets": (f'jsonencode(jsondecode("{"[" * 9000}{"]" * 9000}"))', "", "nested too deeply"),
    "conditions": (
        "local.a30",
        "".join(f'variable "x{n}" {{}}\n' for n in range(30))
        + "locals {\n  a0 = 0\n"
        + "".join(f"  a{n + 1} = var.x{n} ? local.a{n} + 1 : local.a{n}\n" for n in range(30))
        + "}\n",
        "too many conditions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNTOLD)
def test_too_much_is_not_known(name: str) -> None:
    expression, around, why = UNTOLD[name]
    app = value(expression, around)
    answer = function(app, "odd").description.is_("what it is not")
    assert answer.truth in {"maybe", "mixed"} or app.gaps
    if why:
        is_unknown(app, why)


WRONG_AMOUNTS = {
    "range(10000000)": "no more than 1024 numbers",
    'cidrsubnets("10.0.0.0/8", [for i in range(1000) : 30]...)': "",
    'cidrsubnet("10.0.0.0/8", 8, 1000000000000)': "",
    'regex("(a{1000}){1000}", "a")': "too many repetitions",
}


@pytest.mark.parametrize("expression", WRONG_AMOUNTS)
def test_what_terraform_refuses_too(expression: str) -> None:
    assert gap(value(f"jsonencode({expression})"), WRONG_AMOUNTS[expression]).span.line == 5  # type: ignore[union-attr]


def test_a_template_that_includes_itself() -> None:
    text = 'x${templatefile("t.tpl", {})}${templatefile("t.tpl", {})}'  # fmt: skip
    app = value('templatefile("t.tpl", {})', files={"t.tpl": text})
    assert gap(app, "can't be called in a template").path == "t.tpl"
    app = value("templatestring(local.t, {})", 'locals {\n  t = "$${templatestring(\\"\\", {})}"\n}\n')
    assert gap(app, "can't be called in a template").span is not None


def test_a_template_knows_its_own_variables_only() -> None:
    app = value('templatefile("t.tpl", { a = 1 })', 'variable "x" {\n  default = 1\n}\n', {"t.tpl": "${a}${var.x}"})
    assert gap(app, "`var` can't be referred to here").path == "t.tpl"


@pytest.mark.parametrize(
    ("repeated", "made"),
    [
        ('for_each = toset(split(",", local.keys))', 100_000),
        ('for_each = { for k in split(",", local.keys) : k => k }', 100_000),
        ('count = length(split(",", local.keys))', 100_000),
        ("count = 1000000000", 1_000_000_000),
    ],
)  # fmt: skip
def test_many_instances(repeated: str, made: int) -> None:
    keys = ",".join(f"k{n}" for n in range(100_000))
    queue = f'resource "aws_sqs_queue" "q" {{\n  {repeated}\n  name = "x"\n}}\n'
    app = value('"x"', f'locals {{\n  keys = "{keys}"\n}}\n{queue}')
    assert len(app.of(Queue)) == limits.MAX_INSTANCES
    found = gap(app, f"it makes {made:,} instances, of which only the first 2,000 are looked at")
    assert (found.kind, found.hides) == ("limit", True)


def test_many_instances_of_modules_in_modules() -> None:
    files = {
        "a/main.tf": 'module "b" {\n  source = "../b"\n  count = 2000\n}\n',
        "b/main.tf": 'resource "aws_sqs_queue" "q" {\n  name = "x"\n}\n',
    }
    app = value('"x"', 'module "a" {\n  source = "./a"\n  count = 2000\n}\n', files)
    assert len(app.of(Queue)) <= limits.MAX_MODULE_INSTANCES
    assert [g.hides for g in app.gaps if g.kind == "limit"]


def test_modules_that_each_call_two() -> None:
    around = 'module "top" {\n  source = "./m0"\n}\n'
    app = value('"x"', around, twice())
    found = gap(app, "10,000 instances of modules")
    assert (found.kind, found.hides) == ("limit", True)
    assert "10,000 instances" in gap(value("module.top.o", around, twice()), "the scan has looked at").why


def doubling(levels: int, expression: str) -> dict[str, str]:
    """Modules of which each hands on twice what the one below it hands on."""
    files = {"main.tf": GOOD + ODD.format(f"  description = {expression}") + call_of("m1")}
    for level in range(1, levels):
        files[f"m{level}/main.tf"] = call_of(f"../m{level + 1}") + 'output "o" {\n  value = [module.n, module.n]\n}\n'
    files[f"m{levels}/main.tf"] = 'output "o" {\n  value = "x"\n}\n'
    return files


def call_of(source: str) -> str:
    """A call of a module."""
    source = source if source.startswith(".") else f"./{source}"
    return f'module "n" {{\n  source = "{source}"\n}}\n'


@pytest.mark.parametrize(
    "expression",
    [
        "jsonencode(module.n)",
        "jsonencode([module.n, var.x])",
        "yamlencode({ a = module.n })",
        "sha256(jsonencode(module.n))",
    ],
)
def test_outputs_that_double_at_every_level(expression: str) -> None:
    with in_time():
        app = app_of({**doubling(40, expression), "v.tf": 'variable "x" {\n}\n'})
    assert len(app.functions) == 2
    found = gap(app, "its value is too large")
    assert found.path == "main.tf"
    is_unknown(app, "too large")


def test_outputs_that_double_are_compared() -> None:
    with in_time():
        app = app_of(doubling(40, 'module.n.o == module.n.o ? "same" : "other"'))
    assert function(app, "odd").description.show() == "same"
    with in_time():
        app = app_of(doubling(40, 'module.n.o == [module.n, 5] ? "same" : "other"'))
    assert function(app, "odd").description.show() == "other"


def test_dynamic_blocks_that_nobody_knows() -> None:
    variables = "".join(f'variable "x{n}" {{}}\n' for n in range(40))
    blocks = "".join(
        f'  dynamic "ingress" {{\n    for_each = var.x{n} ? [1] : []\n    content {{\n      from_port = {n}\n    }}\n  }}\n'
        for n in range(40)
    )
    fixed = (
        '  ingress {\n    from_port = 1\n    to_port = 1\n    protocol = "tcp"\n    cidr_blocks = ["0.0.0.0/0"]\n  }\n'
    )
    app = value('"x"', f'{variables}resource "aws_security_group" "s" {{\n{fixed}{blocks}}}\n')
    (group,) = (r for r in app.resources if r.address == "aws_security_group.s")
    rules = group.inline_rules  # type: ignore[attr-defined]
    assert len(rules.items) == 1
    assert not rules.complete


def test_dynamic_blocks_in_dynamic_blocks() -> None:
    def nested(depth: int) -> str:
        inner = nested(depth - 1) if depth else "a = 1\n"
        return f'dynamic "ingress" {{\nfor_each = range(1000)\ncontent {{\n{inner}}}\n}}\n'

    app = value('"x"', f'resource "aws_security_group" "s" {{\n{nested(3)}}}\n')
    assert gap(app, "10,000").kind == "limit"


def test_everything_at_once_and_in_little_memory(tmp_path: Path) -> None:
    """All of the above in one scan, each in its own root module, in a process that may take no more than a gigabyte."""
    cases = {**TOO_MUCH, **UNTOLD}
    for number, (expression, around, _) in enumerate(cases.values()):
        write(tmp_path / f"r{number}", {"main.tf": ODD.format(f"  description = {expression}"), "around.tf": around})
    write(tmp_path / "good", {"main.tf": GOOD})
    script = (
        "import resource, sys\n"
        "resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))\n"
        "from pathlib import Path\n"
        "from stockade import api\n"
        "result = api.scan(Path(sys.argv[1]))\n"
        "print(len(result.app.functions))\n"
    )
    started = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, timeout=300, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert int(run.stdout) == len(cases) + 1
    assert time.monotonic() - started < 120


def test_the_scan_ends_though_every_expression_is_within_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ALL_STEPS", 50_000)
    lines = "".join(f"  a{n} = [for i in range(1000) : i + {n}]\n" for n in range(200))
    around = "locals {\n" + lines + "}\n" + "".join(
        f'resource "aws_sqs_queue" "q{n}" {{\n  name = length(local.a{n})\n}}\n' for n in range(200)
    )  # fmt: skip
    app = value('"x"', around)
    assert len(app.of(Queue)) == 200
    (found,) = (g for g in app.gaps if g.kind == "limit")  # said once, not two hundred times
    assert "the scan has taken 50,000 steps" in found.why


def test_long_texts_are_not_made_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ALL_TEXT", 5_000_000)
    texts = "".join(f'  t{n} = "{n}${{local.b}}${{local.b}}"\n' for n in range(20))
    queues = "".join(f'resource "aws_sqs_queue" "q{n}" {{\n  name = local.t{n}\n}}\n' for n in range(20))
    app = value('"x"', f"{LOCALS_B}locals {{\n{texts}}}\n{queues}")
    assert "texts of 5,000,000 characters" in next(g for g in app.gaps if g.kind == "limit").why


# ------------------------------------------------------------------------------------------------------------- mistakes

MISTAKES = {
    "upper()": "`upper` takes 1 argument",
    "upper(1, 2)": "`upper` takes 1 argument",
    "upper([])": "a string is wanted here",
    "length(1)": "only collections and texts have a length",
    "nonsense(1)": "there is no function `nonsense`",
    'max(["a"]...)': "a number is wanted here",
    'concat("a"...)': "only a list can be spread",
    "concat(null...)": "only a list can be spread",
    "concat({}...)": "only a list can be spread",
    "can()": "`can` takes 1 argument",
    "try()": "none of the expressions can be evaluated",
    "try(nope, local.nope)": "none of the expressions can be evaluated",
    'jsondecode("{")': "it is not JSON",
    'yamldecode("a: [")': "it is not YAML",
    'regex("(", "a")': "the regular expression can't be read",
    'templatefile("nope", {})': "there is no file `nope`",
    'tonumber("x")': "a number is wanted here",
    "element([], 0)": "an empty list has no items",
    "slice([1], 2, 1)": "a slice starts at an item",
    'lookup({}, "a")': "there is no `a` in it",
    'zipmap(["a"], [1, 2])': "there are not as many keys as values",
    "var.nope": "there is no variable `nope` in this module",
    "local.nope": "there is no local value `nope` in this module",
    "aws_sqs_queue.nope.arn": "there is no resource `aws_sqs_queue.nope` in this module",
    "data.aws_region.nope.name": "there is no `data.aws_region.nope` in this module",
    "module.nope.x": "there is no `module.nope` in this module",
    "path.nope": "there is no `path.nope`",
    "var": "`var` is no name that is known here",
    "data.x": "`data.x` wants the name of one",
    "each.key": "`each.key` has no meaning here",
    "count.index": "`count.index` has no meaning here",
    "self.arn": "`self.arn` has no meaning here",
    "[1][5]": "there is no item 5 in a list of 1",
    "[1][-1]": "there is no item -1 in a list of 1",
    "[1][0.5]": "a list is indexed by numbers",
    '[1]["a"]': "a list is indexed by numbers",
    "[1][null]": "null is no index",
    "toset([1])[0]": "a set has no order",
    "{ a = 1 }.b": "there is no `b` in it",
    '{ a = 1 }["b"]': "there is no `b` in it",
    "5.x": "",
    "null.x": "null has no `x`",
    "null[0]": "null has no items",
    '1 + "a"': "a number is wanted here",
    "!5": "true or false belongs here",
    '-"a"': "a number is wanted here",
    "1 ? 2 : 3": "true or false belongs here",
    "null ? 1 : 2": "null is no condition",
    '{ (null) = "a" }': "null and collections are no keys",
    "{ ([]) = 1 }": "null and collections are no keys",
    '{ for x in ["a", "a"] : x => x }': "two items have the key `a`",
    "[for x in null : x]": "null can't be gone through",
    "[for x in 5 : x]": "only collections can be gone through",
    "[for x in [1] : x if null]": "true or false belongs here",
    "{ for x in [1] : null => x }": "null and collections are no keys",
    '"a${[]}b"': "a collection can't be part of a text",
    '"a${null}b"': "null can't be part of a text",
    "[1, 2][*].x": "it has no `x`",
}  # fmt: skip


@pytest.mark.parametrize("expression", MISTAKES)
def test_mistakes_in_an_expression(expression: str) -> None:
    app = value(expression)
    found = next(g for g in app.gaps if MISTAKES[expression] in g.why)
    assert found.remedy
    assert found.path == "odd.tf"
    assert found.span is not None
    assert found.span.line == 5
    is_unknown(app, "")


REPEATED = {
    "count = -1": "a whole number that is not negative",
    "count = 1.5": "a whole number that is not negative",
    'count = "many"': "a whole number that is not negative",
    "count = null": "a whole number that is not negative",
    "count = true": "a whole number that is not negative",
    "count = [1]": "a whole number that is not negative",
    "for_each = [{ a = 1 }, { a = 2 }]": "the keys of instances are texts",
    "for_each = toset([null])": "the keys of instances are texts",
    "for_each = 5": "a map or a set of texts belongs here",
    "for_each = null": "a map or a set of texts belongs here",
    'for_each = "abc"': "a map or a set of texts belongs here",
    "for_each = local.nope": "there is no local value",
    "count = local.nope": "there is no local value",
}


@pytest.mark.parametrize("line", REPEATED)
def test_mistakes_in_what_repeats(line: str) -> None:
    """Whatever was meant, it is not that there is no function."""
    with in_time():
        app = app_of(GOOD + ODD.format(f"  {line}"))
    found = gap(app, REPEATED[line])
    assert (found.kind, found.path) == ("expression", "main.tf")
    assert found.span.line == 10  # type: ignore[union-attr]
    assert names(app) == ["aws_lambda_function.good", "aws_lambda_function.odd[*]"]
    assert app.functions[1].exists


DYNAMIC = {
    'dynamic "vpc_config" {}': "a dynamic block wants",
    'dynamic "vpc_config" {\n  for_each = [1]\n}': "a dynamic block wants",
    'dynamic "vpc_config" {\n  content {}\n}': "a dynamic block wants",
    'dynamic "vpc_config" {\n  for_each = 5\n  content {}\n}': "a collection belongs here",
    'dynamic "vpc_config" {\n  for_each = null\n  content {}\n}': "a collection belongs here",
    'dynamic "vpc_config" {\n  for_each = [1]\n  content {\n    subnet_ids = nope.value\n  }\n}': "there is no resource",
}


@pytest.mark.parametrize("block", DYNAMIC)
def test_mistakes_in_dynamic_blocks(block: str) -> None:
    app = app_of(GOOD + ODD.format(block))
    assert gap(app, DYNAMIC[block]).span is not None
    assert not function(app, "odd").subnets.complete
    assert function(app, "odd").memory.show() == "256"


VARIABLES = {
    "type = string\n  default = [1]": "a string is wanted here",
    'type = number\n  default = "x"': "a number is wanted here",
    "type = list(string)\n  default = {}": "a list is wanted here",
    "type = object({ a = string })\n  default = {}": "the attribute `a` is missing",
    "type = map(string)\n  default = { a = [] }": "a string is wanted here",
    "type = nope\n  default = 1": "it is not a type",
    "type = 5\n  default = 1": "it is not a type",
    "type = list()\n  default = 1": "it is not a type",
    "type = map(string, number)\n  default = 1": "it is not a type",
    "type = object({ a = optional() })\n  default = {}": "`optional` takes a type",
    "default = var.v": "`var` can't be referred to here",
    "default = local.l": "`local` can't be referred to here",
    "default = aws_lambda_function.good.arn": "`aws_lambda_function` can't be referred to here",
}


@pytest.mark.parametrize("body", VARIABLES)
def test_mistakes_in_variables(body: str) -> None:
    app = value('"${jsonencode(var.v)}"', f'locals {{\n  l = 1\n}}\nvariable "v" {{\n  {body}\n}}\n')
    assert gap(app, VARIABLES[body]).kind == "expression"
    is_unknown(app, "")


def test_a_module_that_is_called_without_what_it_needs() -> None:
    app = value("module.m.y", 'module "m" {\n  source = "./m"\n}\n', {"m/main.tf": PASSED_ON})
    answer = function(app, "odd").description.is_("x")
    assert "in the call of `module.m`" in answer.doubts[0].remedy


TOP = {
    "resource {\n}": ("a `resource` block", "give it its type and its name"),
    'resource "aws_sqs_queue" {\n}': ("a `resource` block", "give it its type and its name"),
    'data "aws_region" {\n}': ("a `data` block", "give it its type and its name"),
    "variable {\n}": ("a `variable` block", "give it its name"),
    'module "a" "b" {\n}': ("a `module` block", "give it its name"),
    "resource = 5": ("`resource`", "write it into a block, or as one"),
    "timeout = 3": ("`timeout`", "write it into a block, or as one"),
    'module "m" {\n}': ("`module.m`", "state its source as a text"),
    'module "m" {\n  source = var.x\n}': ("`module.m`", "state its source as a text"),
    'module "m" {\n  source = "./nowhere"\n}': ("`module.m` (`./nowhere`)", "correct the path"),
    'module "m" {\n  source = "../../x"\n}': ("`module.m` (`../../x`)", "scan the folder that holds both"),
    'module "m" {\n  source = "/etc"\n}': ("`module.m` (`/etc`)", "run `terraform init`"),
}


@pytest.mark.parametrize("block", TOP)
def test_mistakes_at_the_top_of_a_file(block: str) -> None:
    what, remedy = TOP[block]
    app = value('"x"', block + "\n")
    found = gap(app, what)
    assert (found.what, found.path) == (what, "around.tf")
    assert remedy in found.remedy
    assert found.span.line == 1  # type: ignore[union-attr]


SHAPES = ["timeout = [1]", "timeout {\n}", "timeout = {}", 'timeout = "soon"', "timeout = 1.5", "timeout = true"]


@pytest.mark.parametrize("line", SHAPES)
def test_arguments_of_the_wrong_shape(line: str) -> None:
    app = app_of(GOOD + ODD.format(f"  {line}"))
    assert len(app.functions) == 2
    assert function(app, "odd").timeout.at_least(1).truth == "maybe"


LISTS = {
    'environment = "x"': ("environment", "a block belongs here"),
    "environment = [3]": ("environment", "a block belongs here"),
    "environment {\n variables = 5\n}": ("environment", "a map belongs here"),
    'environment {\n variables = ["x"]\n}': ("environment", "a map belongs here"),
    "tags = 5": ("tags", "a map belongs here"),
    "layers = { a = 5 }": ("layers", "a list of texts belongs here"),
    "vpc_config = 5": ("subnets", "a block belongs here"),
    'vpc_config = "x"': ("security_groups", "a block belongs here"),
}


@pytest.mark.parametrize("line", LISTS)
def test_lists_of_the_wrong_shape_are_not_taken_for_none(line: str) -> None:
    field, why = LISTS[line]
    app = app_of(GOOD + ODD.format(f"  {line}"))
    assert getattr(function(app, "good"), field).complete
    assert not getattr(function(app, "odd"), field).complete
    found = gap(app, why)
    assert found.kind == "wrong-shape"
    assert found.path == "main.tf"
    assert found.span.line in {10, 11}  # type: ignore[union-attr]


@pytest.mark.parametrize("block", ["ingress = 5", 'ingress = ["x"]'])
def test_blocks_of_the_wrong_shape_are_not_taken_for_none(block: str) -> None:
    app = app_of(f'resource "aws_security_group" "g" {{\n  name = "g"\n  {block}\n}}\n')
    (group,) = app.of(SecurityGroup)
    assert not group.rules.complete
    assert gap(app, "a block belongs here").span.line == 3  # type: ignore[union-attr]


# ---------------------------------------------------------------------------------------------------- what is given from out


def test_values_that_are_broken(tmp_path: Path) -> None:
    main = 'variable "a" {\n  type = number\n}\n' + ODD.format("  timeout = var.a")
    app = beside(tmp_path, "main.tf", main)
    (tmp_path / "terraform.tfvars").write_text('a = "soon"\nb = [\n')
    app = load(tmp_path)
    assert {g.path for g in app.gaps} == {"terraform.tfvars"}
    (tmp_path / "terraform.tfvars").write_text('a = "soon"\n')
    found = gap(load(tmp_path), "a number is wanted here")
    assert (found.path, found.span.line) == ("terraform.tfvars", 1)  # type: ignore[union-attr]
    (tmp_path / "terraform.tfvars").write_text("a = local.x\n")
    assert gap(load(tmp_path), "`local` can't be referred to here").path == "terraform.tfvars"
    (tmp_path / "terraform.tfvars").write_bytes(b"a = \xff\n")
    assert gap(load(tmp_path), "is not UTF-8").path == "terraform.tfvars"
    (tmp_path / "terraform.tfvars").unlink()
    for text in ("5", '{"a": ', '{"a": {"b": [}}', "[" * 10_000):
        (tmp_path / "terraform.tfvars.json").write_text(text)
        assert {g.path for g in load(tmp_path).gaps} == {"terraform.tfvars.json"}, text


@pytest.mark.parametrize(
    ("data", "why"),
    [(None, "no such file"), (b"a = [\n", "can't be read"), (b"\xff\xfea", ""), (b"a = \xff", "is not utf-8")],
)
def test_a_named_file_of_values_that_is_broken(tmp_path: Path, data: bytes | None, why: str) -> None:
    write(tmp_path, {"root/main.tf": GOOD})
    path = tmp_path / "x.tfvars"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UsageError, match=r"x\.tfvars") as raised:
        load(tmp_path / "root", variables=Variables(files=(path,)))
    assert why in str(raised.value).lower()
    assert raised.value.hint


@pytest.mark.parametrize("text", ["", "[", "${", "local.x", "[" * 5000, "\0", "nope()", '"', "x" * 1_000_000, "1e999"])
@pytest.mark.parametrize("type_", ["string", "number", "list(string)", "any"])
def test_nonsense_for_a_variable(text: str, type_: str) -> None:
    with in_time():
        app = app_of(
            f'variable "v" {{\n  type = {type_}\n}}\n' + GOOD + ODD.format("  description = jsonencode(var.v)"), v=text
        )
    assert len(app.functions) == 2
    assert all(g.remedy for g in app.gaps)


CALL = 'module "m" {\n  source = "acme/m/aws"\n}\n'
MANIFESTS = {
    "broken": '{"Modules": [',
    "a list": "[]",
    "a text": '"x"',
    "null": "null",
    "no list": '{"Modules": 5}',
    "null in it": '{"Modules": null}',
    "rows that are none": '{"Modules": [5, null, "x", [], {}]}',
    "no folder": '{"Modules": [{"Key": "m"}]}',
    "numbers": '{"Modules": [{"Key": 5, "Dir": 7}]}',
    "out of the root": '{"Modules": [{"Key": "m", "Dir": "../../outside"}]}',
    "above": '{"Modules": [{"Key": "m", "Dir": ".."}]}',
    "an absolute path": '{"Modules": [{"Key": "m", "Dir": "/etc"}]}',
    "half a character": '{"Modules": [{"Key": "m", "Dir": "\\ud800"}]}',
    "a path that is too long": json.dumps({"Modules": [{"Key": "m", "Dir": "x/" * 5000}]}),
    "brackets": "[" * 100_000,
    "binary": "\x00\x01",
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_what_terraform_init_left_is_broken(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    write(tmp_path, {"outside/main.tf": ODD.format("")})
    write(root, {".terraform/modules/modules.json": MANIFESTS[name]})
    app = beside(root, "main.tf", CALL)
    assert names(app) == ["aws_lambda_function.good"]
    assert "terraform init" in gap(app, "`module.m`").remedy


def test_what_terraform_init_left_leads_back(tmp_path: Path) -> None:
    for folder in (".", "", "./."):
        write(tmp_path, {".terraform/modules/modules.json": json.dumps({"Modules": [{"Key": "m", "Dir": folder}]})})
        app = beside(tmp_path, "main.tf", CALL)
        assert gap(app, "`module.m`").kind in {"circular", "module"}
        assert len(app.functions) == 1


def test_what_terraform_init_left_is_large(tmp_path: Path) -> None:
    rows = [{"Key": f"k{n}", "Source": "x", "Dir": ".terraform/modules/k"} for n in range(100_000)]
    write(tmp_path, {".terraform/modules/modules.json": json.dumps({"Modules": rows})})
    assert gap(beside(tmp_path, "main.tf", CALL), "`module.m`").hides


JSON_SHAPES = [
    "[]", "5", "null", '"x"', '{"resource": 5}', '{"resource": []}', '{"resource": [5, null, [[]]]}',
    '{"resource": {"aws_sqs_queue": 5}}', '{"resource": {"aws_sqs_queue": {"q": 5}}}',
    '{"resource": {"aws_sqs_queue": {"q": [5, [6], null]}}}', '{"resource": {"": {"": {}}}}',
    '{"resource": {"aws_sqs_queue": {"q": {"name": "${"}}}}', '{"resource": {"aws_sqs_queue": {"q": {"count": {}}}}}',
    '{"resource": {"aws_sqs_queue": {"q": {"lifecycle": 5, "dynamic": 7, "provisioner": [1]}}}}',
    '{"resource": {"aws_sqs_queue": {"q": {"dynamic": {"x": {"for_each": 1, "content": 2}}}}}}',
    '{"module": {"m": {"source": 5}}}', '{"module": {"m": {"source": ["x"]}}}', '{"module": []}',
    '{"variable": {"v": {"type": 5, "default": {}}}}', '{"variable": {"v": "x"}}', '{"variable": {"v": {"type": "nope("}}}',
    '{"locals": 5}', '{"locals": [5]}', '{"locals": {"a": "${local.a}"}}', '{"output": {"o": {"value": "${}"}}}',
    '{"data": {"aws_iam_policy_document": {"d": {"statement": 5}}}}', '{"provider": {"aws": [{"default_tags": 5}]}}',
    '{"terraform": 5, "moved": 1, "import": "x", "check": {"c": []}, "removed": null}', '{"resource": {"a": {"b": {}}}',
    '{"a": ' * 10_000, '{"//": "x"}', '{"locals": {"a": ' + "[" * 500 + "]" * 500 + "}}",
]  # fmt: skip


@pytest.mark.parametrize("text", JSON_SHAPES, ids=range(len(JSON_SHAPES)))
def test_json_of_the_wrong_shape(text: str) -> None:
    for name in ("bad.tf.json", "bad_override.tf.json"):
        with in_time():
            app = app_of({"main.tf": GOOD, name: text})
        assert function(app, "good").memory.show() == "256"
        assert all(g.remedy for g in app.gaps)


# ----------------------------------------------------------------------------------------------------------- policies

ALLOW = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}'
POLICIES = {
    "broken": ('{"Statement": [{"Effect": \n', "can't be read"),
    "a comma too many": (f'{{"Statement": [{ALLOW},]}}', "can't be read"),
    "a key twice": (f'{{"Statement": [], "Statement": [{ALLOW}]}}', "can't be read"),
    "10,000 brackets": (f'{{"Statement": {"[" * 10_000}{"]" * 10_000}}}', "nested more than"),
    "10,000 open brackets": (f'{{"Statement": {"[" * 10_000}', "can't be read"),
    "five megabytes": (f'{{"Statement": [{", ".join([ALLOW] * 90_000)}]}}', "characters"),
    "no document": ("allow everything", "can't be read"),
    "a number": ("5", "not written as a document"),
    "no statement": ('{"Statement": [5]}', "not written as one"),
    "a text for a statement": ('{"Statement": "x"}', "not written as one"),
}


@pytest.mark.parametrize("name", POLICIES)
def test_policies_that_are_broken(name: str) -> None:
    text, why = POLICIES[name]
    policy = f'resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.r.id\n  policy = <<EOT\n{text}\nEOT\n}}\n'
    role = 'resource "aws_iam_role" "r" {\n  name = "r"\n  assume_role_policy = "{}"\n}\n'
    app = value('"x"', policy + role)
    (found,) = (r for r in app.resources if r.address.endswith("aws_iam_role.r"))
    statements = [p.statements for p in found.policies] if hasattr(found, "policies") else []
    doubts = [d.why for s in statements for d in s.gaps] + [d.why for d in found.policies.gaps]  # type: ignore[attr-defined]
    assert any(why in d for d in doubts), doubts


def test_texts_that_look_like_our_own_marks() -> None:
    """Characters that stand for references while a document is read don't do so where somebody writes them."""
    for mark in ("\ue100", "\\ue100"):
        statement = f'{{"Effect": "Allow", "Action": "{mark}", "Resource": "${{aws_sqs_queue.q.arn}}"}}'
        policy = (
            'resource "aws_sqs_queue" "q" {\n  name = "q"\n}\n'
            'resource "aws_sqs_queue_policy" "p" {\n  queue_url = aws_sqs_queue.q.id\n'
            f'  policy = <<EOT\n{{"Statement": [{statement}]}}\nEOT\n}}\n'
        )
        app = value('"x"', policy)
        (queue,) = app.of(Queue)
        actions: list[str] = []
        for found in (s for document in queue.policies for s in document.statements):
            assert found.actions is not None
            actions += [action.show() for action in found.actions]
        assert not any("aws_sqs_queue" in action for action in actions)


def test_answers_that_many_conditions_bear_on() -> None:
    """Forty alarms of which nobody knows whether they are there: the reasons for not knowing are told once each."""
    text = GOOD + "".join(
        f'variable "x{n}" {{}}\nresource "aws_cloudwatch_metric_alarm" "a{n}" {{\n  count = var.x{n}\n'
        f'  namespace = "AWS/Lambda"\n  metric_name = var.x{n}\n}}\n'
        for n in range(40)
    )
    with in_time():
        app = app_of(text)
        findings, _, crashes = run_rules(app, all_rules(), Context(today=datetime.date(2026, 1, 1)))
    assert not crashes
    assert all(len(finding.doubts) <= 100 for finding in findings)


@pytest.mark.parametrize("pattern", ["*a" * 20 + "b", "**/" * 12 + "b", "**/*a*a/" * 6 + "b", "{*a,*b}" * 8])
def test_patterns_of_files_that_fit_in_many_ways(pattern: str) -> None:
    files = {"a" * 200: "", "a/" * 60 + "c": "", "aaaa/" * 40 + "c": ""}
    app = value(f'jsonencode(fileset(".", "{pattern}"))', files=files)
    answer = function(app, "odd").description.is_("[]")
    assert answer.truth == ("maybe" if "{" in pattern else "yes")
