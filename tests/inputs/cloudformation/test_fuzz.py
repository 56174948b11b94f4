# ruff: noqa: E501 - lists of words are easier to read so
"""Whatever stands in a file, reading it is an answer and never an exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stockade.errors import StockadeError
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.load import load

TYPES = sorted(
    {name.partition("/")[0] for name in tables()}
    | {"Custom::Thing", "Foo::Bar::MODULE", "AWS::CloudFormation::Stack", "Nope"}
)
STEPS = sorted(
    {step for t in tables().values() for lens in t.fields.values() for step in lens.path if step not in {"*", "0"}}
)
NAMES = ["A", "B", "F", "P", "Q", "R"]
FUNCTIONS = [
    "Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::If", "Fn::FindInMap", "Fn::Select", "Fn::Split", "Fn::Base64", "Fn::ImportValue",
    "Fn::GetAZs", "Fn::Cidr", "Fn::Length", "Fn::ToJsonString", "Fn::Transform", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition",
    "Fn::ForEach::L", "Fn::Nonsense",
]  # fmt: skip
TEXTS = [
    "", "*", "NONE", "${A}", "${A.Arn}", "${!x}", "${AWS::Region}", "${", "arn:aws:lambda:eu-west-1:1:function:f", "arn:aws:sqs:::",
    "GET /x", "$default", "AWS::NoValue", "{{resolve:ssm:/a}}", "{{resolve:", '{"Statement": [{"Effect": "Allow"}]}', "{", "[[", "/*",
    "python3.13", "s3://b/k", "./x.yaml", "template.json", "true", "-1", "1e999", "nan", "0.0.0.0/0", "a,b,,c",
]  # fmt: skip

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**12),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.sampled_from(TEXTS + NAMES),
)
keys = st.sampled_from(FUNCTIONS) | st.sampled_from(STEPS) | st.sampled_from(NAMES) | st.text(max_size=5)
trees: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=4)
        | st.builds(lambda k, v: {k: v}, st.sampled_from(FUNCTIONS), inner)
    ),
    max_leaves=12,
)


@st.composite
def resources(draw: st.DrawFn) -> Any:
    kind = draw(st.sampled_from(TYPES))
    paths = [lens.path for name, t in tables().items() if name.partition("/")[0] == kind for lens in t.fields.values()]
    properties: dict[str, Any] = {}
    for path in draw(st.lists(st.sampled_from(paths), max_size=5)) if paths else []:
        value = draw(trees)
        for step in reversed(path[1:]):
            value = [value] if step in {"*", "0"} else {step: value}
        properties[path[0]] = value
    body: dict[str, Any] = {"Type": kind, "Properties": draw(st.just(properties) | trees)}
    for extra in draw(
        st.lists(st.sampled_from(["Condition", "Metadata", "DependsOn", "Connectors", "DeletionPolicy"]), max_size=2)
    ):
        body[extra] = draw(trees)
    return body


@st.composite
def templates(draw: st.DrawFn) -> Any:
    sections: dict[str, Any] = {
        "Resources": draw(
            st.dictionaries(st.sampled_from([*NAMES, "Fn::ForEach::L", "Fn::Transform"]), resources() | trees)
        )
    }
    for name in draw(
        st.lists(
            st.sampled_from(["Parameters", "Conditions", "Mappings", "Outputs", "Globals", "Transform", "Rules"]),
            max_size=5,
        )
    ):
        names = st.sampled_from([*NAMES, "Fn::ForEach::L", "Function", "Api"])
        sections[name] = draw(
            st.dictionaries(names, st.dictionaries(keys, trees, max_size=3) | trees, max_size=3) | trees
        )
    if draw(st.booleans()):
        sections["Transform"] = draw(st.sampled_from(["AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "Mine"]))
    return sections


def read(data: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        for root in (path, Path(folder)):
            try:
                app = load(root)
            except StockadeError:
                continue
            assert all(gap.what and gap.why for gap in app.gaps)


@given(templates())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_shape_of_a_template_raises(template: Any) -> None:
    read(json.dumps(template).encode(), "template.json")


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: t.encode("utf-8", "surrogatepass")))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@example(b"")
@example(b"\xff\xfeA")
@example(b"Resources: &a\n  A: *a\n# AWS::")
def test_no_text_raises(data: bytes) -> None:
    for start in (b"", b"Resources:\n  A:\n    Type: AWS::Lambda::Function\n    Properties:\n      "):
        read(start + data, "template.yaml")
