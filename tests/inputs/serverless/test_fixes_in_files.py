"""Fixes of services that are written in several files land in the file that decides, or that has such things already."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from tests.inputs.serverless.support import HEAD, app_of
from tests.support import TODAY

SERVICE = HEAD + "functions: ${file(functions.yml)}\nresources:\n  - ${file(queue.yml)}\n  - ${file(more.yml)}\n"
FUNCTIONS = """\
f:
  handler: app.handler
  runtime: nodejs18.x
  timeout: 60
  reservedConcurrency: 5
  events:
    - sqs:
        arn: !GetAtt Queue.Arn
        batchSize: 10
"""
QUEUE = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties: {VisibilityTimeout: 45}\n"
MORE = "extensions:\n  FLogGroup:\n    Properties: {LogGroupClass: STANDARD}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A service of four files."""
    app_of(tmp_path, SERVICE, {"functions.yml": FUNCTIONS, "queue.yml": QUEUE, "more.yml": MORE})
    return tmp_path


def fixed(folder: Path, rule: str) -> dict[str, str]:
    """The files that the fixes of a rule change."""
    return dict(api.fix(folder, select=[rule], unsafe=True, today=TODAY, persona="pedantic").after)


def test_a_property_of_a_function_in_a_file(folder: Path) -> None:
    assert fixed(folder, "SK501") == {"functions.yml": FUNCTIONS.replace("nodejs18.x", "nodejs24.x")}


def test_a_property_of_a_resource_in_a_file(folder: Path) -> None:
    assert fixed(folder, "SK119") == {"queue.yml": QUEUE.replace("45", "360")}


def test_a_property_that_is_not_there_yet(folder: Path) -> None:
    assert fixed(folder, "SK706") == {"functions.yml": FUNCTIONS + "  logRetentionInDays: 90\n"}


def test_a_new_resource_goes_to_a_file_that_has_resources(folder: Path) -> None:
    after = fixed(folder, "SK122")
    assert list(after) == ["queue.yml"]
    assert "\n  Failed:\n    Type: AWS::SQS::Queue\n" in after["queue.yml"]


def test_an_extension_goes_to_the_file_that_has_extensions(folder: Path) -> None:
    extension = "  FLambdaFunction:\n    Properties:\n      LoggingConfig:\n        LogFormat: JSON\n"
    assert fixed(folder, "SK707") == {"more.yml": MORE + extension}


@pytest.mark.parametrize("resources", ["${file(queue.yml)}", "[]"])
def test_resources_that_are_one_file_or_none(tmp_path: Path, resources: str) -> None:
    service = HEAD + f"functions: ${{file(functions.yml)}}\nresources: {resources}\n"
    app_of(tmp_path, service, {"functions.yml": FUNCTIONS, "queue.yml": QUEUE})
    after = fixed(tmp_path, "SK122")
    assert list(after) == (["queue.yml"] if "file" in resources else [])
