"""Whose policies are asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.proofs.subjects import split, subject
from stockade.errors import StockadeError, UsageError
from tests.iam.sets.templates import ROLE, put


def test_names_and_arns_of_managed_policies() -> None:
    for text in ("AmazonS3ReadOnlyAccess", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"):
        found = subject(text, api.load)
        assert found.label == "AmazonS3ReadOnlyAccess"
        assert found.written is not None


def test_a_document_by_itself() -> None:
    found = subject({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, api.load)
    assert [clause.name for clause in found.access.identity] == ["policy[0]"]


def test_functions_and_roles_of_a_tree(tmp_path: Path) -> None:
    put(tmp_path, resources=ROLE + "    RoleName: worker\n", properties="Role: !GetAtt R.Arn\n")
    for name in ("F", "R", "worker"):
        assert subject(f"{tmp_path}#{name}", api.load).names is not None
    assert subject(f"{tmp_path}/template.yaml#F", api.load).holder is not None


def test_two_functions_of_one_name_are_not_mixed_up(tmp_path: Path) -> None:
    for name in ("one", "other"):
        put(tmp_path, at=f"{name}/template.yaml")
    with pytest.raises(UsageError, match="the name of several functions") as raised:
        subject(f"{tmp_path}#F", api.load)
    assert raised.value.hint == "write one/template.yaml#F or other/template.yaml#F"
    assert subject(f"{tmp_path}#other/template.yaml#F", api.load).holder is not None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}#G", "there is no function or role `G`"),
        ("{}", "is a folder"),
        ("{}/none.json", "No such file"),
        ("{}/none#F", "there is no file or folder"),
        ("arn:aws:iam::aws:policy/None", "AWS has no policy"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, says: str) -> None:
    put(tmp_path)
    with pytest.raises(StockadeError) as raised:
        subject(text.format(tmp_path), api.load)
    assert says in raised.value.message
    assert raised.value.hint


def test_where_a_path_ends(tmp_path: Path) -> None:
    folder = tmp_path / "a#b"
    folder.mkdir()
    assert split(str(folder)) == (str(folder), "")
    assert split(f"{folder}#F") == (str(folder), "F")
    assert split(f"{folder}#t.yaml#F") == (str(folder), "t.yaml#F")
    assert split("none#F") == ("none", "F")
