"""Log groups, formats, levels, and alarms."""

from __future__ import annotations

from pathlib import Path

import pytest

from stockade import api
from tests.rules.support import TODAY, judge

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}, Days: {Type: Number}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
"""


ROLE_ELSEWHERE = "arn:aws:iam::111122223333:role/orders"
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


ROLE = """  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: {Effect: Allow, Action: sts:AssumeRole, Principal: {Service: lambda.amazonaws.com}}
"""
LAMBDA_BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def inline(*actions: str) -> str:
    listed = ", ".join(f"'{action}'" for action in actions)
    statement = f"{{Effect: Allow, Action: [{listed}], Resource: '*'}}"
    return f"      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: {statement}}}}}]\n"


@pytest.mark.parametrize(
    ("role", "policies", "verdict"),
    [
        ("!GetAtt Role.Arn", "", "not_applicable"),
        ("!GetAtt Role.Arn", inline("dynamodb:GetItem", "logs:DescribeLogGroups"), "not_applicable"),
        ("!GetAtt Role.Arn", inline("logs:PutLogEvents"), "not_applicable"),
        ("!GetAtt Role.Arn", inline("logs:Create*"), "not_applicable"),
        ("!GetAtt Role.Arn", inline("logs:CreateLogStream", "logs:PutLogEvents"), "fail"),
        ("!GetAtt Role.Arn", f"      ManagedPolicyArns: [{LAMBDA_BASIC}]\n", "fail"),
        ("!GetAtt Role.Arn", "      ManagedPolicyArns: [!ImportValue policy]\n", "fail"),
        (f"!If [Prod, !GetAtt Role.Arn, {ROLE_ELSEWHERE}]", "", "fail"),
        (ROLE_ELSEWHERE, "", "fail"),
    ],
)
def test_a_function_that_may_write_no_logs_has_none_to_keep(role: str, policies: str, verdict: str) -> None:
    found = judge("SK705", HEAD + function(f", Role: {role}") + ROLE + policies)
    assert found.by_function == {"Orders": verdict}
    if verdict == "not_applicable":
        assert found.rows[0].reason == "its role lets it write no logs, so that there are none to keep"


@pytest.mark.parametrize(
    ("actions", "said"),
    [
        (["logs:*"], "are kept for ever: nothing declares its log group"),
        (
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            "are lost unless its log group is made elsewhere: nothing declares it, and its role may not make it",
        ),
    ],
)
def test_what_becomes_of_logs_without_a_group(actions: list[str], said: str) -> None:
    (finding,) = judge("SK705", HEAD + function(", Role: !GetAtt Role.Arn") + ROLE + inline(*actions)).fails
    assert finding.message == f"the logs of `Orders` {said}"


def test_a_role_that_may_make_the_group_in_production_only() -> None:
    writes = "{Effect: Allow, Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*'}"
    makes = "!If [Prod, {Effect: Allow, Action: 'logs:CreateLogGroup', Resource: '*'}, !Ref AWS::NoValue]"
    policies = f"      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: [{writes}, {makes}]}}}}]\n"
    found = judge("SK705", HEAD + function(", Role: !GetAtt Role.Arn") + ROLE + policies)
    kept, lost = (finding.message for finding in found.fails)
    assert kept == "the logs of `Orders` are kept for ever: nothing declares its log group when Stage is prod"
    assert lost.startswith("the logs of `Orders` are lost unless")
    assert lost.endswith("when Stage is not prod")


def test_a_role_that_may_write_logs_in_production_only() -> None:
    statement = "{Effect: Allow, Action: logs:*, Resource: '*'}"
    policies = f"      Policies: [!If [Prod, {{PolicyName: p, PolicyDocument: {{Statement: {statement}}}}}, !Ref AWS::NoValue]]\n"
    (finding,) = judge("SK705", HEAD + function(", Role: !GetAtt Role.Arn") + ROLE + policies).fails
    assert finding.message.endswith("when Stage is prod")


def test_a_declared_group_is_one_whatever_the_role_may_do() -> None:
    logs = f"  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{OWN}}}}}\n"
    verdict = judge("SK705", HEAD + function(", Role: !GetAtt Role.Arn") + ROLE + logs)
    assert verdict.by_function == {"Orders": "pass"}


def test_a_role_of_terraform_without_any_policy() -> None:
    text = """
resource "aws_iam_role" "orders" {
  name               = "orders"
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" } }]
  })
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
}
"""
    assert judge("SK705", text).by_function == {"aws_lambda_function.orders": "not_applicable"}
    attached = """
resource "aws_iam_role_policy_attachment" "logs" {
  role       = aws_iam_role.orders.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}
"""
    assert judge("SK705", text + attached).by_function == {"aws_lambda_function.orders": "fail"}


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


@pytest.mark.parametrize(
    ("variable", "runtime", "message", "level"),
    [
        ("POWERTOOLS_LOG_LEVEL: Debug", "dotnet8", "the Powertools logger writes its debug lines", "Information"),
        ("POWERTOOLS_LOG_LEVEL: DEBUG", "python3.13", "the Powertools logger writes its debug lines", "INFO"),
        ("POWERTOOLS_LOG_LEVEL: TRACE", "java21", "libraries write requests and data", "INFO"),
        ("LOG_LEVEL: DEBUG", "python3.13", "libraries write requests and data", "INFO"),
        ("LOG_LEVEL: Debug", "dotnet8", "libraries write requests and data", "INFO"),
    ],
)
def test_a_level_is_told_as_what_it_governs(variable: str, runtime: str, message: str, level: str) -> None:
    text = HEAD + function(f", Environment: {{Variables: {{{variable}}}}}").replace("python3.13", runtime)
    (finding,) = judge("SK708", text).fails
    assert message in finding.message
    assert finding.help == f"log at `{level}` outside of development"


def test_a_level_and_the_logging_of_events_are_mended_apart() -> None:
    both = "POWERTOOLS_LOG_LEVEL: DEBUG, POWERTOOLS_LOGGER_LOG_EVENT: true"
    text = HEAD + function(f", Environment: {{Variables: {{{both}}}}}")
    assert sorted(judge("SK708", text).severities) == ["low", "medium"]


@pytest.mark.parametrize(
    ("runtime", "words"),
    [
        ("python3.13", " (where the code sets `log_event`, that wins)"),
        ("nodejs22.x", " (where the code sets `logEvent`, that wins)"),
        ("java21", ""),
    ],
)
def test_code_may_log_events_as_well(runtime: str, words: str) -> None:
    text = HEAD + function(", Environment: {Variables: {POWERTOOLS_LOGGER_LOG_EVENT: true}}")
    (finding,) = judge("SK708", text.replace("python3.13", runtime)).fails
    assert finding.help == f"leave `POWERTOOLS_LOGGER_LOG_EVENT` out{words}, and log the fields that are needed"


def test_the_retention_of_a_service_stands_at_its_provider() -> None:
    text = "service: a\nprovider: {name: aws, runtime: python3.13}\nfunctions: {orders: {handler: a.b}}\n"
    (finding,) = judge("SK706", text).fails
    assert finding.help == "set `logRetentionInDays` under `provider` to what you need them for"


def test_a_level_for_development_is_told_with_its_stage() -> None:
    text = HEAD + function(", Environment: {Variables: {LOG_LEVEL: !If [Prod, INFO, DEBUG]}}")
    (finding,) = judge("SK708", text).fails
    assert "when Stage is not" in finding.message
    assert not judge("SK708", text, Stage="prod").fails


def test_a_logger_of_its_own_writes_json() -> None:
    text = HEAD + function(", Environment: {Variables: {POWERTOOLS_SERVICE_NAME: orders}}")
    assert judge("SK707", text).by_function == {"Orders": "not_applicable"}


@pytest.mark.parametrize("runtime", ["provided", "provided.al2023"])
def test_a_runtime_that_is_the_operating_system_writes_its_own_format(runtime: str) -> None:
    text = (HEAD + function()).replace("python3.13", runtime)
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


LOGS_EVENTS = ", Environment: {Variables: {POWERTOOLS_LOGGER_LOG_EVENT: true}}"


@pytest.mark.parametrize(
    ("event", "severity"),
    [
        ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", "low"),
        ("{Type: S3, Properties: {Bucket: !Ref Files, Events: 's3:ObjectCreated:*'}}", "low"),
        ("{Type: SNS, Properties: {Topic: !Ref Told}}", "medium"),
        ("{Type: HttpApi, Properties: {Path: /, Method: POST}}", "medium"),
    ],
)
def test_what_a_logged_event_holds(event: str, severity: str) -> None:
    more = "  Files: {Type: AWS::S3::Bucket}\n  Told: {Type: AWS::SNS::Topic}\n"
    (finding,) = judge("SK708", HEAD + function(f"{LOGS_EVENTS}, Events: {{E: {event}}}") + more).fails
    assert finding.severity == severity
    assert ("callers send" in finding.message) is (severity == "medium")


def test_a_level_that_functions_share_is_told_of_all() -> None:
    shared = HEAD.replace(
        "Resources:", "Globals: {Function: {Environment: {Variables: {LOG_LEVEL: DEBUG}}}}\nResources:"
    )
    (finding,) = judge("SK708", shared + function() + function(name="Labels")).fails
    assert finding.message.startswith("`Orders` and `Labels` log at level DEBUG")


@pytest.mark.parametrize(
    ("runtime", "formatted"),
    [
        ("ruby3.4", False),
        ("dotnet6", False),
        ("dotnet8", True),
        ("java8", False),
        ("java8.al2", True),
        ("java21", True),
        ("nodejs14.x", False),
        ("nodejs22.x", True),
        ("python3.7", False),
        ("python3.13", True),
        ("go1.x", False),
        ("!Ref Runtime", True),
    ],
)
def test_what_the_log_format_does_for_a_runtime(runtime: str, formatted: bool) -> None:  # noqa: FBT001 - a case
    text = HEAD.replace("Days:", "Runtime: {Type: String}, Days:") + function().replace("python3.13", runtime)
    [finding] = judge("SK707", text).fails
    assert ("own lines only" not in finding.help) is formatted
    assert "`LogFormat: JSON` in `LoggingConfig`" in finding.help
    assert [fix.safety for fix in finding.fixes] == ["unsafe" if formatted else "advice"]


@pytest.mark.parametrize(
    ("runtime", "logger"),
    [
        ("python3.13", "`logging` rather than `print`"),
        ("nodejs22.x", "`console`"),
        ("java21", "`LambdaLogger` or Log4j2"),
        ("dotnet8", "the `ILambdaLogger` of the context"),
        ("!If [Prod, python3.13, nodejs22.x]", "`console` in Node.js and `logging` rather than `print` in Python"),
        ("!Ref Runtime", "the logger of the runtime"),
    ],
)
def test_lambda_formats_what_goes_through_the_logger_of_the_runtime(runtime: str, logger: str) -> None:
    text = HEAD.replace("Days:", "Runtime: {Type: String}, Days:") + function().replace("python3.13", runtime)
    [finding] = judge("SK707", text).fails
    assert finding.help == f"set `LogFormat: JSON` in `LoggingConfig`, and log by {logger}"


def test_what_is_told_of_a_file_once_names_the_loggers_of_all_its_functions() -> None:
    more = function(name="Labels").replace("python3.13", "nodejs22.x")
    own = function(", Environment: {Variables: {POWERTOOLS_SERVICE_NAME: a}}", name="Own").replace(
        "python3.13", "java21"
    )
    findings = judge("SK707", HEAD + function() + more + own).fails
    assert {f.help.partition(", and log by ")[2] for f in findings} == {
        "`console` in Node.js and `logging` rather than `print` in Python"
    }


@pytest.mark.parametrize(
    ("code", "prints"),
    [
        ("def handler(event, context):\\n  print(event)", True),
        ("import logging\\ndef handler(event, context):\\n  print(event)\\n  logging.error(event)", False),
        ("def handler(event, context):\\n  blueprint(event)", False),
        ("def handler(event, context):\\n  #print(event)\\n  return 1", False),
    ],
)
def test_what_inline_code_prints_is_no_json_for_the_setting(code: str, prints: bool) -> None:  # noqa: FBT001 - a case
    text = HEAD + function().replace("CodeUri: src/", f'InlineCode: "{code}"')
    [fix] = judge("SK707", text).fails[0].fixes
    assert fix.title == ("log as JSON, as far as the code does not print" if prints else "log as JSON")
    assert fix.why.startswith("what the code prints stays plain text") is prints
    [row] = judge("SK707", text.replace("Handler:", "LoggingConfig: {LogFormat: JSON}, Handler:")).rows
    assert (row.verdict, row.reason) == (
        "pass",
        "the lines of Lambda itself are JSON; what its code prints is not" if prints else "its logs are JSON",
    )


def test_functions_whose_code_has_to_write_json_are_told_apart() -> None:
    text = HEAD + function() + function(name="Bot").replace("python3.13", "ruby3.4")
    orders, bot = judge("SK707", text).fails
    assert orders.message == "`Orders` logs plain text, which has no fields to query, and no levels to filter by"
    assert bot.message == "`Bot` logs plain text, unless its code writes JSON: Lambda formats no logs of its runtime"
    assert orders.together != bot.together
    json = HEAD + function(", LoggingConfig: {LogFormat: JSON}").replace("python3.13", "ruby3.4")
    [row] = judge("SK707", json).rows
    assert (row.verdict, row.reason) == (
        "pass",
        "the lines of Lambda itself are JSON; what its code writes is not looked at",
    )


def test_a_runtime_that_depends_on_a_condition_is_told_by_its_cases() -> None:
    text = HEAD + function().replace("python3.13", "!If [Prod, ruby3.4, python3.13]")
    assert ["own lines only" in finding.help for finding in judge("SK707", text).fails] == [False, True]


def test_the_log_format_of_a_service_has_a_way_in_each_version_of_the_framework() -> None:
    service = "service: s\nprovider: {name: aws, runtime: nodejs22.x}\nfunctions:\n  orders: {handler: app.handler}\n"
    [finding] = judge("SK707", 'frameworkVersion: "3"\n' + service).fails
    assert "`resources.extensions`" in finding.help


def limited(resource: str, more: str = "", logs: str = "") -> str:
    """A function whose role may write to some log groups only."""
    statement = f"{{Effect: Allow, Action: 'logs:*', Resource: {resource}}}"
    return f"""Resources:
  Orders:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: a.b, Role: !GetAtt Role.Arn, Code: {{S3Bucket: b, S3Key: a.zip}}{more}}}
{ROLE}      Policies: [{{PolicyName: p, PolicyDocument: {{Statement: {statement}}}}}]
{logs}"""


OWN_PREFIX = "!Sub 'arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*'"


@pytest.mark.parametrize(
    ("resource", "name"),
    [
        (OWN_PREFIX, "LogGroupName: !Sub /aws/lambda/${AWS::StackName}-OrdersLogs"),
        ("'arn:aws:logs:*:*:log-group:/shop/*:*'", "LogGroupName: !Sub /shop/${AWS::StackName}-OrdersLogs"),
        ("'arn:aws:logs:*:*:*'", ""),
        ("'*'", ""),
        ("!Ref Given", ""),
    ],
)
def test_a_new_log_group_is_named_within_what_the_role_allows(tmp_path: Path, resource: str, name: str) -> None:
    (tmp_path / "template.yaml").write_text(limited(resource), encoding="utf-8")
    [finding] = judge("SK705", limited(resource)).fails
    assert ("which the role is limited to" in finding.help) is bool(name)
    change = api.fix(tmp_path, select=["SK705", "SK718"], unsafe=True, today=TODAY)
    assert not change.refused
    after = change.after["template.yaml"]
    assert "LogGroup: !Ref OrdersLogs" in after
    assert (name in after) if name else "LogGroupName" not in after


def test_a_role_that_is_limited_to_one_log_group_leaves_no_room_for_another() -> None:
    [finding] = judge("SK705", limited("'arn:aws:logs:*:*:log-group:/aws/lambda/orders:*'")).fails
    assert [fix.safety for fix in finding.fixes] == ["advice"]


@pytest.mark.parametrize(
    ("resource", "group", "logs", "said"),
    [
        (OWN_PREFIX, "!Ref Logs", "RetentionInDays: 7", "fail"),
        (OWN_PREFIX, "!Ref Logs", "LogGroupName: /shop/orders", "fail"),
        (OWN_PREFIX, "!Ref Logs", "LogGroupName: /aws/lambda/orders", "pass"),
        (OWN_PREFIX, "!Ref Logs", "LogGroupName: !Sub '/shop/${Stage}'", "fail"),
        (OWN_PREFIX, "!Ref Logs", "LogGroupName: !Sub '/${Stage}/orders'", "unknown"),
        (OWN_PREFIX, "/shop/orders", "RetentionInDays: 7", "fail"),
        ("'*'", "!Ref Logs", "RetentionInDays: 7", "pass"),
        ("!GetAtt Logs.Arn", "!Ref Logs", "RetentionInDays: 7", "pass"),
        ("!Sub 'arn:aws:logs:*:*:log-group:${Logs}:*'", "!Ref Logs", "RetentionInDays: 7", "pass"),
        ("!Sub 'arn:aws:logs:*:*:log-group:${Logs}'", "!Ref Logs", "RetentionInDays: 7", "fail"),
        ("!Ref Given", "!Ref Logs", "RetentionInDays: 7", "unknown"),
    ],
)
def test_a_role_that_allows_other_log_groups_than_the_function_has(
    resource: str, group: str, logs: str, said: str
) -> None:
    declared = f"  Logs: {{Type: AWS::Logs::LogGroup, Properties: {{{logs}}}}}\n"
    verdict = judge(
        "SK718",
        "Parameters: {Stage: {Type: String}, Given: {Type: String}}\n"
        + limited(resource, f", LoggingConfig: {{LogGroup: {group}}}", declared),
    )
    assert verdict.by_function == {"Orders": said}
    assert len(verdict.findings) == (said != "pass")


@pytest.mark.parametrize(
    ("resource", "name", "said"),
    [
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/orders:*'", "FunctionName: orders", "pass"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/orders*'", "FunctionName: orders", "pass"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/orders:log-stream:*'", "FunctionName: orders", "pass"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/orders'", "FunctionName: orders", "fail"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/labels:*'", "FunctionName: orders", "fail"),
        ("'arn:aws:logs:*:*:*'", "FunctionName: orders", "pass"),
        ("'arn:aws:logs:*'", "FunctionName: orders", "pass"),
        ("'arn:aws:mq:eu-west-1:111122223333:broker:b:1'", "FunctionName: orders", "fail"),
        ("!GetAtt Bucket.Arn", "FunctionName: orders", "fail"),
        (
            "!Sub 'arn:aws:logs:*:*:log-group:/aws/lambda/${Stage}-orders:*'",
            "FunctionName: !Sub '${Stage}-orders'",
            "pass",
        ),
        (
            "!Sub 'arn:aws:logs:*:*:log-group:/aws/lambda/${Stage}-labels:*'",
            "FunctionName: !Sub '${Stage}-orders'",
            "fail",
        ),
        ("!Sub 'arn:aws:logs:*:*:log-group:/aws/lambda/${Stage}:*'", "FunctionName: orders", "unknown"),
        # Of a name that CloudFormation makes, what it begins with is known.
        ("!Sub 'arn:aws:logs:*:*:log-group:/aws/lambda/${AWS::StackName}-*'", "Timeout: 3", "pass"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/*'", "Timeout: 3", "pass"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/labels:*'", "Timeout: 3", "fail"),
        ("'arn:aws:logs:*:*:log-group:/aws/lambda/shop-Orders-*'", "Timeout: 3", "unknown"),
    ],
)
def test_what_a_role_allows_may_not_be_the_log_group_of_its_function(resource: str, name: str, said: str) -> None:
    text = limited(resource, f", {name}", "  Bucket: {Type: AWS::S3::Bucket}\n")
    assert judge("SK718", "Parameters: {Stage: {Type: String}}\n" + text).by_function == {"Orders": said}


def test_why_logs_are_lost_is_said() -> None:
    [other] = judge(
        "SK718", limited("'arn:aws:logs:*:*:log-group:/aws/lambda/labels:*'", ", FunctionName: orders")
    ).fails
    assert other.message == (
        "`Orders` writes no logs: its role allows it for `/aws/lambda/labels` only, and its log group is `/aws/lambda/orders`"
    )
    [whole] = judge("SK718", limited("'arn:aws:logs:*:*:log-group:/aws/lambda/orders'", ", FunctionName: orders")).fails
    assert whole.message.endswith("`/aws/lambda/orders`, which is the log group and none of its streams")
    assert whole.help.startswith("name the group with `:*` behind it")


@pytest.mark.parametrize(
    ("resource", "said"), [(OWN_PREFIX, True), ("'*'", False), ("'arn:aws:logs:*:*:log-group:/aws/*'", False)]
)
def test_insights_need_a_log_group_that_the_role_may_write_to(resource: str, said: bool) -> None:  # noqa: FBT001 - a case
    [finding] = judge("SK742", limited(resource)).fails
    assert ("`CloudWatchLambdaInsightsExecutionRolePolicy`" in finding.help) is said
    assert finding.help.startswith("add the layer of Lambda Insights, or that of another extension that measures these")


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("", True), ("dynamodb", True), ("logs", False)],
)
def test_insights_need_a_way_to_the_logs(endpoint: str, said: bool) -> None:  # noqa: FBT001 - a case
    network = """  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Inside: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.0.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Of: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref Inside, RouteTableId: !Ref Table}}
"""
    service = f'!Sub "com.amazonaws.${{AWS::Region}}.{endpoint}"'
    to = f"  To: {{Type: AWS::EC2::VPCEndpoint, Properties: {{VpcId: !Ref Vpc, ServiceName: {service}}}}}\n"
    attached = ", VpcConfig: {SubnetIds: [!Ref Inside], SecurityGroupIds: [sg-1]}"
    [finding] = judge("SK742", limited("'*'", attached, network + (to if endpoint else ""))).fails
    assert ("which needs an endpoint for `logs` then" in finding.help) is said
