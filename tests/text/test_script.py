"""The syntax tree of TypeScript and JavaScript: places, problems, comments."""

from __future__ import annotations

import pytest

from stockade.text.document import Document
from stockade.text.edit import EditError, replace_node
from stockade.text.node import Scalar
from stockade.text.script import MAX_BYTES, named, read_script, unquoted


def test_places_are_counted_in_characters() -> None:
    doc = Document("serverless.ts", "const a = 'é€😀'; // 😀\nconst b = 'ü';\n")
    script = read_script(doc)
    first, second = (s for s in named(script.root))
    assert script.text(first) == "const a = 'é€😀';"
    assert script.text(second) == "const b = 'ü';"
    assert script.span(second).line == 2
    assert [script.doc.text[c.span.start : c.span.end] for c in script.comments()] == ["// 😀"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\nb", "a\nb"),
        (r"\x41\u0042\u{43}", "ABC"),
        (r"\ud83d\ude00", "😀"),
        (r"\ud83d", "\ufffd"),
        (r"\u{ffffff}", "\ufffd"),
        ("a\\\nb", "ab"),
        (r"\${x}\'", "${x}'"),
        ("a\r\nb", "a\nb"),
    ],
)
def test_what_a_text_says(written: str, meant: str) -> None:
    assert unquoted(written) == meant


def test_errors_are_told_with_their_place() -> None:
    script = read_script(Document("serverless.ts", "export default {\n  a: 1 2,\n  b: 3,\n};\n"))
    assert [(p.kind, p.span.line if p.span else 0) for p in script.problems] == [("syntax", 2)]


def test_a_bundle_is_not_read() -> None:
    script = read_script(Document("serverless.js", "//" + "x" * MAX_BYTES))
    assert [p.kind for p in script.problems] == ["too-large"]
    assert not named(script.root)


def test_comments() -> None:
    text = "/* a\n * b */\nconst x = 1; // c\n// '// d'\nconst y = '// e';\n"
    found = [(c.text, c.own_line) for c in read_script(Document("x.js", text)).comments()]
    assert [own for _, own in found] == [True, False, True]
    assert [text.split("\n")[0] for text, _ in found] == ["a", "c", "'// d'"]


@pytest.mark.parametrize(("path", "language"), [("serverless.ts", "TypeScript"), ("serverless.cjs", "JavaScript")])
def test_a_program_is_not_edited(path: str, language: str) -> None:
    doc = Document(path, "module.exports = 1;")
    with pytest.raises(EditError, match=f"is a program in {language}"):
        replace_node(doc, Scalar(doc.span(17, 18), 1, "1"), 2)
