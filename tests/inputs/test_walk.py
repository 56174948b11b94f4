"""Finding templates in a tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stockade.errors import NothingToScan
from stockade.inputs.load import load
from stockade.inputs.walk import Candidate, Obstacle, candidates

TEMPLATE = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n"


def tree(root: Path, *paths: str, **ignores: str) -> Path:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(TEMPLATE)
    for folder, text in ignores.items():
        (root / folder.replace("_", "/").strip("/") / ".gitignore").write_text(text)
    return root


def found(root: Path) -> list[str]:
    return [c.shown for c in candidates(root) if isinstance(c, Candidate)]


def obstacles(root: Path) -> dict[str, str]:
    return {c.shown: c.why for c in candidates(root) if isinstance(c, Obstacle)}


def test_templates_are_known_by_their_content(tmp_path: Path) -> None:
    tree(
        tmp_path,
        "a.yaml",
        "b.yml",
        "c/d.template",
        "e.JSON",
        "f.txt",
        "node_modules/x.yaml",
        ".aws-sam/build/template.yaml",
    )
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}")
    assert found(tmp_path) == ["a.yaml", "b.yml", "c/d.template", "e.JSON"]


def test_gitignore(tmp_path: Path) -> None:
    tree(
        tmp_path,
        *(
            "a.yaml",
            "b.yaml",
            "out/a.yaml",
            "out/b.yaml",
            "sub/out/a.yaml",
            "sub/x.yaml",
            "sub/y.yaml",
            "sub/deep/x.yaml",
        ),
        *("sub/deep/z.yaml", "gen/keep.yaml", "gen/k2.yaml", "docs/v1/a.yaml", "docs/v2/a.yaml"),
    )
    (tmp_path / ".gitignore").write_text(
        "# comment\n\n/b.yaml\nout/\ngen/*\n!gen/keep.yaml\ndocs/**/a.yaml\n!docs/v2/\n"
    )
    (tmp_path / "sub" / ".gitignore").write_text("x.yaml\n!deep/x.yaml\n/deep/[yz].yaml\n")
    assert found(tmp_path) == ["a.yaml", "gen/keep.yaml", "sub/deep/x.yaml", "sub/y.yaml"]


def test_the_gitignore_of_the_repository_holds_below(tmp_path: Path) -> None:
    tree(tmp_path, "app/a.yaml", "app/b.yaml", "app/out/c.yaml")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("app/b.yaml\nout\n")
    assert found(tmp_path / "app") == ["a.yaml"]
    # A folder that is named is read, ignored or not.
    assert found(tmp_path / "app" / "out") == ["c.yaml"]


def test_what_cdk_synthesized_is_read_although_it_is_ignored(tmp_path: Path) -> None:
    tree(tmp_path, "cdk.out/App.template.json", "cdk.out/asset.123/template.yaml", "other/cdk.out/x.yaml")
    (tmp_path / "cdk.out" / "manifest.json").write_text("{}")
    (tmp_path / ".gitignore").write_text("cdk.out\n")
    assert found(tmp_path) == ["cdk.out/App.template.json"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs POSIX")
def test_links_pipes_and_loops(tmp_path: Path) -> None:
    root = tree(tmp_path / "root", "a.yaml", "sub/b.yaml")
    tree(tmp_path / "outside", "c.yaml")
    (root / "loop.yaml").symlink_to(root / "loop.yaml")
    (root / "gone.yaml").symlink_to(root / "nowhere.yaml")
    (root / "again.yaml").symlink_to(root / "a.yaml")
    (root / "sub" / "up").symlink_to(root)
    (root / "out").symlink_to(tmp_path / "outside")
    (root / "out.yaml").symlink_to(tmp_path / "outside" / "c.yaml")
    os.mkfifo(root / "pipe.yaml")
    assert found(root) == ["a.yaml", "sub/b.yaml"]
    assert obstacles(root) == {
        "gone.yaml": "the link can't be followed: no such file or directory",
        "loop.yaml": "the link leads back to itself",
        "out": "the link leads out of the scanned folder",
        "out.yaml": "the link leads out of the scanned folder",
        "pipe.yaml": "it is a device, a socket or a pipe, not a file",
    }
    app = load(root)
    assert len(app.functions) == 2
    assert all(gap.remedy for gap in app.gaps)


def test_a_folder_that_can_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "a.yaml", "secret/b.yaml")
    scandir = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    app = load(tmp_path)
    assert [(g.path, g.hides) for g in app.gaps] == [("secret", True)]


def test_nothing(tmp_path: Path) -> None:
    with pytest.raises(NothingToScan, match="nothing to scan"):
        load(tmp_path)
