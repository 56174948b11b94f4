"""`Globals`: merged as the transform does, with every value still where it is written."""

from __future__ import annotations

from stockade.model.app import Function
from stockade.model.value import File
from tests.inputs.sam.support import keyed, sam

_TEMPLATE = """
Globals:
  Function:
    Runtime: python3.13
    Timeout: 30
    Handler: app.everyone
    CodeUri: s3://all/code.zip
    Layers: [arn:aws:lambda:us-east-1:123456789012:layer:all:1]
    Environment:
      Variables: {STAGE: dev, LEVEL: INFO}
    Architectures: [x86_64]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 5
      CodeUri: {Bucket: own, Key: code.zip}
      Layers: [arn:aws:lambda:us-east-1:123456789012:layer:own:1]
      Environment:
        Variables: {LEVEL: DEBUG}
      Architectures: [arm64]
  Without:
    Type: AWS::Serverless::Function
    IgnoreGlobals: [Timeout, Handler]
    Properties: {Handler: own.handler}
  Alone:
    Type: AWS::Serverless::Function
    IgnoreGlobals: "*"
    Properties: {Handler: own.handler}
"""


def _function(name: str) -> Function:
    found = keyed(sam(_TEMPLATE), name)
    assert isinstance(found, Function)
    return found


def test_a_resource_has_the_global_values_and_its_own_win() -> None:
    """Scalars are replaced, mappings merged, lists joined with the global items first, other shapes replaced."""
    function = _function("Fn")
    assert function.runtime.is_("python3.13").is_yes
    assert function.timeout.is_(5).is_yes
    assert function.code_bucket.is_("own").is_yes
    assert [layer.show().rpartition("layer:")[2] for layer in function.layers] == ["all:1", "own:1"]
    assert {v.name: v.value.show() for v in function.environment} == {"STAGE": "dev", "LEVEL": "DEBUG"}
    assert [a.show() for a in function.architectures] == ["arm64"]


def test_a_value_says_that_it_is_in_globals() -> None:
    """The place of a global value is in `Globals`, and a fix goes there; an own value's is at the resource."""
    function = _function("Fn")
    origin = function.runtime.origin
    assert isinstance(origin, File)
    assert origin.span.text == "python3.13"
    assert [via.what for via in origin.via] == ["Globals"]
    own = function.timeout.origin
    assert isinstance(own, File)
    assert own.span.text == "5"
    assert own.via == ()
    variables = {v.name: v.origin for v in function.environment}
    assert [via.what for via in variables["STAGE"].via] == ["Globals"]
    assert variables["LEVEL"].via == ()


def test_ignore_globals_leaves_out_what_it_names() -> None:
    """A list of properties, or all of them."""
    function = _function("Without")
    assert function.timeout.is_set().is_no
    assert function.runtime.is_("python3.13").is_yes
    assert _function("Alone").runtime.is_set().is_no


def test_what_globals_do_not_take_is_told_and_not_merged() -> None:
    """Properties and sections that SAM does not support there."""
    app = sam(
        """
Globals:
  Function: {Role: arn:aws:iam::123456789012:role/r, Timeout: 7}
  Nonsense: {}
  Api: []
Resources:
  Fn: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
"""
    )
    function = app.functions[0]
    assert function.timeout.is_(7).is_yes
    assert function.execution_role is not None
    assert function.execution_role.generated
    assert {g.what for g in app.gaps} >= {"`Globals.Function.Role`", "`Globals.Nonsense`", "`Globals.Api`"}
