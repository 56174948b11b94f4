"""Functions of files: only below the scanned folder, by paths relative to the root module's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stockade.inputs.terraform.disk import Disk
from stockade.inputs.terraform.functions import Files
from stockade.inputs.terraform.functions.files import WORKING_FOLDER
from stockade.inputs.terraform.terms import Lit, Term, Txt, Unk, Wrong
from stockade.text.document import Document, Span
from stockade.text.hcl.read import read_template
from tests.inputs.terraform.functions.support import call, hole, lit, said, txt, unk


@pytest.fixture
def files(tmp_path: Path) -> Files:
    (tmp_path / "app" / "policies").mkdir(parents=True)
    (tmp_path / "app" / "a.txt").write_text("hello\n")
    (tmp_path / "app" / "policies" / "p.json").write_text('{"a": 1}')
    (tmp_path / "shared.txt").write_text("shared")
    (tmp_path / "app" / "bom.txt").write_bytes(b"\xef\xbb\xbfx")
    (tmp_path / "app" / "odd.txt").write_bytes(b"\xff\xfea\0")
    (tmp_path / "app" / "out").symlink_to("/etc")
    disk = Disk(tmp_path)
    return Files(read=disk.text, raw=disk.raw, list_=disk.listing, template=lambda path: read_template(disk.text(path)))


def test_a_file_has_its_place(files: Files) -> None:
    made = call("file", "a.txt", files=files, root="app")
    assert isinstance(made, Lit)
    assert made.v == "hello\n"
    assert made.span.doc.path == "app/a.txt"
    assert made.span.text == "hello\n"


@pytest.mark.parametrize("path", ["a.txt", "./a.txt", "policies/../a.txt", "../app/a.txt"])
def test_paths(files: Files, path: str) -> None:
    assert said(call("file", path, files=files, root="app")) == "hello\n"


def test_a_file_beside_the_root_module(files: Files) -> None:
    assert said(call("file", "../shared.txt", files=files, root="app")) == "shared"


@pytest.mark.parametrize("path", ["/etc/passwd", "../../etc/passwd", "~/x", "out/passwd", "../../../../etc/passwd"])
@pytest.mark.parametrize("name", ["file", "filebase64", "filesha256", "fileexists", "filebase64sha256"])
def test_nothing_elsewhere_is_read(files: Files, name: str, path: str) -> None:
    assert isinstance(call(name, path, files=files, root="app"), Unk)


def test_no_set_of_files_from_elsewhere(files: Files) -> None:
    assert isinstance(call("fileset", "/etc", "*", files=files, root="app"), Unk)
    assert isinstance(call("fileset", ".", "../../*", files=files, root="app"), Unk)
    assert isinstance(call("fileset", "out", "*", files=files, root="app"), Unk)


def test_a_missing_file(files: Files) -> None:
    with pytest.raises(Wrong):
        call("file", "nope.txt", files=files, root="app")
    assert said(call("fileexists", "nope.txt", files=files, root="app")) is False
    assert said(call("fileexists", "a.txt", files=files, root="app")) is True
    # What a build makes is not there yet when it is scanned.
    made = call("filebase64sha256", "function.zip", files=files, root="app")
    assert isinstance(made, Unk)
    assert "function.zip" in made.doubt.why
    assert made.doubt.cause == "missing file"


def test_encodings(files: Files) -> None:
    assert said(call("file", "bom.txt", files=files, root="app")) == "\ufeffx"
    with pytest.raises(Wrong):
        call("file", "odd.txt", files=files, root="app")
    assert said(call("filebase64", "odd.txt", files=files, root="app")) == "//5hAA=="


def test_sets_of_files(files: Files) -> None:
    assert said(call("fileset", ".", "**/*.json", files=files, root="app")) == ["policies/p.json"]
    assert said(call("fileset", "policies", "*", files=files, root="app")) == ["p.json"]
    assert said(call("fileset", ".", "*.{txt,md}", files=files, root="app")) == ["a.txt", "bom.txt", "odd.txt"]


@pytest.mark.parametrize("pattern", ["[", "{a", "[z-a]"])
def test_patterns_that_are_none(files: Files, pattern: str) -> None:
    with pytest.raises(Wrong):
        call("fileset", ".", pattern, files=files, root="app")


def test_an_absolute_path_below_the_working_folder_is_understood_again(files: Files) -> None:
    folder = call("abspath", ".", files=files, root="app")
    assert isinstance(folder, Txt)
    assert said(folder) == f"<{WORKING_FOLDER}>"
    below = call("abspath", "policies/../policies", files=files, root="app")
    assert said(below) == f"<{WORKING_FOLDER}>/policies"
    path = call("format", "%s/p.json", below)
    assert said(call("file", path, files=files, root="app")) == '{"a": 1}'
    assert said(call("file", call("format", "%s/a.txt", call("dirname", below)), files=files, root="app")) == "hello\n"
    assert said(call("abspath", below, files=files, root="app")) == said(below)


@pytest.mark.parametrize(
    ("name", "arg", "expected"),
    [
        ("basename", txt(hole("var.dir"), "/lambda/"), "lambda"),
        ("basename", txt(hole("var.dir"), "/lambda/x.zip"), "x.zip"),
        ("basename", txt(hole("var.dir"), "x.zip"), "?"),
        ("dirname", txt(hole("var.dir"), "/x"), "?"),
        ("pathexpand", "~/x", "?"),
        ("abspath", "../x", "?"),
        ("abspath", "/x/../y", "/y"),
    ],
)
def test_paths_that_are_not_wholly_known(name: str, arg: Any, expected: str) -> None:
    made = call(name, arg)
    assert ("?" if isinstance(made, Unk) else said(made)) == expected


def test_templates_are_rendered_by_the_evaluator(files: Files) -> None:
    seen: list[tuple[str, Term, Span]] = []

    def render(path: str, variables: Term, at: Span) -> Term:
        seen.append((path, variables, at))
        return lit("made")

    made = call("templatefile", "./policies/p.json", {"a": 1}, files=files, root="app", render=render)
    assert said(made) == "made"
    assert seen[0][0] == "app/policies/p.json"
    assert said(seen[0][1]) == {"a": 1}
    assert isinstance(call("templatefile", unk("var.path"), {}, files=files, render=render), Unk)
    assert call("templatefile", "a.txt", lit(1, sensitive=True), files=files, render=render).sensitive


def test_templates_in_texts_are_rendered_by_the_evaluator() -> None:
    seen: list[Document] = []

    def render(document: Document, variables: Term, _: Span) -> Term:
        seen.append(document)
        return variables

    assert said(call("templatestring", "a ${x}", {"x": 1}, render_text=render)) == {"x": 1}
    assert seen[0].text == "a ${x}"
    whole = Document("t.tftpl", "b ${x}")
    call("templatestring", Lit(span=whole.span(0, 6), v="b ${x}"), {"x": 1}, render_text=render)
    assert seen[1] is whole  # so that its places are those of the file
    assert isinstance(call("templatestring", unk("var.t"), {}, render_text=render), Unk)
    assert isinstance(call("templatestring", "a", {}), Unk)
