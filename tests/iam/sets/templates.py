"""Small templates with one function `F`, for questions about what its role may do."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

from stockade import api
from stockade.engine.proofs.proof import Proof
from stockade.engine.proofs.questions import can, who_can
from stockade.engine.proofs.subjects import of_holder

_TRUST = "{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}"
STAGE = "Parameters:\n  Stage: {Type: String}\nConditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
ROLE = f"""\
R:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument: {{Version: '2012-10-17', Statement: [{_TRUST}]}}
"""


def template(*statements: str, head: str = "", resources: str = "", properties: str = "", name: str = "F") -> str:
    """A SAM template; `statements` are those of the function's own policy, each a mapping in one line."""
    own = "".join(f"  - {each}\n" for each in statements)
    policies = f"Policies:\n- Version: '2012-10-17'\n  Statement:\n{own}" if own else ""
    return (
        f"Transform: AWS::Serverless-2016-10-31\n{head}Resources:\n{indent(resources, '  ')}"
        f"  {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
        "      Runtime: python3.13\n      Handler: a.b\n      InlineCode: x\n"
        f"{indent(policies + properties, '      ')}"
    )


def put(folder: Path, *args: str, at: str = "template.yaml", **more: str) -> Path:
    """The template in a folder."""
    file = folder / at
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(template(*args, **more), encoding="utf-8")
    return folder


def may(folder: Path, action: str, resource: str = "*", who: str = "F", **parameters: str) -> Proof:
    """Whether a function may never do something."""
    return can(of_holder(api.load(folder, parameters=parameters), who, who), action, resource)


def who_may(folder: Path, action: str, resource: str = "*") -> Proof:
    """Which functions may do something."""
    return who_can(api.load(folder), action, resource, "it")
