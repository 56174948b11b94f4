"""Nested stacks and exports."""

from __future__ import annotations

from pathlib import Path

from stockade.inputs.load import load
from tests.inputs.cloudformation.support import cases, kinds, write

CHILD = """\
Parameters:
  Auth: {Type: String, Default: AWS_IAM}
  Subnets: {Type: CommaDelimitedList, Default: ""}
Resources:
  Fn:
    Type: AWS::Lambda::Function
    Properties:
      Handler: !Ref Auth
      VpcConfig: {SubnetIds: !Ref Subnets}
Outputs:
  Arn: {Value: !GetAtt Fn.Arn}
"""


def stack(name: str, template: str, *parameters: str, condition: str = "") -> str:
    lines = [f"  {name}:", "    Type: AWS::CloudFormation::Stack"]
    lines += [f"    Condition: {condition}"] if condition else []
    lines += ["    Properties:", f"      TemplateURL: {template}"]
    lines += ["      Parameters:", *(f"        {p}" for p in parameters)] if parameters else []
    return "\n".join(lines) + "\n"


def test_parameters_and_outputs_go_both_ways(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="Resources:\n"
        + stack("A", "./sub/child.yaml", "Auth: NONE", "Subnets: !Join [',', [!Ref S1, subnet-2]]")
        + "  S1: {Type: AWS::EC2::Subnet}\n"
        + "  P:\n    Type: AWS::Lambda::Permission\n    Properties: {FunctionName: !GetAtt A.Outputs.Arn}\n",
        sub__child=CHILD,
    )
    app = load(tmp_path)
    [function] = app.functions
    assert function.handler.show() == "NONE"
    assert [v.what for v in function.handler.origin.via] == []
    assert [v.show() for v in function.subnets] == ["${S1}", "subnet-2"]
    assert [p.function for p in app.resources if p.kind == "permission"] == [function]  # type: ignore[attr-defined]
    assert app.gaps == ()


def test_a_template_deployed_twice_has_two_addresses(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="Resources:\n" + stack("A", "child.yaml", "Auth: a") + stack("B", "child.yaml", "Auth: b"),
        other="Resources:\n" + stack("B", "child.yaml", "Auth: c"),
        child=CHILD,
    )
    found = {f.address: f.handler.show() for f in load(tmp_path).functions}
    assert found == {"Fn": "a", "B/Fn": "b", "other.yaml/B/Fn": "c"}


def test_outputs_of_a_stack_that_comes_later(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="Resources:\n" + stack("A", "child.yaml", "Auth: !GetAtt Z.Outputs.Value") + stack("Z", "z.yaml"),
        child=CHILD,
        z="Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs:\n  Value: {Value: late}\n",
    )
    assert load(tmp_path).functions[0].handler.show() == "late"


def test_a_stack_under_a_condition(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="Parameters: {P: {Type: String}}\nConditions: {C: !Equals [!Ref P, x]}\nResources:\n"
        + stack("A", "child.yaml", "Auth: !If [C, a, b]", condition="C"),
        child=CHILD,
    )
    [function] = load(tmp_path).functions
    assert [p.text for p in function.exists] == ["P is x"]
    assert cases(function.handler) == {"P is x": "a", "P is not x": "b"}
    assert load(tmp_path, {"P": "y"}).functions == ()


def test_what_is_wrong_with_a_nested_stack(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="Resources:\n"
        + stack("A", "child.yaml", "Nope: 1")
        + stack("B", "nowhere.yaml")
        + "  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !GetAtt A.Outputs.Nope}}\n",
        child=CHILD,
    )
    app = load(tmp_path)
    assert kinds(app) == {
        "the parameter `Nope`": "undefined",
        "the nested stack `B` (nowhere.yaml)": "not-fetched",
        "`A.Outputs.Nope`": "undefined",
    }


def test_exports_are_imported(tmp_path: Path) -> None:
    write(
        tmp_path,
        a="Parameters: {Name: {Type: String, Default: net}}\nResources: {Q: {Type: AWS::SQS::Queue}}\n"
        "Outputs: {O: {Value: !GetAtt Q.Arn, Export: {Name: !Sub '${Name}-queue'}}}\n",
        b="Resources:\n  M:\n    Type: AWS::Lambda::EventSourceMapping\n"
        "    Properties: {EventSourceArn: !ImportValue net-queue, FunctionName: f}\n",
        c="Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Role: !ImportValue other}\n",
    )
    app = load(tmp_path)
    [mapping] = [r for r in app.resources if r.kind == "event-source"]
    assert mapping.source is app.get("a.yaml#Q")  # type: ignore[attr-defined]
    assert mapping.source_arn.origin.path == "b.yaml"  # type: ignore[attr-defined]
    assert app.functions[0].role.show() == "${ImportValue other}"


def test_of_two_exports_the_nearer_one_counts(tmp_path: Path) -> None:
    export = "Resources: {{Q: {{Type: AWS::SQS::Queue}}}}\nOutputs: {{O: {{Value: {0}, Export: {{Name: x}}}}}}\n"
    use = "Resources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: !ImportValue x}\n"
    write(tmp_path, one__a=export.format("first"), two__a=export.format("second"), one__b=use, two__b=use, c=use)
    found = {f.site.document.path: f.handler.show() for f in load(tmp_path).functions}  # type: ignore[union-attr]
    assert found == {"one/b.yaml": "first", "two/b.yaml": "second", "c.yaml": "${ImportValue x}"}


def test_two_templates_in_one_file(tmp_path: Path) -> None:
    write(tmp_path, both=f"{CHILD}---\n{CHILD.replace('Fn', 'Other')}")
    assert [f.address for f in load(tmp_path).functions] == ["Fn", "Other"]
