"""Log groups, formats, levels, and alarms."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}, Days: {Type: Number}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
"""


OWN = 'LogGroupName: !Sub "/aws/lambda/${Orders}"'


def function(more: str = "", name: str = "Orders") -> str:
    return f"""  {name}:
    Type: AWS::Serverless::Function
    Properties: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/{more}}}
"""


@pytest.mark.parametrize(
    ("more", "group", "verdict"),
    [
        ("", "", "fail"),
        ("", 'LogGroupName: !Sub "/aws/lambda/${Orders}"', "pass"),
        ("", "LogGroupName: !Join ['', [/aws/lambda/, !Ref Orders]]", "pass"),
        (', FunctionName: !Sub "${Stage}-orders"', 'LogGroupName: !Sub "/aws/lambda/${Stage}-orders"', "pass"),
        (", FunctionName: orders", "LogGroupName: /aws/lambda/orders", "pass"),
        (", FunctionName: orders", "LogGroupName: /aws/lambda/other", "fail"),
        (", LoggingConfig: {LogGroup: !Ref Logs}", "RetentionInDays: 7", "pass"),
        (", LoggingConfig: {LogGroup: /team/logs}", "", "pass"),
    ],
)
def test_whose_log_group_it_is(more: str, group: str, verdict: str) -> None:
    logs = f"  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{group}}}}}\n" if group else ""
    assert judge("SK705", HEAD + function(more) + logs).by_function == {"Orders": verdict}


def test_a_group_that_is_there_in_production_only() -> None:
    logs = f"  Logs: {{Type: AWS::Logs::LogGroup, Condition: Prod, Properties: {{{OWN}}}}}\n"
    (finding,) = judge("SK705", HEAD + function() + logs).fails
    assert "when Stage is not" in finding.message


def test_a_retention_that_is_given_later_is_one() -> None:
    logs = f"  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{OWN}, RetentionInDays: !Ref Days}}}}\n"
    assert judge("SK706", HEAD + function() + logs).by_function == {"Orders": "pass"}


@pytest.mark.parametrize(
    ("variables", "severities"),
    [
        ("LOG_LEVEL: debug", ["low"]),
        ("LOG_LEVEL: INFO", []),
        ("POWERTOOLS_LOG_LEVEL: TRACE", ["low"]),
        ("POWERTOOLS_LOGGER_LOG_EVENT: true", ["medium"]),
        ("POWERTOOLS_LOGGER_LOG_EVENT: 'true'", ["medium"]),
        ("POWERTOOLS_LOGGER_LOG_EVENT: 'false'", []),
        ("LOG_LEVEL: !If [Prod, INFO, DEBUG]", ["low"]),
        ("DEBUG_LEVEL: debug", []),
    ],
)
def test_levels_in_the_environment(variables: str, severities: list[str]) -> None:
    text = HEAD + function(f", Environment: {{Variables: {{{variables}}}}}")
    assert judge("SK708", text).severities == severities


def test_a_level_for_development_is_told_with_its_stage() -> None:
    text = HEAD + function(", Environment: {Variables: {LOG_LEVEL: !If [Prod, INFO, DEBUG]}}")
    (finding,) = judge("SK708", text).fails
    assert "when Stage is not" in finding.message
    assert not judge("SK708", text, Stage="prod").fails


def test_a_logger_of_its_own_writes_json() -> None:
    text = HEAD + function(", Environment: {Variables: {POWERTOOLS_SERVICE_NAME: orders}}")
    assert judge("SK707", text).by_function == {"Orders": "not_applicable"}


METRIC = "{Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}]}"
ALARM = """  Failing:
    Type: AWS::CloudWatch::Alarm
    Properties: {{EvaluationPeriods: 1, ComparisonOperator: GreaterThanThreshold, {what}}}
"""


@pytest.mark.parametrize(
    ("what", "verdict"),
    [
        ("Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: !Ref Orders}]", "pass"),
        (
            "Namespace: AWS/Lambda, MetricName: Throttles, Dimensions: [{Name: FunctionName, Value: !Ref Orders}]",
            "fail",
        ),
        ("Namespace: AWS/Lambda, MetricName: Errors, Dimensions: [{Name: FunctionName, Value: other}]", "fail"),
        ("Namespace: AWS/Lambda, MetricName: Errors", "pass"),
        (
            f"Metrics: [{{Id: r, Expression: e}}, {{Id: e, MetricStat: {{Stat: Sum, Metric: {METRIC}}}}}]",
            "pass",
        ),
    ],
)
def test_what_an_alarm_watches(what: str, verdict: str) -> None:
    assert judge("SK710", HEAD + function() + ALARM.format(what=what)).by_function == {"Orders": verdict}


def test_a_level_that_is_fine_is_a_pass() -> None:
    text = HEAD + function(", Environment: {Variables: {LOG_LEVEL: INFO}}")
    assert judge("SK708", text).by_function == {"Orders": "pass"}
    assert judge("SK708", HEAD + function()).by_function == {"Orders": "not_applicable"}


def test_who_reads_a_log_group_does_not_write_to_it() -> None:
    event = "{Type: CloudWatchLogs, Properties: {LogGroupName: !Ref Logs, FilterPattern: ''}}"
    text = HEAD + function(f", Events: {{L: {event}}}") + "  Logs: {Type: AWS::Logs::LogGroup}\n"
    for code in ("SK706", "SK709"):
        assert judge(code, text).by_function == {"Orders": "not_applicable"}
