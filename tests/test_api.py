"""The public interface as a library: typed, documented, and what its documentation shows is so."""

from __future__ import annotations

import datetime
import doctest
import gc
import inspect
import json
import typing
from pathlib import Path

import pytest

from stockade import api
from stockade.config.read import Configuration
from stockade.engine.proofs.proof import Proof, Source
from stockade.errors import NothingToScan, StockadeError, UsageError

ROOT = Path(__file__).parents[1]
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Auth: {Type: String, Default: AWS_IAM}
Resources:
  Webhook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      FunctionUrlConfig: {AuthType: !Ref Auth}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with one function, whose URL is as open as a parameter says."""
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def found(folder: Path, **options: object) -> list[str]:
    """The codes of the findings about the URL."""
    return [f.rule.code for f in api.scan(folder, select=["SK101"], **options).visible]  # type: ignore[arg-type]


def test_paths_may_be_texts(project: Path) -> None:
    (project / "open.json").write_text('[{"ParameterKey": "Auth", "ParameterValue": "NONE"}]')
    (project / "main.tf").write_text(
        'variable "auth" {}\nresource "aws_lambda_function_url" "u" {\n  function_name = "f"\n'
        "  authorization_type = var.auth\n}\n"
    )
    (project / "open.tfvars").write_text('auth = "NONE"\n')

    class Folder:
        def __fspath__(self) -> str:
            return str(project)

    root, parameters, variables = str(project), str(project / "open.json"), str(project / "open.tfvars")
    for path in (project, root, f"{root}/", Folder()):
        result = api.scan(path, select=["SK101"], parameter_files=[parameters], variable_files=[variables])
        assert [f.rule.code for f in result.visible] == ["SK101", "SK101"]
        assert result.root == root
        assert api.load(path, parameter_files=[parameters], variable_files=[variables]).functions
        change = api.fix(path, select=["SK101"], unsafe=True, parameter_files=[parameters], variable_files=[variables])
        assert change.done or change.refused
    alone = api.scan(root, select=["SK101"], parameter_files=parameters, variable_files=variables)
    assert len(alone.visible) == 2


def test_the_example_of_the_documentation_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    failed, tried = doctest.testmod(api)
    assert tried > 3
    assert failed == 0


@pytest.mark.parametrize("name", api.__all__)
def test_everything_public_is_documented_and_typed(name: str) -> None:
    thing = getattr(api, name)
    assert inspect.getdoc(thing)
    if inspect.isfunction(thing):
        hints = typing.get_type_hints(thing, localns={"Configuration": Configuration, "Proof": Proof, "Source": Source})
        assert set(hints) == {*inspect.signature(thing).parameters, "return"}


def test_the_distribution_says_that_it_is_typed() -> None:
    assert (ROOT / "src" / "stockade" / "py.typed").is_file()


def test_parameters_win_over_files_and_files_over_samconfig(project: Path) -> None:
    (project / "samconfig.toml").write_text('[prod.deploy.parameters]\nparameter_overrides = "Auth=NONE"\n')
    (project / "given.json").write_text(json.dumps([{"ParameterKey": "Auth", "ParameterValue": "AWS_IAM"}]))
    files = [project / "given.json"]
    assert found(project) == []
    assert found(project, config_env="prod") == ["SK101"]
    assert found(project, config_env="prod", parameter_files=files) == []
    assert found(project, config_env="prod", parameter_files=files, parameters={"Auth": "NONE"}) == ["SK101"]
    assert len(api.load(project, parameters={"Auth": "NONE"}).functions) == 1


def test_a_fix_writes_nothing(project: Path) -> None:
    change = api.fix(project, select=["SK701"], unsafe=True, parameters={"Auth": "NONE"})
    assert (project / "template.yaml").read_text() == TEMPLATE
    assert [done.finding.rule.code for done in change.done] == ["SK701"]
    assert "Tracing: Active" in change.after["template.yaml"]


def test_the_date_is_the_callers(project: Path) -> None:
    codes = [
        {f.rule.code for f in api.scan(project, select=["SK501"], today=datetime.date(year, 1, 1)).visible}
        for year in (2026, 2040)
    ]
    assert codes == [set(), {"SK501"}]


def test_errors_are_one_family_with_hints(tmp_path: Path) -> None:
    with pytest.raises(NothingToScan) as nothing:
        api.scan(tmp_path)
    with pytest.raises(UsageError) as wrong:
        api.scan(tmp_path, select=["public-function-uri"])
    for error in (nothing.value, wrong.value):
        assert isinstance(error, StockadeError)
        assert error.hint


@pytest.mark.parametrize("was", [True, False])
def test_a_scan_leaves_garbage_collection_as_it_was(tmp_path: Path, was: bool) -> None:  # noqa: FBT001 - parametrized
    enabled = gc.isenabled()
    try:
        gc.enable() if was else gc.disable()
        with pytest.raises(NothingToScan):
            api.scan(tmp_path)
        assert gc.isenabled() == was
        assert gc.get_freeze_count() == 0
    finally:
        gc.enable() if enabled else gc.disable()


def test_a_scan_leaves_frozen_what_somebody_has_frozen(tmp_path: Path) -> None:
    gc.freeze()
    try:
        frozen = gc.get_freeze_count()
        with pytest.raises(NothingToScan):
            api.scan(tmp_path)
        assert frozen * 0.9 < gc.get_freeze_count() <= frozen
    finally:
        gc.unfreeze()
