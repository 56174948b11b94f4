"""Policies out of files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade.engine.proofs.documents import MAX_BYTES, is_tree, read_policy
from stockade.errors import UsageError
from tests.iam.sets.templates import template

POLICY: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": "*"}],
}
TEXT = json.dumps(POLICY)
YAML = "Version: 2012-10-17\nStatement:\n- Effect: Allow\n  Action: [s3:GetObject]\n  Resource: '*'\n"
SAMPLE = f"# A policy\n\n```bash\n{{not json}}\n```\n\n```json\n{TEXT}\n```\n"


def put(folder: Path, name: str, text: str | bytes) -> str:
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return str(file)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", TEXT),
        ("a.json", "\ufeff" + TEXT),
        ("a.json", TEXT.replace(", ", ",\r\n")),
        ("a.txt", TEXT),
        ("a.yaml", YAML),
        ("a.md", SAMPLE),
        ("a.markdown", SAMPLE.replace("\n", "\r\n").replace("json", "JSON", 2)),
        ("a.json", json.dumps({"RoleName": "r", "PolicyName": "p", "PolicyDocument": POLICY})),
        ("a.json", json.dumps({"PolicyVersion": {"Document": POLICY, "VersionId": "v1"}})),
        ("a.json", json.dumps({"Policy": TEXT, "RevisionId": "x"})),
    ],
)
def test_what_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = put(tmp_path, name, text)
    assert read_policy(path) == POLICY
    assert not is_tree(path)


def test_a_list_of_statements_is_a_policy(tmp_path: Path) -> None:
    assert read_policy(put(tmp_path, "a.json", json.dumps(POLICY["Statement"]))) == POLICY


def test_values_keep_their_types(tmp_path: Path) -> None:
    text = '{"Statement": {"Effect": "Allow", "Sid": null, "Action": "*", "Condition": {"Bool": {"a:b": true, "a:c": "true"}}}}'
    assert read_policy(put(tmp_path, "a.json", text)) == json.loads(text)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.json", "", "holds nothing"),
        ("a.yaml", "# nothing\n", "is empty"),
        ("a.json", '{"Statement": [}', "a.json:1:15: "),
        ("a.yaml", "Statement: [\n", "a.yaml:1:13: "),
        ("a.json", "3", "is no policy"),
        ("a.json", '{"Version": "2012-10-17"}', "is no policy"),
        ("a.json", b"\xff\xfe{", "is not UTF-8 (byte 0)"),
        ("a.json", b'{"Statement":\x00[]}', "a.json:1:14: "),
        ("a.json", "[" * 100_000, "levels deep"),
        ("a.json", '{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}', "is there twice"),
        ("a.json", '{"Statement": [{"Sid": "\\ud800"}]}', "half of a character"),
        ("a.yaml", "&a [*a]\n", "inside what it stands for"),
        ("a.json", '{"Policy": "{bad"}', "holds a policy as text that is no JSON"),
        ("a.md", "nothing", "holds 0 policies"),
        ("a.md", SAMPLE * 2, "holds 2 policies"),
        ("a.json", b" " * (MAX_BYTES + 1), "has more than 10,000,000 bytes"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, name: str, text: str | bytes, says: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_policy(put(tmp_path, name, text))
    assert says in raised.value.message
    assert raised.value.hint


def test_there_is_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_policy(str(tmp_path / "none.json"))


@pytest.mark.parametrize(
    ("name", "text", "tree"),
    [
        ("template.yaml", template(), True),
        ("main.tf", 'resource "aws_iam_role" "r" {}', True),
        ("template.json", '{"Resources": {"R": {"Type": "AWS::IAM::Role"}}}', True),
        ("broken.json", "{", False),
        ("text.json", '"x"', False),
    ],
)
def test_what_is_a_tree(tmp_path: Path, name: str, text: str, tree: bool) -> None:  # noqa: FBT001
    assert is_tree(put(tmp_path, name, text)) is tree
    assert is_tree(str(tmp_path))
    assert not is_tree(str(tmp_path / "none"))
