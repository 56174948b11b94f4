"""The page, in a real browser: nothing is complained of, nothing asked for, and what it says is what the scan said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.templates import write_project

from stockade import api
from stockade.reports import html
from tests.reports.browser import Tab, browser
from tests.reports.consumers import data_of
from tests.reports.consumers import html as wrong
from tests.reports.test_machines import NAMES, hostile
from tests.support import TODAY

ORDERS = Path("examples/orders")
LARGEST = 3_000_000


@pytest.fixture(scope="module")
def tab() -> Iterator[Tab]:
    with browser() as opened:
        opened.size(1400, 1000)
        yield opened


def show(tab: Tab, folder: Path, result: api.Result, place: str = "") -> None:
    """Open the page of a result."""
    page = folder / "report.html"
    page.write_text(html.render(result), encoding="utf-8")
    tab.requests.clear()
    tab.open("about:blank")
    tab.open(page.as_uri() + place)
    tab.wait("document.querySelector('main section') !== null")


def fine(tab: Tab) -> bool:
    """Whether nothing was complained of, and nothing but the page was asked for."""
    assert tab.complaints == []
    assert {url.partition("#")[0].rpartition("/")[2] for url in tab.requests} <= {"report.html", "blank", "about:blank"}
    return True


def count(tab: Tab, selector: str) -> int:
    found: int = tab.ask(f"document.querySelectorAll({selector!r}).length")
    return found


def choose(tab: Tab, name: str, value: str) -> None:
    tab.ask(
        f"(() => {{ const s = document.querySelector('select[name={name}]'); s.value = {value!r};"
        " s.dispatchEvent(new Event('change')); })()"
    )


def search(tab: Tab, words: str) -> None:
    tab.ask(
        f"(() => {{ const s = document.getElementById('search'); s.value = {words!r}; s.dispatchEvent(new Event('input')); }})()"
    )


def verdict_words(page: str) -> Counter[str]:
    """How often each verdict is in a page's data, put together as its script does."""
    data = data_of(page)
    words: Counter[str] = Counter()
    for unusual in data["unusual"]:
        own = {data["reasons"][number][0]: data["reasons"][number] for number in (*data["usual"], *unusual)}
        words.update(("fail", "unknown", "pass", "not_applicable")[reason[1]] for reason in own.values())
    return words


def test_every_verdict_is_in_the_page() -> None:
    result = api.scan(ORDERS, today=TODAY)
    assert verdict_words(html.render(result)) == Counter(row.verdict for row in result.rows if result.covers(row.rule))


def test_a_thousand_functions_fit(tmp_path: Path) -> None:
    write_project(tmp_path / "big", 1000)
    page = html.render(api.scan(tmp_path / "big", today=TODAY))
    assert wrong(page) == []
    assert len(page.encode()) < LARGEST
    assert len(data_of(page)["functions"]) == 1000


@pytest.mark.browser
def test_the_filter(tab: Tab, tmp_path: Path) -> None:
    result = api.scan(ORDERS, today=TODAY)
    show(tab, tmp_path, result)
    assert count(tab, ".finding") == len(result.visible)
    choose(tab, "severity", "high")
    assert count(tab, ".finding") == sum(f.severity == "high" for f in result.visible)
    choose(tab, "rule", "SK101")
    assert count(tab, ".finding") == sum(f.rule.code == "SK101" for f in result.visible)
    tab.ask("document.querySelector('.found button').click()")
    assert count(tab, ".finding") == len(result.visible)
    search(tab, "notifyfunction")
    tab.wait(f"document.querySelectorAll('.finding').length < {len(result.visible)}")
    assert count(tab, ".finding") == sum("NotifyFunction" in [g.address for g in f.functions] for f in result.visible)
    assert fine(tab)


@pytest.mark.browser
@pytest.mark.parametrize("group", ["severity", "file", "function", "rule"])
def test_groups(tab: Tab, tmp_path: Path, group: str) -> None:
    result = api.scan(ORDERS, today=TODAY)
    show(tab, tmp_path, result)
    choose(tab, "group", group)
    wanted: dict[str, set[object]] = {
        "severity": {f.severity for f in result.visible},
        "file": {f.span.doc.path for f in result.visible if f.span is not None},
        "function": {frozenset(map(id, f.functions)) for f in result.visible},
        "rule": {f.rule.code for f in result.visible},
    }
    tab.ask("window.scrollTo(0, document.body.scrollHeight)")  # what is further down is drawn then
    tab.wait(f"document.querySelectorAll('.group').length === {len(wanted[group])}")
    assert fine(tab)


@pytest.mark.browser
def test_a_finding_opens_by_keyboard(tab: Tab, tmp_path: Path) -> None:
    show(tab, tmp_path, api.scan(ORDERS, select=["SK101"], today=TODAY))
    tab.ask("document.querySelector('.toggle').focus()")
    tab.press("Enter")
    assert tab.ask("document.querySelector('.toggle').getAttribute('aria-expanded')") == "true"
    assert tab.ask("document.querySelector('.source mark').textContent") == "NONE"
    assert "AuthType: AWS_IAM" in tab.ask("document.querySelector('.added').textContent")
    tab.press("Enter")
    assert tab.ask("document.querySelector('.body').hidden") is True
    assert fine(tab)


@pytest.mark.browser
def test_a_function_between_what_invokes_it_and_what_it_may_touch(tab: Tab, tmp_path: Path) -> None:
    result = api.scan(ORDERS, today=TODAY)
    number = next(i for i, f in enumerate(result.app.functions) if f.address == "OrdersApiFunction")
    show(tab, tmp_path, result, f"#/function/{number}")
    said = tab.ask("document.querySelector('.picture svg').getAttribute('aria-label')")
    assert said.startswith("Invoked by: API Gateway ShopApi/GET /orders/{orderId}/tracking (anyone); ")
    assert "DynamoDB 6 actions on OrdersTable" in said
    rows = Counter(
        row.verdict for row in result.rows if row.function.address == "OrdersApiFunction" and result.covers(row.rule)
    )
    tab.ask("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    tab.wait(f"document.querySelectorAll('.verdicts tbody tr').length === {rows.total()}")
    assert tab.ask("document.querySelector('summary.pass').textContent") == f"Passes: {rows['pass']}"
    assert fine(tab)


@pytest.mark.browser
@pytest.mark.parametrize("place", ["", "#/functions", "#/function/0", "#/unseen", "#/nonsense", "#/function/9999"])
@pytest.mark.parametrize("width", [320, 400, 900, 1600])
def test_nothing_is_wider_than_the_window(tab: Tab, tmp_path: Path, place: str, width: int) -> None:
    tab.size(width, 900, dark=width == 900)
    show(tab, tmp_path, api.scan(ORDERS, today=TODAY), place)
    assert tab.ask("document.documentElement.scrollWidth") <= width
    tab.size(1400, 1000)
    assert fine(tab)


@pytest.mark.browser
@pytest.mark.parametrize("place", ["", "#/functions", "#/unseen"])
def test_where_there_is_nothing_to_show(tab: Tab, tmp_path: Path, place: str) -> None:
    (tmp_path / "main.tf").write_text(
        'resource "aws_sqs_queue" "q" {}\nmodule "m" {\n  source = "example/thing/aws"\n}\n'
    )
    result = api.scan(tmp_path, select=["SK101"], today=TODAY)
    assert (result.app.functions, result.findings) == ((), ())
    show(tab, tmp_path, result, place)
    assert "No findings." in tab.ask("document.querySelector('header').textContent")
    assert ("module.m" in tab.ask("document.querySelector('main').textContent")) == (place == "#/unseen")
    assert fine(tab)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out(tab: Tab, tmp_path: Path, dark: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """https://www.w3.org/TR/WCAG22/#contrast-minimum, of all texts that are there."""
    tab.size(1400, 1000, dark=dark)
    show(tab, tmp_path, api.scan(ORDERS, today=TODAY, persona="auditor"), "#/function/3")
    least = tab.ask("""
      (() => {
        const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map((v) => { v /= 255;
          return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
          if (!c.endsWith(', 0)')) return c; } return 'rgb(255, 255, 255)'; };
        let least = 21;
        for (const e of document.querySelectorAll('body *')) {
          if (![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || e.closest('svg, script, style')) continue;
          const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
          least = Math.min(least, (a + 0.05) / (b + 0.05));
        }
        return least;
      })()""")
    tab.size(1400, 1000)
    assert least >= 4.5


@pytest.mark.browser
def test_names_do_nothing(tab: Tab, tmp_path: Path) -> None:
    result = hostile(tmp_path)
    show(tab, tmp_path, result)
    tab.ask("document.querySelectorAll('.toggle').forEach((b) => b.click())")
    for number in range(len(result.app.functions)):
        tab.ask(f"location.hash = '#/function/{number}'")
        tab.wait("document.getElementById('subject') !== null")
    assert count(tab, "img, #page script, #page a[href^=http]") == 0
    tab.ask("location.hash = '#/functions'")
    tab.wait("document.querySelector('tbody td a') !== null")
    shown = tab.ask("[...document.querySelectorAll('tbody td:first-child a')].map((a) => a.textContent)")
    assert NAMES[2] in shown
    assert fine(tab)


@pytest.mark.browser
def test_a_thousand_functions_are_drawn_as_they_are_looked_at(tab: Tab, tmp_path: Path) -> None:
    write_project(tmp_path / "big", 1000)
    result = api.scan(tmp_path / "big", today=TODAY)
    show(tab, tmp_path, result)
    assert count(tab, ".finding") < 200
    drawn = count(tab, ".finding")
    tab.ask("window.scrollTo(0, document.body.scrollHeight)")
    tab.wait(f"document.querySelectorAll('.finding').length > {drawn}")
    tab.ask("location.hash = '#/functions'")
    tab.wait("document.querySelectorAll('tbody tr').length > 0")
    assert count(tab, "tbody tr") < 200
    search(tab, "Function999")
    tab.wait("document.querySelectorAll('tbody tr').length === 1")
    tab.ask("document.querySelector('tbody a').click()")
    tab.wait("document.getElementById('subject')?.textContent === 'Function999'")
    assert fine(tab)


# A watcher that tells when it is called: as a browser does that saw something before a search, and tells of it after.
LATE = """
window.told = [];
window.IntersectionObserver = class {
  constructor(callback) { window.told.push(() => callback([{ isIntersecting: true }])); }
  observe() {}
  unobserve() {}
};
"""


@pytest.mark.browser
def test_what_comes_into_sight_late_does_not_add_to_another_list(tab: Tab, tmp_path: Path) -> None:
    write_project(tmp_path / "big", 200)
    show(tab, tmp_path, api.scan(tmp_path / "big", today=TODAY))
    tab.ask(LATE)
    tab.ask("location.hash = '#/functions'")
    tab.wait("document.querySelectorAll('tbody tr').length === 60")
    tab.ask("window.told.at(-1)()")
    assert count(tab, "tbody tr") == 120
    tab.ask("window.before = window.told.at(-1)")
    search(tab, "Function199")
    assert count(tab, "tbody tr") == 1
    tab.ask("window.before()")
    assert count(tab, "tbody tr") == 1
    assert fine(tab)
