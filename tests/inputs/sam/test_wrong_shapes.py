"""Whatever is written where SAM wants something else: no exception, and what could not be read is told."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.knowledge.sam import function_events, global_sections, resource_types, state_machine_events
from tests.inputs.sam.support import sam

_TYPES = resource_types()
_TEXTS = [
    "",
    "x",
    "s3://b/k",
    "NONE",
    "AWS_IAM",
    "*",
    "${x}",
    "{{resolve:ssm:a}}",
    "arn:aws:x",
    "/a/{b",
    "Alpha",
    "Ref",
]
_KEYS = [
    "Type", "Properties", "Statement", "Events", "Auth", "Authorizers", "DefaultAuthorizer", "Path", "Method", "paths",
    "swagger", "openapi", "/a", "get", "security", "x-amazon-apigateway-integration", "Destination", "OnFailure", "Arn",
    "Id", "Source", "Alpha", "Api", "DynamoDBCrudPolicy", "TableName", "Fn::If", "UsagePlan", "CreateUsagePlan",
    "ResourcePolicy", "CustomStatements", "Identity", "Headers",
]  # fmt: skip
_odd = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.sampled_from(_TEXTS),
        st.sampled_from(
            [
                {"Ref": "AWS::NoValue"},
                {"Ref": "Alpha"},
                {"Ref": "Nothing"},
                {"Ref": "P"},
                {"Ref": ["Alpha"]},
                {"Fn::GetAtt": "Alpha.Arn"},
                {"Fn::GetAtt": ["Alpha"]},
                {"Fn::GetAtt": []},
                {"Fn::Sub": "${Alpha}-${P}"},
                {"Fn::Sub": ["${A}", []]},
                {"Fn::If": ["C", "x", {"Ref": "AWS::NoValue"}]},
                {"Fn::If": ["C"]},
                {"Fn::If": ["C", {"Statement": []}, []]},
                {"Fn::Join": ["", ["a", {"Ref": "P"}]]},
                {"Fn::Transform": {"Name": "AWS::Include"}},
                {"Fn::ImportValue": "x"},
                {"Condition": "C"},
            ]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                _KEYS
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=8,
)  # fmt: skip


@st.composite
def _resources(draw: st.DrawFn) -> dict[str, Any]:
    resources: dict[str, Any] = {}
    for name in ("Alpha", "Beta", "Gamma"):
        type_ = draw(st.sampled_from(sorted(_TYPES)))
        names = draw(st.lists(st.sampled_from(sorted(_TYPES[type_])), max_size=6, unique=True))
        properties: Any = {n: draw(_odd) for n in names}
        if type_.endswith(("::Function", "::StateMachine")):
            known = function_events() if type_.endswith("Function") else state_machine_events()
            kind = draw(st.sampled_from(sorted(known)))
            shape = known[kind]
            wanted = sorted(shape if isinstance(shape, dict) else shape.properties)
            chosen = draw(st.lists(st.sampled_from(wanted), max_size=5, unique=True)) if wanted else []
            properties["Events"] = {"E": {"Type": kind, "Properties": {n: draw(_odd) for n in chosen}}, "F": draw(_odd)}
        resources[name] = {
            "Type": type_,
            "Properties": draw(st.sampled_from([properties, properties, properties, draw(_odd)])),
        }
        for attribute in ("Condition", "Connectors", "IgnoreGlobals", "DependsOn", "Metadata"):
            if draw(st.integers(0, 9)) == 0:
                resources[name][attribute] = draw(st.one_of(st.just("C"), _odd))
    return resources


@st.composite
def _templates(draw: st.DrawFn) -> dict[str, Any]:
    template: dict[str, Any] = {
        "Parameters": {"P": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": [{"Ref": "P"}, "x"]}},
        "Resources": draw(_resources()),
    }
    sections = global_sections()
    if draw(st.booleans()):
        name = draw(st.sampled_from(sorted(sections)))
        inner = {n: draw(_odd) for n in draw(st.lists(st.sampled_from(sections[name]), max_size=3, unique=True))}
        template["Globals"] = draw(st.sampled_from([{name: inner}, {name: inner}, {name: draw(_odd)}, draw(_odd)]))
    return template


@settings(max_examples=200, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(_templates())
def test_nothing_that_can_be_written_raises(template: dict[str, Any]) -> None:
    """Every resource type, property and event of SAM, with anything at all in it."""
    app = sam("\n".join(f"{name}: {json.dumps(block)}" for name, block in template.items()))
    for resource in app.resources:
        assert resource.origin is not None


@pytest.mark.parametrize(
    ("properties", "told"),
    [
        ("Events: []", "events"),
        ("Events: {A: 5}", "event"),
        ("Events: {A: {Type: Nonesuch}}", "event"),
        ("Events: {A: {Type: Api, Properties: []}}", "event"),
        ("Events: {A: {Type: Api, Properties: {Path: [1], Method: get}}}", "event"),
        ("Events: {A: {Type: S3, Properties: {Bucket: some-bucket, Events: x}}}", "event"),
        ("Policies: [{NoSuchPolicy: {}}]", "policy"),
        ("Policies: [{DynamoDBCrudPolicy: {}}]", "policy template"),
        ("Policies: [[]]", "policy"),
        ("FunctionUrlConfig: yes-please", "URL"),
        ("EventInvokeConfig: 5", "asynchronous"),
        ("EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: Lambda}}}", "destination"),
        ("AutoPublishAlias: !Ref Unknown", "alias"),
    ],
)
def test_what_could_not_be_read_is_told(properties: str, told: str) -> None:
    """A wrong shape is a gap at its place, and the function is read all the same."""
    function = f"{{Type: AWS::Serverless::Function, Properties: {{Handler: 5, {properties}}}}}"
    app = sam(f"Parameters: {{Unknown: {{Type: String}}}}\nResources: {{Fn: {function}}}\n")
    assert [f.address for f in app.functions] == ["Fn"]
    assert any(told in gap.what and gap.span is not None for gap in app.gaps), [g.what for g in app.gaps]
