"""`stockade prove` as people use it: every question, its words, its JSON and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from stockade.cli.prove import command
from stockade.errors import StockadeError
from tests.cli.test_cli import run
from tests.iam.sets.templates import STAGE, put

ROOT = Path(__file__).parents[2]
TEXT: dict[str, Any] = json.loads((ROOT / "schemas/proof.schema.json").read_text("utf-8"))
SCHEMA = jsonschema.Draft202012Validator(TEXT)


def policy(*entries: dict[str, Any]) -> str:
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", **e} for e in entries]}
    )


FILES = {
    "read.json": policy({"Action": "s3:GetObject", "Resource": "arn:aws:s3:::a/*", "Sid": "Read"}),
    "all.json": policy({"Action": ["s3:Get*", "s3:PutObject"]}),
    "twice.json": policy({"Action": ["s3:GetObject", "s3:Get*"]}, {"Action": "s3:GetObject"}),
    "queue.json": policy({"Action": "sqs:*"}),
    "open.json": policy({"Action": "sqs:SendMessage", "Principal": "*"}),
    "own.json": policy({"Action": "sqs:SendMessage", "Principal": {"AWS": "111122223333"}}),
    "odd.json": policy({"Action": "s3:*", "Condition": {"StringIs": {"a:b": "c"}}}),
    "bad.json": "{",
}
QUESTIONS: list[tuple[str, int, list[str]]] = [
    ("implies read.json all.json", 0, ["proved: all that read.json allows is allowed by all.json"]),
    (
        "implies all.json read.json",
        1,
        [
            "refuted: all that all.json allows is allowed by read.json",
            "  for example   s3:GetObjectVersion on arn:aws:s3:::bucket-name/object-name",
            "  allowed by    all.json[0]",
        ],
    ),
    (
        "implies odd.json all.json",
        4,
        [
            "not known: all that odd.json allows is allowed by all.json",
            "  because       there is no condition operator 'StringIs'",
        ],
    ),
    (
        "implies AmazonS3ReadOnlyAccess AdministratorAccess",
        0,
        ["proved: all that AmazonS3ReadOnlyAccess allows is allowed by AdministratorAccess"],
    ),
    ("equivalent read.json read.json", 0, ["proved: read.json and read.json allow the same"]),
    (
        "equivalent read.json all.json",
        1,
        [
            "found: all.json allows what read.json does not",
            "  for example   s3:GetObjectVersion on arn:aws:s3:::bucket-name/object-name",
            "  allowed by    all.json[0]",
        ],
    ),
    ("disjoint read.json queue.json", 0, ["proved: nothing that read.json allows is allowed by queue.json"]),
    (
        "disjoint read.json all.json",
        1,
        [
            "refuted: nothing that read.json allows is allowed by all.json",
            "  for example   s3:GetObject on arn:aws:s3:::a/x",
            "  allowed by    read.json[0] (Read)  (of read.json)",
            "  allowed by    all.json[0]  (of all.json)",
        ],
    ),
    ("difference read.json all.json", 0, ["proved: read.json allows nothing beyond all.json"]),
    (
        "difference queue.json read.json",
        1,
        [
            "found: queue.json allows what read.json does not",
            "  new           sqs:* on *",
            "                by queue.json[0]",
            "  for example   sqs:PurgeQueue on arn:aws:sqs:us-east-1:111122223333:queue-name",
            "  allowed by    queue.json[0]",
        ],
    ),
    ("grants all.json --action s3:GetObject", 0, ["proved: all.json allows all of s3:GetObject on *"]),
    (
        "grants read.json --action s3:GetObject --resource arn:aws:s3:::b/*",
        1,
        [
            "refuted: read.json allows all of s3:GetObject on arn:aws:s3:::b/*",
            "  for example   s3:GetObject on arn:aws:s3:::b/x",
        ],
    ),
    (
        "access-not-granted read.json --action s3:PutObject --action sqs:*",
        0,
        ["proved: read.json allows nothing of s3:PutObject, sqs:* on *"],
    ),
    (
        "access-not-granted read.json --action s3:*",
        1,
        [
            "refuted: read.json allows nothing of s3:* on *",
            "  for example   s3:GetObject on arn:aws:s3:::a/x",
            "  allowed by    read.json[0] (Read)",
        ],
    ),
    ("no-public-access own.json", 0, ["proved: own.json allows the public nothing"]),
    (
        "no-public-access open.json",
        1,
        [
            "refuted: open.json allows the public nothing",
            "  for example   sqs:SendMessage on arn:aws:sqs:us-east-1:111122223333:queue-name",
            "  by            arn:aws:iam::999988887777:user/stranger",
            "  allowed by    open.json[0]",
        ],
    ),
    ("redundant all.json", 0, ["proved: every statement of all.json makes a difference"]),
    (
        "redundant twice.json",
        1,
        ["refuted: every statement of twice.json makes a difference", "  statement     twice.json[1]"],
    ),
    ("no-new-access all.json read.json", 0, ["proved: read.json allows nothing that all.json does not"]),
    (
        "can tree#F s3:GetObject",
        1,
        [
            "found: tree#F may do s3:GetObject on *",
            "  for example   s3:GetObject on arn:aws:s3:::bucket-name/object-name",
            "  when          Stage is prod",
            "  allowed by    FRole/Policies/0[0]  tree/template.yaml:16",
        ],
    ),
    (
        "can tree#F sqs:SendMessage",
        0,
        [
            "proved: tree#F may not do sqs:SendMessage on *",
            "  assuming      the policies of resources that are declared elsewhere do not let it",
        ],
    ),
    (
        "can tree#F s3:GetObject --parameters Stage=dev",
        0,
        [
            "proved: tree#F may not do s3:GetObject on *",
            "  assuming      the policies of resources that are declared elsewhere do not let it",
        ],
    ),
    ("can read.json s3:PutObject", 0, ["proved: read.json allows nothing of s3:PutObject on *"]),
    (
        "who-can s3:GetObject --in tree",
        1,
        [
            "found: 1 of 1 functions of tree may do s3:GetObject on *",
            "",
            "  found: F may do s3:GetObject on *",
            "    for example   s3:GetObject on arn:aws:s3:::bucket-name/object-name",
            "    when          Stage is prod",
            "    allowed by    FRole/Policies/0[0]  tree/template.yaml:16",
            "",
            "  of 1: 1 refuted",
        ],
    ),
    (
        "no-new-access tree tree/template.yaml",
        0,
        ["proved: tree/template.yaml allows nothing that tree does not", "", "  of 2: 2 proved"],
    ),
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    statement = "!If [IsProd, {Effect: Allow, Action: 's3:GetObject', Resource: '*'}, !Ref 'AWS::NoValue']"
    put(tmp_path / "tree", statement, head=STAGE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def asked(text: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(command, text.split(), input=given, env={"COLUMNS": "100"}, catch_exceptions=True)
    if isinstance(done.exception, StockadeError):
        return done.exception.exit_code, done.exception.message
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("text", "code", "lines"), QUESTIONS, ids=[text for text, _, _ in QUESTIONS])
def test_every_question(text: str, code: int, lines: list[str]) -> None:
    assert asked(text) == (code, "".join(line + "\n" for line in lines))
    found, out = asked(text + " -f json")
    assert found == code
    answer = json.loads(out)
    SCHEMA.validate(answer)
    assert answer["verdict"] == {0: "proved", 1: "refuted", 4: "unknown"}[code]
    assert not _more_than(answer)


def _more_than(answer: dict[str, Any]) -> set[str]:
    """The fields of an answer of which the schema says nothing."""
    found = answer.keys() - TEXT["properties"].keys()
    defined = TEXT["$defs"]
    for part in answer["parts"]:
        found |= part.keys() - defined["part"]["properties"].keys()
    if answer["example"] is not None:
        found |= answer["example"].keys() - defined["example"]["properties"].keys()
    return found


@pytest.mark.usefixtures("folder")
def test_minimise_prints_the_policy() -> None:
    code, out = asked("minimise twice.json")
    assert code == 1
    assert [each["Action"] for each in json.loads(out)["Statement"]] == [["s3:Get*"]]
    code, out = asked("minimise all.json")
    assert (code, json.loads(out)) == (0, json.loads(FILES["all.json"]))
    code, out = asked("minimise twice.json -f json")
    answer = json.loads(out)
    SCHEMA.validate(answer)
    assert (code, answer["verdict"]) == (1, "refuted")
    assert len(answer["document"]["Statement"]) == 1


@pytest.mark.usefixtures("folder")
def test_future_actions() -> None:
    code, out = asked("implies queue.json queue.json --future")
    assert (code, "note" in out) == (0, False)
    Path("named.json").write_text(policy({"Action": "sqs:*"}, {"Action": "sqs:SendMessage"}))
    assert asked("access-not-granted read.json --action s3:PutObject")[0] == 0


def test_standard_input(folder: Path) -> None:
    assert asked("implies - all.json", FILES["read.json"]) == (
        0,
        "proved: all that standard input allows is allowed by all.json\n",
    )
    code, said = asked("implies - all.json", "{")
    assert code == 2
    assert said.startswith("-:1:1: ")
    assert folder.exists()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("implies bad.json all.json", 2, "bad.json:1:1: "),
        ("implies none.json all.json", 2, "can't read `none.json`"),
        ("implies tree all.json", 2, "is a folder"),
        ("implies tree#G all.json", 2, "there is no function or role `G`"),
        ("grants all.json --action s3:Foo", 2, "there is no action `s3:Foo`"),
        ("no-public-access all.json", 2, "names no principal"),
        ("minimise tree#F", 2, "is not one policy document"),
        ("who-can s3:GetObject nosuch --in tree", 2, "there is no resource `nosuch`"),
        ("who-can s3:GetObject --in none", 2, "there is no file or folder"),
        ("no-new-access git:HEAD:../x tree", 2, "is no revision"),
        ("no-new-access empty empty", 3, "nothing to scan"),
    ],
)
def test_mistakes(text: str, code: int, says: str) -> None:
    Path("empty").mkdir()
    found, said = asked(text)
    assert (found, says in said) == (code, True), said


def test_colour_and_errors_of_the_whole_program(folder: Path) -> None:
    plain = run("prove", "implies", "read.json", "all.json", cwd=folder)
    assert (plain.returncode, plain.stderr, "\x1b" in plain.stdout) == (0, "", False)
    coloured = run("prove", "implies", "all.json", "read.json", "--color", "always", cwd=folder)
    assert coloured.returncode == 1
    assert coloured.stdout.startswith("\x1b[1;31mrefuted\x1b[0m: ")
    wrong = run("prove", "implies", "bad.json", "all.json", cwd=folder)
    assert wrong.returncode == 2
    assert wrong.stdout == ""
    assert wrong.stderr.startswith("error: bad.json:1:1: ")
    assert "  help: " in wrong.stderr
