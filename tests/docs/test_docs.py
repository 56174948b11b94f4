"""The documentation says everything that there is, and leads nowhere that is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from stockade import api
from stockade.cli._docs import write_pages
from stockade.cli._group import group
from stockade.cli._readme import rerun, updated
from stockade.cli.scan import EXIT_CODES, FORMATS
from stockade.engine.findings import PERSONAS
from stockade.errors import StockadeError

ROOT = Path(__file__).parents[2]
RUN = ("proving.md", "reports.md")  # pages that show commands with what they print
GENERATED = (
    *("rules", "cli.md", "exit-codes.md", "formats.md", "schemas.md", "policy-checks.md", "settings.md", "peers.md"),
)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^( *)```.*?^\1```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages: those written by hand, and those made of the code."""
    folder = tmp_path_factory.mktemp("docs")
    for page in (ROOT / "docs").glob("*.md"):
        if page.name not in GENERATED:
            (folder / page.name).write_text(page.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        write_pages(folder)
    return folder


def commands() -> list[tuple[str, click.Command]]:
    """Every command with its whole name."""
    found: list[tuple[str, click.Command]] = []
    todo: list[tuple[str, click.Command]] = [("stockade", group)]
    while todo:
        name, command = todo.pop()
        if isinstance(command, click.Group):
            context = click.Context(command)
            for sub in command.list_commands(context):
                inner = command.get_command(context, sub)
                assert inner is not None
                todo.append((f"{name} {sub}", inner))
                found.append((f"{name} {sub}", inner))
    return found


def test_every_rule_has_a_page_and_a_line(site: Path) -> None:
    index = (site / "rules" / "index.md").read_text(encoding="utf-8")
    for rule in api.rules():
        page = (site / "rules" / f"{rule.name}.md").read_text(encoding="utf-8")
        assert rule.code in page
        assert rule.title in page
        assert f"[{rule.name}]({rule.name}.md)" in index
        assert "| |" not in page, "a table without a heading"
        assert "```yaml bad" not in page
        assert "```hcl bad" not in page


def test_every_command_and_option_is_documented(site: Path) -> None:
    page = (site / "cli.md").read_text(encoding="utf-8")
    for name, command in commands():
        own = page.partition(f"# {name}\n")[2].partition("\n##")[0]
        assert own, name
        for option in command.params:
            if isinstance(option, click.Option):
                assert all(f"{word}" in own for word in option.opts), (name, option.opts)
                assert option.help, (name, option.opts)


def test_every_exit_code_is_documented_and_used(site: Path) -> None:
    page = (site / "exit-codes.md").read_text(encoding="utf-8")
    assert all(f"| {code} | " in page for code in EXIT_CODES)
    errors: list[type[StockadeError]] = [StockadeError, *StockadeError.__subclasses__()]
    raised = {0, 1, 4, 130} | {error.exit_code for error in errors}
    assert raised == set(EXIT_CODES)


def test_every_format_and_persona_is_documented(site: Path) -> None:
    page = (site / "formats.md").read_text(encoding="utf-8")
    folder = ROOT / "src" / "stockade" / "reports"
    reports = {p.stem for p in (*folder.glob("[a-z]*.py"), *(p.parent for p in folder.glob("[a-z]*/__init__.py")))}
    assert {name.replace("-", "_") for name in FORMATS} == reports - {"stats"}
    assert all(f"| `{name}` | " in page for name in FORMATS)
    assert all(persona in (site / "cli.md").read_text(encoding="utf-8") for persona in PERSONAS)


def test_every_field_of_the_schemas_is_documented(site: Path) -> None:
    page = (site / "schemas.md").read_text(encoding="utf-8")
    for path in (ROOT / "schemas").glob("*.json"):
        schema = json.loads(path.read_text(encoding="utf-8"))
        for part in (schema, *schema.get("$defs", {}).values()):
            assert all(f"| `{field}` | " in page for field in part.get("properties", {}))


def anchors(page: Path) -> set[str]:
    """What can be linked to on a page."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[\s-]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower()) for heading in headings}


def dead_links(page: Path) -> list[str]:
    """The links of a page that lead nowhere; what is on the web is not asked for."""
    dead = []
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            dead += [] if target.startswith("https://") else [target]
            continue
        path, _, anchor = target.partition("#")
        file = page.parent / path if path else page
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file)):
            dead.append(target)
    return dead


def test_no_link_of_the_documentation_is_dead(site: Path) -> None:
    pages = sorted(site.rglob("*.md"))
    assert len(pages) > len(api.rules())
    assert {page.relative_to(site).as_posix(): dead for page in pages if (dead := dead_links(page))} == {}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_no_link_of_the_repository_is_dead(name: str) -> None:
    page = ROOT / name
    made = {f"docs/{path}" for path in GENERATED}
    assert [link for link in dead_links(page) if not any(link.startswith(path) for path in made)] == []


def test_the_site_names_every_page() -> None:
    nav = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    pages = {p.name for p in (ROOT / "docs").glob("*.md")} | {p for p in GENERATED if p.endswith(".md")}
    assert [page for page in sorted(pages) if f'"{page}"' not in nav] == []


def test_the_readme_shows_what_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert updated(text) == text, "run `stockade dev readme`"


@pytest.mark.parametrize("name", RUN)
def test_pages_show_what_is_printed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert "$ stockade" in text
    assert rerun(text) == text, f"run `stockade dev readme --file docs/{name}`"


def test_the_readme_uses_no_option_that_is_not_there() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not re.match(r"[- ]*(run: )?gh ", line))
    known = {word for _, command in commands() for p in command.params for word in p.opts}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text)) - known == set()
