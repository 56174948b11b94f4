"""Intrinsic functions, pseudo parameters, parameters and conditions, each as AWS documents it."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade.model.app import App, Function
from stockade.model.value import Known, Text, Unknown, Value
from tests.inputs.cloudformation.support import cases, read

HEAD = """\
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, test, prod]}
  Name: {Type: String, Default: orders}
  Key: {Type: String, Default: ""}
  Free: {Type: String}
  Chosen: {Type: String, AllowedValues: [a, b]}
  Subnets: {Type: CommaDelimitedList, Default: "subnet-1, subnet-2"}
  Ids: {Type: "List<AWS::EC2::Subnet::Id>"}
  Cidr: {Type: String, Default: 10.0.0.0/16}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /a/b}
Mappings:
  Stages:
    dev: {Size: 128, Zones: [a, b]}
    test: {Size: 256, Zones: [a]}
    prod: {Size: 512, Zones: [c]}
  Regions:
    eu-west-1: {Ami: same}
    eu-west-2: {Ami: same}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
  HasKey: !Not [!Equals [!Ref Key, ""]]
  Both: !And [!Condition IsProd, !Condition HasKey]
  Either: !Or [!Condition IsProd, !Condition HasKey]
  Never: !Equals [a, b]
  Always: !Equals ["1", 1]
  InEurope: !Equals [!Ref "AWS::Region", eu-west-1]
"""


def handler(folder: Path, expression: str, **parameters: str) -> Value[str]:
    """The value of an expression, where a function's handler is written."""
    return function(folder, f"Handler: {expression}", **parameters).handler


def function(folder: Path, *lines: str, **parameters: str) -> Function:
    return app(folder, *lines, **parameters).functions[0]


def app(folder: Path, *lines: str, **parameters: str) -> App:
    body = "".join(f"      {line}\n" for line in lines)
    text = f"{HEAD}Resources:\n  Q:\n    Type: AWS::SQS::Queue\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n{body}"
    return read(folder, text, **parameters)


KNOWN = {
    "x": "x",
    "5": "5",
    "2012-10-17": "2012-10-17",
    "!Ref Name": "orders",
    "!Sub x": "x",
    "!Sub '${Name}-x'": "orders-x",
    "!Sub '${!Name}'": "${Name}",
    "!Sub ['${A}-${Name}', {A: !Ref Stage}]": "dev-orders",
    "!Sub ['${Name}', {Name: own}]": "own",
    "!Join ['-', [a, !Ref Name, !Ref 'AWS::NoValue', b]]": "a-orders-b",
    "!Join [',', !Ref Subnets]": "subnet-1,subnet-2",
    "!Select [1, !Ref Subnets]": "subnet-2",
    "!Select ['0', [a, b]]": "a",
    "!Select [1, !Split ['/', 'a/b/c']]": "b",
    "!Join ['+', !Split ['/', 'a/b']]": "a+b",
    "!Select [2, !Cidr [!Ref Cidr, 4, 8]]": "10.0.2.0/24",
    "!Base64 abc": "YWJj",
    "!FindInMap [Regions, !Ref 'AWS::Region', Ami]": "same",
    "!FindInMap [Stages, nowhere, Size, {DefaultValue: none}]": "none",
    "!FindInMap [Nowhere, a, b, {DefaultValue: !Ref Name}]": "orders",
    "!If [Always, a, b]": "a",
    "!If [Never, a, b]": "b",
    "{'Fn::Join': ['', [a, {Ref: Name}]]}": "aorders",
    "{'Fn::Sub': 'a-${Name}'}": "a-orders",
    "{'Fn::Length': [a, b, !Ref Name]}": "3",
    "{'Fn::Length': !Ref Subnets}": "2",
    "{'Fn::ToJsonString': {a: !Ref Name, b: [1, true]}}": '{"a": "orders", "b": [1, true]}',
    "!Select [0, !FindInMap [Stages, dev, Zones]]": "a",
}


@pytest.mark.parametrize("expression", KNOWN)
def test_known(tmp_path: Path, expression: str) -> None:
    value = handler(tmp_path, expression)
    assert isinstance(value, Known), value.show()
    assert value.v == KNOWN[expression]


TEXTS = {
    "!Ref Q": "${Q}",
    "!GetAtt Q.Arn": "${Q.Arn}",
    "!GetAtt [Q, Arn]": "${Q.Arn}",
    "{'Fn::GetAtt': [Q, Arn]}": "${Q.Arn}",
    "!Sub '${Q.Arn}/*'": "${Q.Arn}/*",
    "!Ref 'AWS::Region'": "${AWS::Region}",
    "!Sub 'arn:${AWS::Partition}:s3:::${Name}-${Free}'": "arn:${AWS::Partition}:s3:::orders-${Free}",
    "!Ref Free": "${Free}",
    "!Ref Stored": "${Stored}",
    "'{{resolve:ssm:/a/b}}'": "${{{resolve:ssm:/a/b}}}",
    "!Sub 'x-{{resolve:secretsmanager:${Name}:SecretString}}-y'": "x-${{{resolve:secretsmanager:orders:SecretString}}}-y",
    "!Select [0, !Ref Ids]": "${!Ref Ids[0]}",
    "!Select [0, !GetAZs '']": "${!GetAZs ''[0]}",
    "!ImportValue other-export": "${ImportValue other-export}",
    "!Select [1, !Split [':', !Sub 'a:${AWS::Region}:b']]": "${AWS::Region}",
    "{'Fn::ToJsonString': {a: !Ref Q}}": '{"a": "${Q}"}',
}


@pytest.mark.parametrize("expression", TEXTS)
def test_partly_known(tmp_path: Path, expression: str) -> None:
    value = handler(tmp_path, expression)
    assert isinstance(value, Text), value.show()
    assert value.show() == TEXTS[expression]


@pytest.mark.parametrize(
    ("properties", "shown"),
    [
        ("{CidrBlock: 10.0.0.0/16}", "10.0.0.0/16"),
        ("{CidrBlock: !Ref Cidr}", "10.0.0.0/16"),
        ("{CidrBlock: !Ref Free}", "${Free}"),
        ("{Ipv4IpamPoolId: p, Ipv4NetmaskLength: 16}", "${N.CidrBlock}"),
        ("{CidrBlock: !GetAtt N.CidrBlock}", "unknown"),  # a circle
    ],
)
def test_the_range_of_a_network_is_what_is_written(tmp_path: Path, properties: str, shown: str) -> None:
    text = f"{HEAD}Resources:\n  N: {{Type: AWS::EC2::VPC, Properties: {properties}}}\n"
    held = read(tmp_path, text + "  F: {Type: AWS::Lambda::Function, Properties: {Handler: !GetAtt N.CidrBlock}}\n")
    assert held.functions[0].handler.show() == shown


@pytest.mark.parametrize(("regions", "known"), [(40, True), (70, False)])
def test_what_a_map_says_of_every_region(tmp_path: Path, *, regions: int, known: bool) -> None:
    entries = "".join(f"    r-{n}: {{Layer: 'arn:{n}'}}\n" for n in range(regions))
    text = f"Mappings:\n  Layers:\n{entries}Resources:\n  F: {{Type: AWS::Lambda::Function, Properties: {{Handler: "
    held = read(tmp_path, text + "!FindInMap [Layers, !Ref AWS::Region, Layer]}}\n").functions[0].handler
    told = {f"AWS::Region is r-{n}": f"arn:{n}" for n in range(regions)}
    assert cases(held) == (told if known else {"": "unknown"})


CASES = {
    "!If [IsProd, a, b]": {"Stage is prod": "a", "Stage is not prod": "b"},
    "!Ref Chosen": {"Chosen is a": "a", "Chosen is b": "b"},
    "!FindInMap [Stages, !Ref Stage, Size]": {"Stage is dev": "128", "Stage is test": "256", "Stage is prod": "512"},
    "!If [IsProd, !If [HasKey, a, b], c]": {
        "Stage is prod and Key is not ''": "a",
        "Stage is prod and Key is ''": "b",
        "Stage is not prod": "c",
    },
    "!If [Both, a, b]": {
        "Stage is prod and Key is not ''": "a",
        "Stage is not prod": "b",
        "Stage is prod and Key is ''": "b",
    },
    "!If [Either, a, b]": {
        "Stage is prod": "a",
        "Stage is not prod and Key is not ''": "a",
        "Stage is not prod and Key is ''": "b",
    },
    "!Sub ['x-${A}', {A: !If [IsProd, a, b]}]": {"Stage is prod": "x-a", "Stage is not prod": "x-b"},
    "!If [InEurope, a, b]": {"AWS::Region is eu-west-1": "a", "AWS::Region is not eu-west-1": "b"},
    # Inside a branch, a parameter has the value that leads there.
    "!If [IsProd, !Sub '${Stage}-x', c]": {"Stage is prod": "prod-x", "Stage is not prod": "c"},
    "!If [HasKey, !Ref Key, none]": {"Key is not ''": "${Key}", "Key is ''": "none"},
}


@pytest.mark.parametrize("expression", CASES)
def test_depends(tmp_path: Path, expression: str) -> None:
    assert cases(handler(tmp_path, expression)) == CASES[expression]


def test_a_given_parameter_decides(tmp_path: Path) -> None:
    assert handler(tmp_path, "!If [IsProd, a, b]", Stage="prod").show() == "a"
    assert handler(tmp_path, "!FindInMap [Stages, !Ref Stage, Size]", Stage="test").show() == "256"
    assert handler(tmp_path, "!If [HasKey, !Ref Key, none]", Key="k").show() == "k"
    assert handler(tmp_path, "!Ref Ids", Ids="a,b").show() == "unknown"  # a list is no text
    assert handler(tmp_path, "!Select [1, !Ref Ids]", Ids="a,b").show() == "b"
    assert handler(tmp_path, "!Ref Stored", Stored="v").show() == "v"


def test_a_given_pseudo_parameter_decides(tmp_path: Path) -> None:
    given = {"AWS::Region": "eu-west-1"}
    assert handler(tmp_path, "!Sub '${AWS::Region}'", **given).show() == "eu-west-1"


def test_where_a_value_comes_from(tmp_path: Path) -> None:
    value = handler(tmp_path, "!Ref Name")
    assert value.origin.via[-1].what == "default of parameter Name"
    assert handler(tmp_path, "!Ref Name", Name="x").origin.via[-1].what == "parameter Name from --parameters"


def test_no_value_takes_a_property_away(tmp_path: Path) -> None:
    assert function(tmp_path, "Timeout: !Ref AWS::NoValue").timeout.show() == "3 by default"
    assert cases(function(tmp_path, "Timeout: !If [IsProd, 9, !Ref AWS::NoValue]").timeout) == {
        "Stage is prod": "9",
        "Stage is not prod": "3 by default",
    }


def test_conditional_blocks(tmp_path: Path) -> None:
    found = function(
        tmp_path, "VpcConfig: !If [IsProd, {SubnetIds: !Ref Subnets, SecurityGroupIds: [g]}, !Ref AWS::NoValue]"
    )
    assert next(cases(v) for v in found.subnets) == {"Stage is prod": "subnet-1", "Stage is not prod": "not set"}
    found = function(tmp_path, "Environment: {Variables: {A: !If [IsProd, x, !Ref AWS::NoValue], B: y}}")
    assert [(v.name, [p.text for p in v.exists]) for v in found.environment] == [("A", ["Stage is prod"]), ("B", [])]


def test_conditional_items_of_lists(tmp_path: Path) -> None:
    found = function(tmp_path, "Layers: [a, !If [IsProd, b, !Ref AWS::NoValue]]")
    assert [cases(v) for v in found.layers] == [{"": "a"}, {"Stage is prod": "b", "Stage is not prod": "not set"}]
    assert found.layers.complete
    assert not function(tmp_path, "Layers: !Ref Ids").layers.complete


def test_a_macro_in_properties_hides_what_is_not_written(tmp_path: Path) -> None:
    found = app(tmp_path, "Runtime: python3.13", "Fn::Transform: {Name: Mine}")
    assert found.functions[0].runtime.show() == "python3.13"
    assert isinstance(found.functions[0].timeout, Unknown)
    assert not found.functions[0].layers.complete
    assert [g.kind for g in found.gaps] == ["macro"]


def test_an_include_of_a_local_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("Timeout: 77\n")
    found = function(tmp_path, "Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./more.yaml}}")
    assert found.timeout.show() == "77"


def test_a_resource_under_a_condition(tmp_path: Path) -> None:
    text = (
        HEAD
        + "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Condition: IsProd\n    Properties: {Handler: !Ref Stage}\n"
    )
    found = read(tmp_path, text).functions[0]
    assert [p.text for p in found.exists] == ["Stage is prod"]
    assert found.handler.show() == "prod"
    assert read(tmp_path, text, Stage="dev").functions == ()


LOOPS = """\
Transform: AWS::LanguageExtensions
Parameters:
  Names: {Type: CommaDelimitedList, Default: "One, two-2"}
Conditions:
  Fn::ForEach::Cs:
    - N
    - [A, B]
    - Is${N}: !Equals ["${N}", A]
Resources:
  Fn::ForEach::Qs:
    - N
    - !Ref Names
    - Q&{N}:
        Type: AWS::SQS::Queue
        Properties: {QueueName: !Sub "${N}-q"}
  Fn::ForEach::Outer:
    - A
    - [X, Y]
    - Fn::ForEach::Inner:
        - B
        - ["1", "2"]
        - F${A}${B}:
            Type: AWS::Lambda::Function
            Condition: IsA
            Properties:
              Handler: !Ref B
              Role: !GetAtt
                - Q${A}
                - Arn
              Fn::ForEach::Tuning:
                - P
                - [Timeout, MemorySize]
                - ${P}: 300
"""


def test_loops(tmp_path: Path) -> None:
    found = read(tmp_path, LOOPS.replace("Q${A}\n", "QOne\n"))
    assert [r.address for r in found.resources if r.kind == "queue"] == ["QOne", "Qtwo2"]
    assert found.get("template.yaml#Qtwo2").name.show() == "two-2-q"  # type: ignore[union-attr]
    assert [f.address for f in found.functions] == ["FX1", "FX2", "FY1", "FY2"]
    first = found.functions[0]
    assert (first.handler.show(), first.timeout.show(), first.memory.show()) == ("1", "300", "300")
    assert [v.what for v in first.handler.origin.via][:2] == ["loop Outer: A is X", "loop Inner: B is 1"]
    assert first.origin.span.line == 22  # type: ignore[union-attr]
    assert read(tmp_path, LOOPS, Names="Z").gaps[0].what == "`QX.Arn`"


def test_a_loop_over_what_is_not_known(tmp_path: Path) -> None:
    found = read(tmp_path, LOOPS.replace(', Default: "One, two-2"', ""))
    gap = next(g for g in found.gaps if g.kind == "loop")
    assert gap.hides
    assert gap.remedy == "--parameters Names=…"


def test_a_loop_that_makes_too_much(tmp_path: Path) -> None:
    numbers = "[" + ", ".join(f"a{n}" for n in range(101)) + "]"
    text = (
        f"Resources:\n  Fn::ForEach::A:\n    - A\n    - {numbers}\n    - Fn::ForEach::B:\n        - B\n        - {numbers}\n"
        "        - Q${A}x${B}: {Type: AWS::SQS::Queue}\n"
    )
    found = read(tmp_path, text)
    assert len(found.resources) == 10_000
    assert [(g.kind, g.hides) for g in found.gaps] == [("limit", True)]
