"""lower(serverless.yml) against lower(the template that `serverless package` makes of it).

Whatever the framework makes of a service, our reading of its configuration must say the same. The templates were recorded by
scripts/oracles/record_serverless.py; where `STOCKADE_SERVERLESS` names the folder with the framework, they are made anew.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from scripts.oracles.record_serverless import Case, cases, lay_out, package

from stockade.inputs.given import Variables
from stockade.inputs.load import load
from tests.oracles import sam_model
from tests.oracles.serverless_maker import service

_LIVE = os.environ.get("STOCKADE_SERVERLESS", "")
_HASHED = {
    "AWS::Lambda::Version": re.compile(r"(?<=LambdaVersion).*$"),
    "AWS::ApiGateway::Deployment": re.compile(r"(?<=ApiGatewayDeployment).*$"),
    "AWS::ApiGatewayV2::Deployment": re.compile(r"(?<=WebsocketsDeployment).*$"),
}
# Where the code is: the framework names an archive that it has made, we the folder that it is made of.
_CODE = frozenset({"code_path", "code_bucket"})
# What the framework sets at the stage of a REST API through API Gateway once the stack is there: no template has it, we do.
_AFTERWARDS = frozenset({"access_log", "access_log_format", "tracing", "metrics", "execution_log_level", "data_trace"})
CASES = cases()
MADE = 12  # services that are put together by chance in every run


def names_of(template: dict[str, Any]) -> dict[str, str]:
    """Logical ids that end in a hash, without it."""
    return {
        logical_id: pattern.sub("", logical_id)
        for logical_id, resource in template["Resources"].items()
        if (pattern := _HASHED.get(resource["Type"])) is not None
    }


def differences(folder: Path, stage: str, template: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """In what the two readings differ."""
    for kind in ("function", "layer"):
        monkeypatch.setitem(sam_model._LEFT_OUT, kind, sam_model._LEFT_OUT.get(kind, frozenset()) | _CODE)
    if any(resource["Type"] == "AWS::ApiGateway::Deployment" for resource in template["Resources"].values()):
        monkeypatch.setitem(sam_model._LEFT_OUT, "stage", _AFTERWARDS)
    ours = sam_model.shape_of(load(folder, variables=Variables(stage=stage)), {})
    theirs = sam_model.shape_of(sam_model.load_plain(template), names_of(template))
    if "output" in theirs:  # the framework adds outputs of its own to those of the service
        theirs["output"] &= ours.get("output", Counter())
    return sam_model.differences(ours, theirs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reads_as_the_framework_packages(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out(case, tmp_path)
    template = json.loads(case.recording.read_text(encoding="utf-8"))
    found = differences(tmp_path, case.stage, template, monkeypatch)
    assert not found, "\n".join(found)


@pytest.mark.serverless
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_recordings_are_what_the_framework_makes(case: Case) -> None:
    recorded = json.loads(case.recording.read_text(encoding="utf-8"))
    assert _plain(package(case, Path(_LIVE))) == _plain(recorded)


@pytest.mark.serverless
@pytest.mark.parametrize("seed", range(MADE))
def test_made_services_are_read_as_the_framework_packages(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = Case(tmp_path / "made.yml")
    case.path.write_text(service(seed), encoding="utf-8")
    folder = tmp_path / "service"
    lay_out(case, folder)
    found = differences(folder, case.stage, package(case, Path(_LIVE)), monkeypatch)
    assert not found, case.path.read_text(encoding="utf-8") + "\n".join(found)


def _plain(template: dict[str, Any]) -> Any:
    """A template without hashes of archives, which hold times."""
    text = json.dumps(template, sort_keys=True)
    for logical_id, name in names_of(template).items():
        text = text.replace(logical_id, name)
    return json.loads(re.sub(r'"CodeSha256": "[^"]*"', '"CodeSha256": ""', text))
