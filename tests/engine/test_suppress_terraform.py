"""Comments in HCL that say to ignore a finding, in every place where people put them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from tests.support import TODAY

URL = """\
resource "aws_lambda_function_url" "hook" {{{inside}
  function_name      = "hook"{name_end}
{above}  authorization_type = "NONE"{end}
}}
"""
SAYS = 'stockade: ignore[public-function-url] reason="the handler verifies the sender"'


def suppressed(folder: Path, files: dict[str, str]) -> list[bool]:
    """For each finding of SK101, whether it is suppressed."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    result = api.scan(folder, select=["SK101"], today=TODAY)
    return [f.suppressed is not None for f in result.findings if f.rule.code == "SK101"]


def url(**places: str) -> str:
    """The configuration of an open function URL with comments in some places."""
    return URL.format(**({"inside": "", "above": "", "end": "", "name_end": ""} | places))


@pytest.mark.parametrize(
    "text",
    [
        f"# {SAYS}\n" + url(),
        f"// {SAYS}\n" + url(),
        f"/* {SAYS} */\n" + url(),
        f"# another word\n# {SAYS}\n# and one more\n" + url(),
        url(inside=f" # {SAYS}"),
        url(inside=f"\n  # {SAYS}"),
        url(above=f"  # {SAYS}\n"),
        url(end=f" # {SAYS}"),
        url(end=f" // {SAYS}"),
    ],
    ids=[
        "above",
        "slashes",
        "block-comment",
        "among",
        "opening-line",
        "first-inside",
        "attribute",
        "end",
        "end-slashes",
    ],
)
def test_it_holds_where_people_put_it(tmp_path: Path, text: str) -> None:
    assert suppressed(tmp_path, {"main.tf": text}) == [True]


@pytest.mark.parametrize(
    "text",
    [
        url(name_end=f" # {SAYS}"),
        url() + f"# {SAYS}\n",
        url().replace('"hook" {', f'"hook" {{\n  # {SAYS.replace("url", "permission")}'),
        url().replace('= "hook"', f'= "# {SAYS}"'),
    ],
    ids=["another-attribute", "below", "another-rule", "in-a-text"],
)
def test_it_does_not_hold_elsewhere(tmp_path: Path, text: str) -> None:
    assert suppressed(tmp_path, {"main.tf": text}) == [False]


def test_at_the_call_of_a_module_it_holds_for_what_the_module_makes(tmp_path: Path) -> None:
    call = 'module "hook" {\n  source = "./modules/hook"\n}\n'
    files = {"modules/hook/main.tf": url()}
    assert suppressed(tmp_path, files | {"main.tf": call}) == [False]
    assert suppressed(tmp_path, files | {"main.tf": f"# {SAYS}\n{call}"}) == [True]
    inside = call.replace("\n}", f"\n}} # {SAYS}")
    assert suppressed(tmp_path, files | {"main.tf": inside}) == [False], "it ends another line"


def test_inside_of_a_module_it_holds_for_each_call(tmp_path: Path) -> None:
    calls = "\n".join(f'module "{n}" {{\n  source = "./modules/hook"\n}}' for n in "ab")
    assert suppressed(tmp_path, {"main.tf": calls, "modules/hook/main.tf": url(end=f" # {SAYS}")}) == [True]
