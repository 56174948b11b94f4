"""Cloud assemblies of the CDK, by hand: what is read of a manifest, and what of one that is not as it should be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stockade import api
from stockade.inputs.assembly import read_assembly
from stockade.inputs.load import load
from stockade.inputs.write import written_for
from stockade.model.app import App, Route
from stockade.model.intent import Set
from stockade.model.value import Known
from tests.support import TODAY


def function(name: str, key: str = "", **more: Any) -> dict[str, Any]:
    code: dict[str, Any] = {"S3Bucket": "assets", "S3Key": key} if key else {"ZipFile": "x"}
    properties = {"Code": code, "Handler": "a.b", "Role": "arn:aws:iam::1:role/x", "Runtime": "python3.13", **more}
    return {name: {"Type": "AWS::Lambda::Function", "Properties": properties}}


def stack(name: str, environment: str = "aws://unknown-account/unknown-region", **more: Any) -> dict[str, Any]:
    properties = {"templateFile": f"{name}.template.json"}
    return {name: {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties, **more}}


def write(folder: Path, artifacts: dict[str, Any], files: dict[str, Any], **more: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cdk.out").write_text('{"version":"55.0.0"}')
    (folder / "manifest.json").write_text(json.dumps({"version": "55.0.0", "artifacts": artifacts, **more}))
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content, indent=1))
    return folder


def told(app: App) -> dict[str, str]:
    return {gap.kind: gap.why for gap in app.gaps}


def test_a_construct_names_what_it_made_even_if_the_template_does_not(tmp_path: Path) -> None:
    metadata = {"/Shop/Take/Resource": [{"type": "aws:cdk:logicalId", "data": "Take1"}]}
    artifacts = stack("Shop", "aws://123456789012/eu-west-1", metadata=metadata, displayName="Shop")
    write(
        tmp_path,
        artifacts,
        {"Shop.template.json": {"Resources": function("Take1", FunctionName={"Ref": "AWS::Region"})}},
    )
    (taken,) = load(tmp_path).functions
    assert taken.address == "Shop/Take"
    assert isinstance(taken.name, Known)
    assert taken.name.v == "eu-west-1"
    assert written_for((Set(taken, "timeout", 5),)).refused.startswith(
        "the CDK writes the template: change `Shop/Take`"
    )


@pytest.mark.parametrize(
    ("more", "refused"),
    [
        ({}, ""),
        (
            {"Parameters": {"BootstrapVersion": {"Type": "String"}}},
            "the CDK writes the template: change it in the program",
        ),
        (
            {"Parameters": {f"AssetParameters{'0a' * 32}S3Bucket": {"Type": "String"}}},
            "the CDK writes the template: change it in the program",
        ),
        ({"Parameters": {"AssetParameters": {"Type": "String"}}}, ""),
        (
            {"Other": {"Type": "AWS::SQS::Queue", "Metadata": {"aws:cdk:path": "Shop/Other/Resource"}}},
            "the CDK writes the template: change it in the program",
        ),
    ],
)
def test_no_resource_of_a_template_of_the_cdk_is_edited(tmp_path: Path, more: dict[str, Any], refused: str) -> None:
    parameters = {"Parameters": more.pop("Parameters")} if "Parameters" in more else {}
    template = {"Resources": {**function("Take1"), **more}, **parameters}
    (tmp_path / "template.json").write_text(json.dumps(template))
    (taken,) = load(tmp_path).functions
    assert written_for((Set(taken, "timeout", 5),)).refused == refused


@pytest.mark.parametrize("kind", ["aws:cdk:creationStack", "aws:cdk:logicalId"])
def test_the_line_of_the_program_is_named(tmp_path: Path, kind: str) -> None:
    project = tmp_path / "shop"
    frames = [
        "...new Function2 in aws-cdk-lib...",
        f"new Function ({project}/node_modules/aws-cdk-lib/x.js:1:2)",
        "new Other (/somewhere/else/lib/shop.ts:3:4)",
        f"new Shop ({project}/lib/shop.ts:66:17)",
        f"<anonymous> ({project}/bin/app.ts:9:1)",
    ]
    named = {"type": "aws:cdk:logicalId", "data": "Take1", "trace": frames}
    entries = [named] if kind == "aws:cdk:logicalId" else [named | {"trace": None}, {"type": kind, "data": frames}]
    artifacts = stack("Shop", metadata={"/Shop/Take/Resource": entries}, displayName="Shop")
    write(project / "cdk.out", artifacts, {"Shop.template.json": {"Resources": function("Take1")}})
    for root, shown in (
        (tmp_path, "shop/lib/shop.ts:66"),
        (project, "lib/shop.ts:66"),
        (project / "cdk.out", "../lib/shop.ts:66"),
    ):
        (taken,) = load(root).functions
        assert taken.origin.via[0].what == f"construct Shop/Take/Resource ({shown})"
        refused = written_for((Set(taken, "timeout", 5),)).refused
        assert refused == f"the CDK writes the template: change `Shop/Take` in {shown}"


@pytest.mark.parametrize("single", [False, True])
def test_code_is_where_the_manifest_of_assets_says(tmp_path: Path, *, single: bool) -> None:
    digest = "ab" * 32
    assets = {
        "files": {
            digest: {"source": {"path": f"asset.{digest}"}, "destinations": {"x": {"objectKey": f"{digest}.zip"}}},
            "out": {"source": {"executable": ["x"]}, "destinations": {"x": {"objectKey": "out.zip"}}},
        }
    }
    artifacts = stack("Shop") | {
        "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    }
    template = {"Resources": function("Take1", f"{digest}.zip") | function("Out1", "out.zip")}
    write(
        tmp_path, artifacts, {"Shop.template.json": template, "Shop.assets.json": assets, f"asset.{digest}/t.yaml": "x"}
    )
    app = load(tmp_path / "Shop.template.json" if single else tmp_path)
    paths = {f.address: f.code_path.v if isinstance(f.code_path, Known) else None for f in app.functions}
    assert paths == {"Take1": f"asset.{digest}", "Out1": None}


def test_the_definition_of_an_api_is_read_where_its_asset_lies(tmp_path: Path) -> None:
    digest = "cd" * 32
    source = {"path": f"asset.{digest}.yaml", "packaging": "file"}
    assets = {"files": {digest: {"source": source, "destinations": {"x": {"objectKey": f"{digest}.yaml"}}}}}
    artifacts = stack("Shop") | {
        "Shop.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Shop.assets.json"}}
    }
    location = {"Bucket": "assets", "Key": f"{digest}.yaml"}
    api = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"BodyS3Location": location}}}
    definition = "openapi: 3.0.1\ninfo: {title: orders}\npaths:\n  /orders: {get: {}}\n"
    held = {"Shop.template.json": {"Resources": api}, "Shop.assets.json": assets, f"asset.{digest}.yaml": definition}
    app = load(write(tmp_path, artifacts, held))
    assert app.gaps == ()
    assert [route.address for route in app.of(Route)] == ["Api/GET /orders"]


def test_the_stack_of_two_stages_is_told_once(tmp_path: Path) -> None:
    artifacts = {}
    for name in ("Beta", "Prod"):
        inner = f"assembly-{name}"
        artifacts[inner] = {"type": "cdk:cloud-assembly", "properties": {"directoryName": inner, "displayName": name}}
        metadata = {f"/{name}/Shop/Take/Resource": [{"type": "aws:cdk:logicalId", "data": "Take1"}]}
        held = stack(f"{name}Shop", metadata=metadata, displayName=f"{name}/Shop")
        write(tmp_path / inner, held, {f"{name}Shop.template.json": {"Resources": function("Take1", Timeout=900)}})
    write(tmp_path, artifacts, {})
    result = api.scan(tmp_path, today=TODAY)
    assert {f.address for f in result.app.functions} == {"Beta/Shop/Take", "Prod/Shop/Take"}
    assert result.visible
    for finding in result.visible:
        assert (finding.subject.address, [s.address for s in finding.also]) == ("Beta/Shop/Take", ["Prod/Shop/Take"])


def test_what_no_manifest_names_is_left_over(tmp_path: Path) -> None:
    old = {"Resources": function("Old1")}
    write(tmp_path, stack("Shop"), {"Shop.template.json": {"Resources": function("Take1")}, "Old.template.json": old})
    write(tmp_path / "assembly-Gone", stack("Gone"), {"Gone.template.json": old})
    app = load(tmp_path)
    assert [f.address for f in app.functions] == ["Take1"]
    named = "no manifest names `Old.template.json` and 1 more any more"
    assert told(app) == {"stale": f"{named}: left over from an earlier `cdk synth`, and not scanned"}


def test_what_is_not_there_is_a_gap(tmp_path: Path) -> None:
    write(
        tmp_path, stack("Shop") | stack("Gone"), {"Shop.template.json": {"Resources": function("Take1")}}, missing=[{}]
    )
    app = load(tmp_path)
    assert told(app).keys() == {"not-fetched", "lookup"}
    assert app.hides


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{", '{"version": "1"}', '{"version": "1", "artifacts": {"a": 1}}', "\x00"]
)
def test_a_manifest_that_is_none_leaves_a_folder_as_any_other(tmp_path: Path, manifest: str) -> None:
    write(tmp_path, {}, {"Shop.template.json": {"Resources": function("Take1")}})
    (tmp_path / "manifest.json").write_text(manifest)
    assert [f.address for f in load(tmp_path).functions] == ["Take1"]


def test_a_manifest_leads_to_nothing_outside_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.template.json").write_text(json.dumps({"Resources": function("Secret1")}))
    artifacts = stack("../secret") | {
        "up": {"type": "cdk:cloud-assembly", "properties": {"directoryName": ".."}},
        "assets": {"type": "cdk:asset-manifest", "properties": {"file": "/etc/passwd"}},
        "odd": {"type": "cdk:asset-manifest", "properties": {"file": "a\0b"}},
        "self": {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}},
    }
    folder = write(tmp_path / "cdk.out", artifacts, {})
    assembly = read_assembly(str(folder), "", {"cdk.out", "manifest.json"})
    assert assembly is not None
    assert assembly.templates == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{Fn::Select: [6, {Fn::Split: [':', {Fn::GetAtt: [Take, Arn]}]}]}", "${Take}"),
        ("{Fn::Select: [6, {Fn::Split: [':', {Ref: Live}]}]}", "${Take}"),
        ("{Fn::Select: [7, {Fn::Split: [':', {Ref: Live}]}]}", "live"),
        ("{Fn::Select: [2, {Fn::Split: [':', {Ref: Live}]}]}", "lambda"),
        ("{Fn::Select: [3, {Fn::Split: [':', {Ref: Live}]}]}", "${AWS::Region}"),
    ],
)
def test_constructs_take_the_arns_of_functions_apart(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "t.yaml").write_text(
        "Resources:\n"
        "  Take: {Type: AWS::Lambda::Function, Properties: {Role: r, Code: {ZipFile: x}}}\n"
        "  Live: {Type: AWS::Lambda::Alias, Properties: {Name: live, FunctionName: !Ref Take, FunctionVersion: '1'}}\n"
        f"  Other: {{Type: AWS::Lambda::Function, Properties: {{Role: r, Code: {{ZipFile: x}}, Description: {text}}}}}\n"
    )
    assert [f.description.show() for f in load(tmp_path).functions if f.address == "Other"] == [expected]
