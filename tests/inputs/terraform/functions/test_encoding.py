"""JSON and YAML that keep their places and references, and the other formats."""

from __future__ import annotations

import json
import unicodedata
from functools import partial
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from stockade.inputs.terraform.terms import Json, Lit, Obj, Seq, Term, Txt, Unk, Wrong, json_text, plain
from stockade.text.document import Document
from tests.inputs.terraform.functions.support import call, either, hole, lit, obj, ref, said, seq, span, term, txt, unk

ARN = txt(ref())

# Terraform normalises every text (NFC); what is compared with another reader is so already.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=6).map(partial(unicodedata.normalize, "NFC"))
DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc é", max_size=3), inner, max_size=3),
    max_leaves=12,
)


def in_file(text: str) -> Lit:
    """What `file` gives: a text that is the whole of a document."""
    document = Document("policy.json", text)
    return Lit(span=document.span(0, len(text)), v=text)


def written(of: Term) -> str:
    return of.span.text


# -------------------------------------------------------------------------------------------------------------------- JSON


def test_what_is_encoded_is_kept() -> None:
    made = call("jsonencode", {"Resource": ARN, "Effect": either("c", "Allow", "Deny")})
    assert isinstance(made, Json)
    assert isinstance(made.inner, Obj)
    assert made.inner.entries["Resource"] is ARN
    assert said(made.inner)["Effect"] == {"c is true": "Allow", "c is not true": "Deny"}


def test_what_is_decoded_again_is_what_it_was() -> None:
    back = call("jsondecode", call("jsonencode", {"a": ARN, "l": seq("x", kind="set"), "m": obj({"k": 1}, "map")}))
    assert isinstance(back, Obj)
    assert back.entries["a"] is ARN
    assert isinstance(back.entries["l"], Seq)
    assert back.entries["l"].kind == "tuple"
    assert isinstance(back.entries["m"], Obj)
    assert back.entries["m"].kind == "object"


def test_decoded_values_have_their_places() -> None:
    source = in_file('{"Statement": [{"Effect": "Allow", "n": 1.50}]}')
    made = call("jsondecode", source)
    assert isinstance(made, Obj)
    statements = made.entries["Statement"]
    assert isinstance(statements, Seq)
    statement = statements.items[0]
    assert isinstance(statement, Obj)
    assert written(statement) == '{"Effect": "Allow", "n": 1.50}'
    assert written(statement.entries["Effect"]) == '"Allow"'
    assert statement.keys["Effect"].text == '"Effect"'
    assert written(statement.entries["n"]) == "1.50"
    assert said(statement) == {"Effect": "Allow", "n": 1.5}


def test_text_with_unknown_parts_is_decoded_around_them() -> None:
    source = txt('{"Resource": "', ref(), '/*", "n": ', hole("var.n"), ', "s": ["', hole("var.s"), '"]}')
    made = call("jsondecode", source)
    assert said(made) == {"Resource": "<aws_sqs_queue.q.arn>/*", "n": "?var.n", "s": ["<var.s>"]}


def test_unknown_keys_leave_an_object_open() -> None:
    assert said(call("jsondecode", txt('{"', hole("var.k"), '": 1, "b": 2}'))) == {"b": 2, "…": None}


@pytest.mark.parametrize(
    "text", ["", "{", "[1,]", "{a: 1}", '{"a": 1,}', "'a'", "01", "+1", ".5", "nul", "[1] 2", '"\t"']
)
def test_what_is_no_json(text: str) -> None:
    with pytest.raises(Wrong):
        call("jsondecode", text)


@given(DATA)
def test_json_is_what_pythons_reader_takes_it_for(data: Any) -> None:
    text = json_text(data)
    assert plain(call("jsondecode", text)) == json.loads(text)


def test_json_that_is_nested_too_deeply_is_not_known() -> None:
    from stockade.inputs.terraform.terms import NotKnown

    with pytest.raises(NotKnown):
        call("jsondecode", "[" * 100_000)


# -------------------------------------------------------------------------------------------------------------------- YAML


@given(DATA)
def test_yaml_is_read_back_as_it_was(data: Any) -> None:
    made = call("yamlencode", term(data))
    if isinstance(made, Unk):  # a byte order mark
        assert "\ufeff" in json_text(data) or any(len(key) > 100 for key in json_text(data).split('"'))
        return
    assert isinstance(made, Lit)
    text = str(made.v)
    assert yaml.safe_load(text) == normal(data)
    assert plain(call("yamldecode", text)) == normal(data)


def normal(data: Any) -> Any:
    """Data as Terraform holds it: texts in their normal form."""
    import unicodedata

    if isinstance(data, str):
        return unicodedata.normalize("NFC", data)
    if isinstance(data, list):
        return [normal(item) for item in data]
    return {normal(key): normal(value) for key, value in data.items()} if isinstance(data, dict) else data


def test_decoded_yaml_has_its_places() -> None:
    source = in_file("Statement:\n  - Effect: Allow\n    Action: ['s3:*']\n")
    made = call("yamldecode", source)
    assert isinstance(made, Obj)
    statements = made.entries["Statement"]
    assert isinstance(statements, Seq)
    statement = statements.items[0]
    assert isinstance(statement, Obj)
    assert written(statement.entries["Effect"]) == "Allow"
    assert statement.keys["Action"].text == "Action"


@pytest.mark.parametrize("text", ["a: !Ref b", "a: *b", "a: 1\n---\nb: 2", "{", "a: b: c", "~: 1", "&a [*a]", ""])
def test_what_is_no_yaml_to_terraform(text: str) -> None:
    with pytest.raises(Wrong):
        call("yamldecode", text)


def test_aliases_that_explode_are_not_followed() -> None:
    from stockade.inputs.terraform.terms import NotKnown

    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    with pytest.raises(NotKnown):
        call("yamldecode", "\n".join(lines))


def test_unknown_parts_make_yaml_unknown() -> None:
    assert isinstance(call("yamlencode", {"a": ARN}), Unk)
    assert isinstance(call("yamldecode", txt("a: ", hole())), Unk)
    assert said(call("yamlencode", {"a": either("c", 1, 2)})) == {"c is true": '"a": 1\n', "c is not true": '"a": 2\n'}


# --------------------------------------------------------------------------------------------------------------------- others


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("base64gzip", ("a",)),
        ("base64decode", (unk("var.x"),)),
        ("csvdecode", (txt("a,b\n1,", hole()),)),
        ("textdecodebase64", ("6Q==", "iso-2022-jp")),
    ],
)
def test_what_is_not_known(name: str, args: tuple[Any, ...]) -> None:
    assert isinstance(call(name, *args), Unk)


def test_conditional_parts_make_cases() -> None:
    made = call("base64encode", call("jsonencode", {"a": either("c", 1, 2)}))
    assert said(made) == {"c is true": "eyJhIjoxfQ==", "c is not true": "eyJhIjoyfQ=="}


def test_secrets_stay_secrets() -> None:
    secret = lit("[1]", sensitive=True)
    made = call("jsondecode", secret)
    assert made.sensitive
    assert isinstance(made, Seq)
    assert made.items[0].sensitive
    assert call("jsonencode", {"a": secret}).sensitive
    assert call("yamlencode", {"a": secret}).sensitive
    assert call("yamldecode", secret).sensitive
    assert call("base64encode", secret).sensitive


def test_partial_text_of_what_is_encoded() -> None:
    """Texts around an encoded object keep the references in it."""
    made = call("format", "x%s", call("jsonencode", {"a": ARN}))
    assert isinstance(made, Txt)
    assert said(made) == 'x{"a":"<aws_sqs_queue.q.arn>"}'
    assert span().text
