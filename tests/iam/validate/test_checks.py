"""Each of Access Analyzer's checks finds what it is for and nothing else; what is made good gives nothing."""

from __future__ import annotations

import json
import re

import pytest

from stockade.iam.validate import CLASSES, checks, grade_of
from stockade.model.value import File
from tests.iam.validate.cases import CASES, Case
from tests.iam.validate.support import faults_of, ids_of

HELD = {check.id for check in checks().values() if not check.why_not}


def _name(case: Case) -> str:
    return f"{case.id}-{sum(1 for other in CASES[: CASES.index(case)] if other.id == case.id) + 1}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_fault_gives_its_check_and_nothing_else(case: Case) -> None:
    found = faults_of(case.bad, case.type, case.on)
    assert [(fault.id, fault.message) for fault in found if fault.id != case.id] == []
    assert {fault.id for fault in found} == {case.id}
    for fault in found:
        assert isinstance(fault.origin, File), "a fault has a place"
        assert fault.message
        assert fault.help, "a fault says what to do"
        _is_well_worded(fault.message)
        _is_well_worded(fault.help)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_what_is_made_good_gives_nothing(case: Case) -> None:
    assert [(f.id, f.message) for f in faults_of(case.good, case.type, case.on)] == []


def test_every_check_that_is_held_has_a_case() -> None:
    assert HELD - {case.id for case in CASES} == set()
    assert {case.id for case in CASES} - HELD == set()


def test_every_check_says_what_it_finds() -> None:
    found = checks()
    assert len(found) == 157
    assert len(HELD) == 152
    for check in found.values():
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+[A-Z]", check.id)
        assert check.grade in CLASSES
        assert check.finds[0].islower() or check.finds[0] in "`AI", check.finds
        assert not check.finds.endswith(".")


def test_what_is_offered_instead_mends_it() -> None:
    mended = 0
    for case in CASES:
        found = [fault for fault in faults_of(case.bad, case.type, case.on) if fault.instead]
        if len(found) != 1 or isinstance(case.bad, str):
            continue
        origin = found[0].origin
        assert isinstance(origin, File)
        text = json.dumps(case.bad)
        changed = text[: origin.span.start] + json.dumps(found[0].instead) + text[origin.span.end :]
        assert case.id not in ids_of(changed, case.type, case.on), (case.id, changed)
        mended += 1
    assert mended > 15


def test_a_class_is_that_of_the_reference() -> None:
    assert grade_of("TYPE_MISMATCH_IP_RANGE") == "ERROR"
    assert grade_of("TYPE_MISMATCH") == "WARNING"
    assert grade_of("PASS_ROLE_WITH_STAR_IN_RESOURCE") == "SECURITY_WARNING"
    assert grade_of("REDUNDANT_ACTION") == "SUGGESTION"


def _is_well_worded(text: str) -> None:
    assert (
        text[0].islower()
        or not text[0].isalpha()
        or text.split(maxsplit=1)[0].isupper()
        or "CloudFormation" in text
        or "AWS" in text
    ), text
    assert not text.endswith("."), text
    assert "  " not in text


def test_what_eventbridge_publishes_says_nothing_of_its_source() -> None:
    id_, service = "RESTRICT_ACCESS_TO_SERVICE_PRINCIPAL", {"Service": "events.amazonaws.com"}
    statement = {"Sid": "A", "Effect": "Allow", "Principal": service, "Resource": "*", "Action": "sns:Publish"}
    text = {"Version": "2012-10-17", "Statement": statement}
    assert id_ not in {fault.id for fault in faults_of(text, "resource", "AWS::SNS::Topic")}
    other = text | {"Statement": statement | {"Principal": {"Service": "s3.amazonaws.com"}}}
    assert id_ in {fault.id for fault in faults_of(other, "resource", "AWS::SNS::Topic")}
    key = text | {"Statement": statement | {"Action": ["kms:Decrypt", "kms:GenerateDataKey"]}}
    (fault,) = (fault for fault in faults_of(key, "resource", "AWS::KMS::Key") if fault.id == id_)
    assert "but where EventBridge publishes to a topic under this key" in fault.help
