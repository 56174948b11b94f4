"""Bad input: each is a gap with its place and what to do, and the rest is still read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stockade.errors import NothingToScan, UsageError
from stockade.inputs.load import load
from stockade.model.app import App, Gap
from tests.inputs.cloudformation.support import read

GOOD = """\
Resources:
  Good:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
"""


def gap(app: App, needle: str) -> Gap:
    found = [g for g in app.gaps if needle in f"{g.what} {g.why}"]
    assert found, [f"{g.what}: {g.why}" for g in app.gaps]
    assert found[0].remedy
    return found[0]


def beside(folder: Path, name: str, data: str | bytes) -> App:
    """A good template and a bad one in one folder; the good one is read."""
    (folder / "good.yaml").write_text(GOOD)
    path = folder / name
    if isinstance(data, str):
        path.write_text(data, encoding="utf-8")
    else:
        path.write_bytes(data)
    app = load(folder)
    assert "Good" in [f.address for f in app.functions]
    return app


def test_broken_yaml(tmp_path: Path) -> None:
    app = beside(
        tmp_path,
        "bad.yaml",
        "AWSTemplateFormatVersion: '2010-09-09'\nResources:\n  A: {Type: AWS::Lambda::Function\n  B: [\n",
    )
    found = next(g for g in app.gaps if g.path == "bad.yaml")
    assert found.kind == "syntax"
    assert found.hides
    assert found.span is not None
    assert found.span.line >= 3


def test_what_is_before_the_break_is_read(tmp_path: Path) -> None:
    text = GOOD + "  Bad:\n    Type: AWS::Lambda::Function\n   Properties: x\n  After:\n    Type: AWS::SQS::Queue\n"
    app = read(tmp_path, text)
    assert "Good" in [f.address for f in app.functions]
    assert any(g.kind == "syntax" for g in app.gaps)


def test_billion_laughs(tmp_path: Path) -> None:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    text = (
        "\n".join(lines) + "\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties:\n      Layers: *a9\n"
    )
    app = beside(tmp_path, "bomb.yaml", text)
    assert next(g for g in app.gaps if g.path == "bomb.yaml").kind == "limit"


def test_ten_thousand_resources(tmp_path: Path) -> None:
    text = "Resources:\n" + "".join(f"  Q{n}:\n    Type: AWS::SQS::Queue\n" for n in range(10_000))
    assert len(read(tmp_path, text).resources) == 10_000


def test_circular_references(tmp_path: Path) -> None:
    app = read(
        tmp_path,
        """\
Conditions:
  A: !Condition B
  B: !Not [!Condition A]
Resources:
  F:
    Type: AWS::Lambda::Function
    Condition: A
    Properties:
      Role: !GetAtt F.Arn
      Timeout: !If [A, !If [B, 3, 4], 5]
""",
    )
    assert app.functions[0].role.show() == "${F.Arn}"
    assert gap(app, "it is defined by itself").kind == "circular"


def test_nested_stacks_in_a_circle(tmp_path: Path) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{name}.yaml").write_text(
            f"{GOOD}  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: ./{other}.yaml\n"
        )
    app = load(tmp_path)
    assert len(app.functions) == 2
    assert gap(app, "it deploys itself in the end").kind == "circular"


def test_a_template_that_deploys_itself(tmp_path: Path) -> None:
    app = read(
        tmp_path,
        GOOD + "  Me:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: template.yaml\n",
    )
    assert len(app.functions) == 1
    assert gap(app, "it deploys itself in the end").hides


def test_parameters_that_nested_stacks_pass_round(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text(
        "Parameters:\n  P: {Type: String}\nResources:\n  F:\n    Type: AWS::Lambda::Function\n    Properties: {Handler: !Ref P}\n"
        "Outputs:\n  O: {Value: !Ref P}\n"
    )
    (tmp_path / "root.yaml").write_text(
        "Resources:\n"
        "  A:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: child.yaml, Parameters: {P: !GetAtt B.Outputs.O}}\n"
        "  B:\n    Type: AWS::CloudFormation::Stack\n"
        "    Properties: {TemplateURL: child.yaml, Parameters: {P: !GetAtt A.Outputs.O}}\n"
    )
    assert len(load(tmp_path).functions) == 2


WRONG = {
    "Handler: 5": ("Handler", "'5'"),
    "Timeout: soon": ("`Timeout`", "a whole number belongs here, not `soon`"),
    "Timeout: {a: b}": ("a mapping", "a single value belongs here"),
    "Handler: [a]": ("a list", "a single value belongs here"),
    "Environment: 7": ("`Variables`", "a mapping is expected around it"),
    "Environment: {Variables: [a]}": ("the variables", "a mapping belongs here"),
    "Environment: {Variables: {A: {B: c}}}": ("a mapping", "a single value belongs here"),
    "Tags: 3": ("the tags", "a mapping belongs here"),
    "VpcConfig: []": ("`SubnetIds`", "a mapping is expected around it"),
    "Role: !GetAtt []": ("a call of an intrinsic function", "`Fn::GetAtt` wants"),
    "Role: !If [a]": ("`Fn::If`", "it wants a condition's name and two values"),
    "Role: !Nonsense x": ("`Fn::Nonsense`", "it is not an intrinsic function"),
    "Role: !Ref [a]": ("a call of an intrinsic function", "`Ref` wants a name"),
    "Role: !Ref Nowhere": ("`Nowhere`", "it refers to a resource that is not in the template"),
    "Role: !GetAtt Nowhere.Arn": ("`Nowhere.Arn`", "it refers to a resource that is not in the template"),
    "Role: !Sub '${Nowhere}'": ("`Nowhere`", "it refers to a resource that is not in the template"),
}


@pytest.mark.parametrize("line", WRONG)
def test_wrong_shapes_in_a_function(tmp_path: Path, line: str) -> None:
    text = GOOD + f"  Odd:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: python3.13\n      {line}\n"
    app = read(tmp_path, text)
    assert [f.runtime.show() for f in app.functions if f.address == "Odd"] == ["python3.13"]
    if line == "Handler: 5":
        # CloudFormation takes a number for a text.
        assert not app.gaps
        return
    what, why = WRONG[line]
    found = gap(app, why)
    assert found.what == what
    assert found.span is not None
    assert found.span.line == 10


RESOURCES = {
    "Odd: 3": ("the resource `Odd`", "it is not a mapping"),
    "Odd: {}": ("the resource `Odd`", "it has no `Type`"),
    "Odd: {Type: [a]}": ("the resource `Odd`", "its `Type` is not a text"),
    "Odd: {Type: AWS::Lambda::Function, Properties: 3}": ("the properties of `Odd`", "they are not a mapping"),
    "Odd: {Type: AWS::Lambda::Function, Properties: [a]}": ("the properties of `Odd`", "they are not a mapping"),
    "Odd: {Type: AWS::Lambda::Function, Condition: [a]}": ("the condition of `Odd`", "a condition's name belongs here"),
    "Odd: {Type: AWS::Lambda::Function, Condition: Nowhere}": (
        "the condition `Nowhere`",
        "it is not defined in this template",
    ),
    "Odd: {Type: AWS::IAM::Role, Properties: {Policies: {}}}": (
        "the inline policies of `Odd`",
        "they are not written as a list",
    ),
    "Odd: {Type: AWS::IAM::Role, Properties: {Policies: [x]}}": ("an inline policy of `Odd`", "it is not a mapping"),
    "Odd: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {Statement: [x]}}}": (
        "a statement",
        "it is a text, where an object belongs",
    ),
    "Odd: {Type: AWS::SNS::Topic, Properties: {Subscription: [x]}}": ("`Subscription`", "a mapping belongs here"),
    "Odd: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: []}}": (
        "`LambdaConfigurations`",
        "a mapping is expected around it",
    ),
    "Odd: {Type: My::Own::Thing::MODULE}": (
        "the module `My::Own::Thing::MODULE`",
        "what it holds is registered in the account",
    ),
    "Fn::Transform: {Name: Mine}": ("a macro (`Fn::Transform`)", "only the account can expand it"),
}


@pytest.mark.parametrize("line", RESOURCES)
def test_wrong_shapes_of_resources(tmp_path: Path, line: str) -> None:
    app = read(tmp_path, GOOD + f"  {line}\n")
    assert "Good" in [f.address for f in app.functions]
    what, why = RESOURCES[line]
    found = gap(app, why)
    assert found.what == what
    assert found.span is not None
    assert found.span.line == 6


@pytest.mark.parametrize("section", ["Parameters", "Conditions", "Mappings", "Outputs", "Globals"])
def test_sections_of_the_wrong_shape(tmp_path: Path, section: str) -> None:
    app = read(tmp_path, f"{section}: [x]\n{GOOD}")
    assert len(app.functions) == 1
    assert gap(app, f"`{section}` should be a mapping").hides


def test_a_macro_over_the_whole_template(tmp_path: Path) -> None:
    app = read(tmp_path, "Transform: [Mine, AWS::Serverless-2016-10-31]\n" + GOOD)
    assert len(app.functions) == 1
    found = gap(app, "the macro `Mine`")
    assert found.hides
    assert "get-template" in found.remedy


def test_unknown_resource_types_are_there(tmp_path: Path) -> None:
    app = read(tmp_path, GOOD + "  Odd:\n    Type: Vendor::Own::Thing\n  New:\n    Type: AWS::Brand::New\n")
    assert [r.type for r in app.resources if r.kind == "other"] == ["Vendor::Own::Thing", "AWS::Brand::New"]
    assert not app.gaps


def test_not_utf8(tmp_path: Path) -> None:
    app = beside(tmp_path, "bad.yaml", b"Resources:\n  A:\n    Type: AWS::Lambda::Function # caf\xe9\n")
    found = gap(app, "is not UTF-8")
    assert (found.kind, found.path) == ("encoding", "bad.yaml")


def test_utf16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(GOOD.encode("utf-16"))
    assert len(load(tmp_path).functions) == 1


def test_an_empty_file_is_nothing(tmp_path: Path) -> None:
    assert not beside(tmp_path, "empty.yaml", "").gaps
    with pytest.raises(NothingToScan, match="is not a template"):
        load(tmp_path / "empty.yaml")


def test_a_named_file_that_is_no_template(tmp_path: Path) -> None:
    path = tmp_path / "package.json"
    path.write_text('{"name": "x"}')
    with pytest.raises(NothingToScan, match="is not a template") as raised:
        load(path)
    assert "Resources" in raised.value.hint


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file or folder"):
        load(tmp_path / "nowhere")


def test_a_parameter_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no template has a parameter `Stge`") as raised:
        read(tmp_path, "Parameters: {Stage: {Type: String}}\n" + GOOD, Stge="x")
    assert "`Stage`" in raised.value.hint


def test_a_file_that_can_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulated, since nothing keeps root from reading."""
    opened = os.open

    def refuse(path: os.PathLike[str] | str, *arguments: object, **named: object) -> int:
        if str(path).endswith("bad.yaml"):
            raise PermissionError(13, "Permission denied")
        return opened(path, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    found = gap(beside(tmp_path, "bad.yaml", GOOD), "permission denied")
    assert found.kind == "unreadable"
    assert found.hides


def test_two_hundred_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as stream:
        stream.write(b'{"AWSTemplateFormatVersion": "2010-09-09", "Resources": {}')
        stream.truncate(200 * 1024 * 1024)
    app = beside(tmp_path, "other.txt", "x")
    found = gap(app, "is larger than 20 MiB")
    assert found.kind == "too-large"
    assert found.hides


def test_two_hundred_megabytes_of_something_else(tmp_path: Path) -> None:
    path = tmp_path / "big.json"
    with path.open("wb") as stream:
        stream.write(b'{"rows": [')
        stream.truncate(200 * 1024 * 1024)
    assert not beside(tmp_path, "other.txt", "x").gaps


def test_a_remote_template(tmp_path: Path) -> None:
    net = "  Net:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: https://x.s3.amazonaws.com/net.yaml"
    found = gap(read(tmp_path, GOOD + net + "}\n"), "it is a remote template")
    assert "https://x.s3.amazonaws.com/net.yaml" in found.what
    assert not found.hides  # a stack that knows of no function adds nothing to one
    told = gap(read(tmp_path, GOOD + net + ", Parameters: {Target: !GetAtt Good.Arn}}\n"), "it is a remote template")
    assert told.hides
    assert told.affects == ("Good",)


def test_too_deep(tmp_path: Path) -> None:
    text = (
        GOOD
        + "  Deep:\n    Type: AWS::Lambda::Function\n    Properties:\n      Handler: "
        + "!Join ['', [" * 90
        + "x"
        + "]]" * 90
        + "\n"
    )
    app = read(tmp_path, text)
    assert any(g.kind == "limit" for g in app.gaps)
    assert "Good" in [f.address for f in app.functions]


def test_a_json_template_cut_off(tmp_path: Path) -> None:
    app = beside(
        tmp_path, "bad.json", '{"Resources": {"A": {"Type": "AWS::Lambda::Function", "Properties": {"Handler": "x"'
    )
    assert next(g for g in app.gaps if g.path == "bad.json").kind == "syntax"
