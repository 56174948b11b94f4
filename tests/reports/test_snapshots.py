"""Whole reports, as people see them. `pytest -n 0 --inline-snapshot=fix` writes them anew; read what changed."""

# ruff: noqa: E501 - lines as they are printed

from __future__ import annotations

from pathlib import Path

import pytest
from inline_snapshot import snapshot

from stockade.reports import concise, text
from tests.support import scan_text

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String, Default: dev}
  Auth: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig:
        AuthType: !If [IsProd, AWS_IAM, NONE] # the tests can't sign
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: !Ref Auth}
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scan the current folder, so that no path of the machine is printed."""
    monkeypatch.chdir(tmp_path)


def test_text() -> None:
    result = scan_text(Path(), TEMPLATE, select=("SK101",), persona="regular")
    assert text.render(result, width=100) == snapshot("""\
high[SK101]: anyone on the internet can call `Webhook` through its function URL when Stage is not
  prod (public-function-url)
  --> template.yaml:15:41
   |
15 |         AuthType: !If [IsProd, AWS_IAM, NONE] # the tests can't sign
   |                                         ^^^^
   = help: require AWS_IAM, or verify the caller's signature in the handler and say so in an ignore
   = unsafe fix: require IAM authentication; callers that do not sign their requests with AWS
                 credentials stop working

1 verdict on a function could not be decided:
      1  the parameter `Auth` has no default; give --parameters Auth=…

1 finding: 1 high in 2 functions of 1 template, 1 rule
not shown: 1 that can't be told (--persona auditor)
`stockade fix` with `--unsafe` has edits for 1 of them
`stockade explain SK101` tells more about a rule
""")


def test_concise() -> None:
    result = scan_text(Path(), TEMPLATE, select=("SK101",))
    assert concise.render(result) == snapshot("""\
template.yaml:15:41: high SK101 [public-function-url] anyone on the internet can call `Webhook` through its function URL when Stage is not prod
template.yaml:22:37: cannot tell SK101 [public-function-url] whether anyone on the internet can call `Other` through its function URL
""")
