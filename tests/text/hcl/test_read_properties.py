"""Properties of the reader: it never raises, places are true, and what is valid is read wherever it stands."""

from __future__ import annotations

from textwrap import indent

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.text.document import Document
from stockade.text.hcl.json import read_hcl_json
from stockade.text.hcl.nodes import Chunk, Constant, HclFile
from stockade.text.hcl.read import offsets_of, read_expression, read_hcl, read_template
from tests.text.hcl.expressions import EXPRESSIONS
from tests.text.hcl.trees import check_places, read, shape, walk

PIECES = st.sampled_from(
    [
        '"',
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        "${",
        "%{",
        "~}",
        "\n",
        "\r\n",
        "<<EOT\n",
        "<<-X\n",
        "EOT\n",
        "X\n",
        "#",
        "//",
        "/*",
        "*/",
        "=",
        "==",
        ".",
        "...",
        "?",
        ":",
        "::",
        "for ",
        " in ",
        "if ",
        "1e9",
        "0",
        "\\",
        "\\u12",
        "$",
        "%",
        "a",
        'resource "a" "b" {\n',
        "data ",
        "é",
        "\r",
        "\0",
        ",",
        "=>",
        "'",
        "%{ if x }",
        "%{ else }",
        "%{ endif }",
        "x = ",
        "  y = 1\n",
        " ",
    ]
)
SOURCES = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=40))
VALUES = st.sampled_from(EXPRESSIONS)
NAMES = st.sampled_from(["a", "b_c", "d-e", "größe", "_f", "for", "null", "resource"])
LABELS = st.sampled_from(['"x"', "y", '"x-y z"', r'"\""'])
COMMENTS = st.sampled_from(["", "", '# it\'s "so" {\n', "// [\n", "/* ( \n */\n", "\n\n", "  \n"])


@st.composite
def bodies(draw: st.DrawFn, depth: int = 2) -> str:
    names = draw(st.lists(NAMES, max_size=3, unique=True))
    text = ""
    for name in names:
        text += draw(COMMENTS)
        if depth and draw(st.booleans()):
            labels = "".join(" " + label for label in draw(st.lists(LABELS, max_size=2)))
            text += f"{name}{labels} {{\n{draw(bodies(depth=depth - 1))}}}\n"
        else:
            text += f"  {name} = {draw(VALUES)}\n"
    return text + draw(COMMENTS)


@st.composite
def blocks(draw: st.DrawFn) -> str:
    labels = "".join(" " + label for label in draw(st.lists(LABELS, max_size=2)))
    return f"{draw(NAMES)}{labels} {{\n{draw(bodies())}}}\n"


def check(file: HclFile) -> None:
    check_places(file)
    for node in walk(file.body):
        if isinstance(node, Chunk):
            assert not node.exact or node.span.text == node.text
        elif isinstance(node, Constant) and isinstance(node.value, str) and node.inner is not None:
            assert node.span.covers(node.inner)
            assert not node.exact or node.inner.text == node.value
            assert len(offsets_of(node)) == len(node.value) + 1


@given(SOURCES)
@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read(text: str) -> None:
    check(read(text))
    check(read_template(Document("x.tftpl", text)))
    read_expression(Document("x", text), 0, len(text))
    check_places(read_hcl_json(Document("main.tf.json", text)))


@given(SOURCES, st.sampled_from(["[{}]", "{{ a = {} }}", '"${{ {} }}"', "<<EOT\n{}\nEOT", "f({})", "a {{\n{}\n}}"]))
def test_any_text_in_a_value_is_read(text: str, around: str) -> None:
    file = read(f"x = {around.format(text)}\n")
    check(file)
    assert file.problems or "x" in file.body.attributes


@given(st.lists(blocks(), max_size=4))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_valid_blocks_are_all_read_and_alike_wherever_they_stand(texts: list[str]) -> None:
    whole = read("".join(texts))
    assert whole.problems == ()
    check(whole)
    alone = [read(text).body.blocks[0] for text in texts]
    assert [shape(block) for block in whole.body.blocks] == [shape(block) for block in alone]
    assert [block.span.text for block in whole.body.blocks] == [block.span.text for block in alone]


@given(st.lists(blocks(), min_size=2, max_size=4), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_only_the_broken_block_is_lost(texts: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(texts)))
    broken = 'resource "broken" "x" {\n  a = [1,\n  b {\n    c = "${\n  }\n'
    # What is inside of a block has to be indented here: a header at the first column tells that a block before is not closed.
    wrapped = [f'data "t" "n{index}" {{\n{indent(text, "  ")}}}\n' for index, text in enumerate(texts)]
    file = read("".join([*wrapped[:place], broken, *wrapped[place:]]))
    assert [shape(block) for block in file.body.blocks] == [shape(read(text).body.blocks[0]) for text in wrapped]
    assert len(file.problems) == 1
    check(file)


@given(st.sampled_from(EXPRESSIONS), st.sampled_from(EXPRESSIONS))
def test_windows_line_ends_change_nothing_but_the_texts_of_heredocs(first: str, second: str) -> None:
    text = f"a {{\n  x = {first}\n  y = {second}\n}}\n"
    unix, windows = read(text), read(text.replace("\n", "\r\n"))
    assert windows.problems == unix.problems == ()
    spans = [node.span.text.replace("\r\n", "\n") for node in walk(windows.body) if hasattr(node, "span")]
    assert spans == [node.span.text for node in walk(unix.body) if hasattr(node, "span")]


def test_a_document_is_never_changed() -> None:
    document = Document("main.tf", "a = 1\n")
    read_hcl(document)
    assert (document.text, document.layout) == ("a = 1\n", {})


def test_what_is_left_out_ends_behind_what_python_takes_for_white_space() -> None:
    file = read_hcl_json(Document("main.tf.json", "0\n\x1f"))
    check_places(file)
    assert file.problems
