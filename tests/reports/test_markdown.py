"""The comment on a pull request: what it holds, and what it leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from stockade.engine.offers import Offers
from stockade.reports import markdown
from stockade.reports._screen import Screen
from stockade.reports._source import hunks, unified
from tests.reports.consumers import markdown as wrong
from tests.reports.test_text import FUNCTION, HEAD, URL, functions, scan
from tests.support import TODAY

FIRST = {
    "severity": "high",
    "file": "examples/orders/template.yaml",
    "function": "OrdersApiFunction",
    "rule": "SK112 open-api-route",
}
PLACE = "template.yaml:10:19"


def test_a_comment_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert (
        markdown.render(scan(tmp_path, functions(1, URL), select=["SK101"]))
        == f"""\
<!-- stockade: report -->

### Stockade: 1 finding: 1 high in 1 function of 1 template, 1 rule

**Anyone on the internet can invoke** <code>F00</code>.

| Severity | Finding | Where |
|---|---|---|
| **high** | anyone on the internet can call <code>F00</code> through its function URL (SK101) | <code>{PLACE}</code> |

<details><summary><b>F00</b>: 1 high</summary>

**high: anyone on the internet can call <code>F00</code> through its function URL** (SK101 public-function-url)

```text
  --> template.yaml:10:19
   |
10 |         AuthType: NONE
   |                   ^^^^
```

- help: require AWS&#95;IAM, or verify the caller's signature in the handler and say so in an ignore
- unsafe fix: require IAM authentication; callers that do not sign their requests with AWS credentials stop working

```diff
--- a/template.yaml
+++ b/template.yaml
@@ -8,3 +8,3 @@
       CodeUri: src/
       FunctionUrlConfig:
-        AuthType: NONE
+        AuthType: AWS_IAM
```

</details>
"""
    )


def test_what_has_no_room_is_the_least_grave_and_counted(tmp_path: Path) -> None:
    result = scan(tmp_path, functions(150, URL), persona="pedantic")
    report = markdown.render(result)
    assert wrong(report) == []
    assert 55_000 < len(report) <= markdown.LONGEST
    shown = report.count("\n**high: ")
    high = sum(f.severity == "high" for f in result.visible)
    told = sum(report.count(f"\n**{word}: ") for word in ("high", "medium", "low", "info"))
    assert f"*{len(result.visible) - told:,} findings more (" in report
    assert shown == min(high, told)


def test_names_without_end_do_not_burst_it(tmp_path: Path) -> None:
    names = ["`" * 9_000, "<" * 9_000, "|`@" * 3_000]
    blocks = "".join(f'  "{name}{n}":\n' + FUNCTION.partition("\n")[2] + URL for n in range(8) for name in names)
    report = markdown.render(scan(tmp_path, HEAD + "Resources:\n" + blocks))
    assert wrong(report) == []


@pytest.mark.parametrize("group", ["severity", "file", "function", "rule"])
def test_groups(group: str) -> None:
    result = api.scan(Path("examples/orders"), today=TODAY)
    report = markdown.render(result, group_by=group)  # type: ignore[arg-type]
    assert wrong(report) == []
    first = {
        "severity": "high",
        "file": "examples/orders/template.yaml",
        "function": "OrdersApiFunction",
        "rule": "SK112 open-api-route",
    }
    assert f"<summary><b>{first[group]}</b>: " in report


def test_the_difference_is_what_fix_would_write(tmp_path: Path) -> None:
    """`patch`, in a few lines of its own, makes of the source what the edits of a fix make of it."""
    result = api.scan(Path("examples/orders"), today=TODAY)
    screen, offers = Screen(None, ""), Offers(result)
    changed = 0
    for finding in result.visible:
        edits = offers.edits(finding)
        for path in {document.path for document, _ in edits}:
            document = next(d for d, _ in edits if d.path == path)
            change = api.fix("examples/orders", select=[finding.rule.code], unsafe=True, today=TODAY)
            alone = [f for f in result.visible if f.rule.code == finding.rule.code and offers.edits(f)]
            if len(alone) > 1 or path not in change.after or len(change.done) != 1:
                continue
            lines = patched(document.text.splitlines(), unified([h for h in hunks(edits, screen) if h.path == path]))
            assert lines == change.after[path].splitlines()
            changed += 1
    assert changed >= 8


def patched(lines: list[str], difference: list[str]) -> list[str]:
    """Lines with a unified difference applied, which has to fit exactly."""
    made: list[str] = []
    at = 0
    for line in difference[2:]:
        sign, text = line[:1], line[1:]
        if line.startswith("@@"):
            old, new = (int(part.split(",")[0][1:]) - 1 for part in line.split()[1:3])
            made += lines[at:old]
            at = old
            assert len(made) == new
            continue
        if sign in " -":
            assert lines[at] == text
            at += 1
        if sign in " +":
            made.append(text)
    return made + lines[at:]
