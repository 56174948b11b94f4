"""`-f html`: one page for a browser, which needs nothing else: no network, no server, no other file.

`_data.py` says what is on it, as JSON in the page; `report.js` and `picture.js` draw what is looked at, so that a thousand
functions take no longer to open than ten; `report.css` is how it looks. A content security policy allows this script and this
style by their digests and nothing besides. The script makes elements and sets their text; it never reads markup from data.
"""

from __future__ import annotations

import base64
import hashlib
import html
from pathlib import Path

import msgspec

from stockade.engine.findings import Result
from stockade.reports._shared import headline
from stockade.reports.html._data import Page
from stockade.text.snippet import clean

_FOLDER = Path(__file__).parent
_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '{script_digest}'; \
style-src '{style_digest}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="Stockade">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<div id="page"><noscript><p class="plain">{headline}. This page needs its own script to show them; \
<code>stockade scan -f text</code> and <code>-f markdown</code> need none.</p></noscript></div>
<script type="application/json" id="data">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def render(result: Result) -> str:
    """The page."""
    style = _read("report.css")
    script = _read("picture.js") + _read("report.js")
    page = Page(result)
    data = msgspec.json.encode(page.data()).decode()
    return _PAGE.format(
        script_digest=_digest(script),
        style_digest=_digest(style),
        title=html.escape(f"Stockade: {page.title}"),
        style=style,
        headline=html.escape(clean(headline(result))),
        # Nothing in the data can end its element, or begin a comment.
        data=data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"),
        script=script,
    )


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
