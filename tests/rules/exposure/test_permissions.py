"""The rules about a function's resource policy: SK102 to SK108, SK125, SK126, SK128, SK129."""

from __future__ import annotations

import pytest

from stockade.model.intent import Here, Set, To
from tests.rules.support import Verdict, judge

FUNCTION = """
  Orders:
    Type: AWS::Lambda::Function
    Properties: {Role: "arn:aws:iam::111122223333:role/orders", Code: {ZipFile: ""}}
"""
SOURCES = """
  Topic: {Type: AWS::SNS::Topic}
  Stream: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Bucket: {Type: AWS::S3::Bucket}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: shop}}
  Rule: {Type: AWS::Events::Rule, Properties: {ScheduleExpression: rate(1 day)}}
"""
HEAD = """
Parameters:
  Who: {Type: String}
  Open: {Type: String, AllowedValues: ["yes", "no"]}
Conditions:
  IsOpen: !Equals [!Ref Open, "yes"]
Resources:
"""
API_ARN = "!Sub arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:"


def permission(principal: str, action: str = "lambda:InvokeFunction", **more: str) -> str:
    lines = "".join(f"      {key}: {value}\n" for key, value in more.items())
    return (
        HEAD + FUNCTION + SOURCES + "  Allow:\n    Type: AWS::Lambda::Permission\n    Properties:\n"
        f'      FunctionName: !Ref Orders\n      Action: "{action}"\n      Principal: {principal}\n{lines}'
    )


def verdict(code: str, text: str, **parameters: str) -> Verdict:
    return judge(code, text, **parameters)


class TestPublicPermission:
    def test_everybody(self) -> None:
        found = verdict("SK102", permission('"*"'))
        assert found.severities == ["critical"]
        assert found.by_function == {"Orders": "fail"}

    def test_an_organisation_is_not_everybody(self) -> None:
        assert verdict("SK102", permission('"*"', PrincipalOrgID="o-abc123")).by_function == {"Orders": "pass"}

    def test_a_source_makes_it_less(self) -> None:
        assert verdict("SK102", permission('"*"', SourceAccount="!Ref AWS::AccountId")).severities == ["medium"]

    def test_no_value_is_no_organisation(self) -> None:
        assert verdict("SK102", permission('"*"', PrincipalOrgID="!Ref AWS::NoValue")).severities == ["critical"]

    def test_a_parameter_without_a_value_is_not_decided(self) -> None:
        found = verdict("SK102", permission("!Ref Who"))
        assert not found.fails
        assert "Who" in found.unsure[0].doubts[0].why

    def test_a_parameter_with_a_value_is(self) -> None:
        assert verdict("SK102", permission("!Ref Who"), Who="*").severities == ["critical"]

    def test_a_condition_says_when(self) -> None:
        found = verdict("SK102", permission('!If [IsOpen, "*", sns.amazonaws.com]'))
        assert len(found.fails) == 1
        assert " when " in found.fails[0].message
        assert not verdict("SK102", permission('!If [IsOpen, "*", sns.amazonaws.com]'), Open="no").findings

    def test_an_open_url_is_told_once_by_another_rule(self) -> None:
        text = permission('"*"', "lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
        assert not verdict("SK102", text).findings
        signed = permission('"*"', "lambda:InvokeFunctionUrl", FunctionUrlAuthType="AWS_IAM")
        assert verdict("SK102", signed).severities == ["critical"]

    def test_a_function_without_permissions_is_not_concerned(self) -> None:
        assert verdict("SK102", "Resources:" + FUNCTION).by_function == {"Orders": "not_applicable"}


class TestServiceWithoutSource:
    @pytest.mark.parametrize("principal", ["sns.amazonaws.com", "s3.amazonaws.com", "logs.eu-west-1.amazonaws.com"])
    def test_neither_arn_nor_account(self, principal: str) -> None:
        assert verdict("SK103", permission(principal)).severities == ["high"]

    def test_a_region_in_the_principal(self) -> None:
        assert verdict("SK103", permission("!Sub logs.${AWS::Region}.amazonaws.com")).findings

    @pytest.mark.parametrize(
        ("key", "value"),
        [("SourceAccount", "!Ref AWS::AccountId"), ("SourceArn", "!Ref Topic"), ("PrincipalOrgID", "o-abc123")],
    )
    def test_one_of_them_is_enough(self, key: str, value: str) -> None:
        assert verdict("SK103", permission("sns.amazonaws.com", **{key: value})).by_function == {"Orders": "pass"}

    @pytest.mark.parametrize(
        "principal", ['"*"', '"111122223333"', "alexa-appkit.amazon.com", "edgelambda.amazonaws.com"]
    )
    def test_who_is_no_service_or_has_no_source(self, principal: str) -> None:
        assert not verdict("SK103", permission(principal)).findings

    @pytest.mark.parametrize("arn", ['"*"', '"arn:aws:execute-api:*:*:*"', '"arn:aws:events:*"'])
    def test_an_arn_of_every_account_is_none(self, arn: str) -> None:
        assert verdict("SK103", permission("apigateway.amazonaws.com", SourceArn=arn)).severities == ["high"]

    def test_public_and_without_source_are_not_both_told(self) -> None:
        text = permission('"*"')
        assert verdict("SK102", text).fails
        assert not verdict("SK103", text).findings

    def test_the_fix_names_the_only_caller(self) -> None:
        subscription = (
            "  Subscribe: {Type: AWS::SNS::Subscription, Properties: {TopicArn: !Ref Topic, Protocol: lambda, "
            "Endpoint: !GetAtt Orders.Arn}}\n"
        )
        fix = verdict("SK103", permission("sns.amazonaws.com") + subscription).fails[0].fixes[0]
        assert fix.safety == "safe"
        (intent,) = fix.intents
        assert isinstance(intent, Set)
        assert isinstance(intent.value, To)
        other = verdict("SK103", permission("sns.amazonaws.com")).fails[0].fixes[0]
        assert other.safety == "unsafe"
        assert isinstance(other.intents[0], Set)
        assert isinstance(other.intents[0].value, Here)


class TestBucketWithoutAccount:
    @pytest.mark.parametrize("arn", ["arn:aws:s3:::uploads", "!GetAtt Bucket.Arn", "!Sub arn:aws:s3:::${Who}"])
    def test_an_arn_without_account(self, arn: str) -> None:
        assert verdict("SK104", permission("s3.amazonaws.com", SourceArn=arn)).severities == ["medium"]

    def test_every_bucket_there_is(self) -> None:
        assert verdict("SK104", permission("s3.amazonaws.com", SourceArn='"arn:aws:s3:::*"')).severities == ["high"]

    def test_the_account_is_named(self) -> None:
        text = permission("s3.amazonaws.com", SourceArn="!GetAtt Bucket.Arn", SourceAccount="!Ref AWS::AccountId")
        assert verdict("SK104", text).by_function == {"Orders": "pass"}

    def test_no_source_at_all_is_told_by_another_rule(self) -> None:
        assert not verdict("SK104", permission("s3.amazonaws.com")).findings

    @pytest.mark.parametrize(
        ("service", "said"),
        [("s3", "fail"), ("logs", "not_applicable"), ("${Who}", "unknown"), ("made-up", "not_applicable")],
    )
    def test_a_service_is_the_same_in_every_region(self, service: str, said: str) -> None:
        text = permission(f"!Sub {service}.${{AWS::Region}}.amazonaws.com", SourceArn='"arn:aws:s3:::theirs"')
        assert verdict("SK104", text).by_function == {"Orders": said}

    def test_other_services_have_the_account_in_the_arn(self) -> None:
        assert verdict("SK104", permission("sns.amazonaws.com", SourceArn="!Ref Topic")).by_function == {
            "Orders": "not_applicable"
        }

    def test_the_fix_is_safe_for_an_own_bucket_only(self) -> None:
        own = verdict("SK104", permission("s3.amazonaws.com", SourceArn="!GetAtt Bucket.Arn"))
        assert own.fails[0].fixes[0].safety == "safe"
        other = verdict("SK104", permission("s3.amazonaws.com", SourceArn="arn:aws:s3:::theirs"))
        assert other.fails[0].fixes[0].safety == "unsafe"


class TestForeignAccount:
    @pytest.mark.parametrize("principal", ['"444455556666"', "arn:aws:iam::444455556666:role/them"])
    def test_an_account_written_out(self, principal: str) -> None:
        assert verdict("SK105", permission(principal)).severities == ["medium"]

    @pytest.mark.parametrize("principal", ["!Ref AWS::AccountId", "!Sub arn:aws:iam::${AWS::AccountId}:root"])
    def test_the_own_account(self, principal: str) -> None:
        assert verdict("SK105", permission(principal)).by_function == {"Orders": "pass"}

    @pytest.mark.parametrize("principal", ['"*"', "sns.amazonaws.com"])
    def test_no_account(self, principal: str) -> None:
        assert verdict("SK105", permission(principal)).by_function == {"Orders": "not_applicable"}

    def test_a_parameter_is_not_decided(self) -> None:
        assert verdict("SK105", permission("!Ref Who")).unsure


class TestApiSource:
    @pytest.mark.parametrize("tail", ["*", "*/*", "*/prod/POST/orders"])
    def test_every_api(self, tail: str) -> None:
        assert verdict("SK106", permission("apigateway.amazonaws.com", SourceArn=API_ARN + tail)).severities == [
            "medium"
        ]

    @pytest.mark.parametrize("tail", ["${Api}/*", "${Api}/*/*/*", "abc123/prod/GET/"])
    def test_one_api(self, tail: str) -> None:
        text = permission("apigateway.amazonaws.com", SourceArn=API_ARN + tail)
        assert verdict("SK106", text).by_function == {"Orders": "pass"}

    def test_every_account_is_told_by_another_rule(self) -> None:
        assert not verdict(
            "SK106", permission("apigateway.amazonaws.com", SourceArn='"arn:aws:execute-api:*:*:*"')
        ).findings

    @pytest.mark.parametrize(
        ("tail", "severities"),
        [
            ("${Api}/*", ["low"]),
            ("${Api}/*/*/*", ["low"]),
            ("${Api}/*/POST/orders", ["info"]),
            ("${Api}/prod/POST/orders", []),
            ("*", []),
        ],
    )
    def test_stages_and_methods_by_breadth(self, tail: str, severities: list[str]) -> None:
        text = permission("apigateway.amazonaws.com", SourceArn=API_ARN + tail)
        assert verdict("SK107", text).severities == severities

    @pytest.mark.parametrize(
        ("tail", "what"),
        [
            ("*/*/*", "every method and path on every stage"),
            ("*/*/orders", "every method of all paths that end so, on every stage,"),
            ("*/*/orders/*", "every method of all paths that end so, on every stage,"),
            ("*/POST/orders", "every stage"),
            ("*/POST/*", "every stage"),
        ],
    )
    def test_a_method_that_is_open_too_is_told(self, tail: str, what: str) -> None:
        (finding,) = verdict(
            "SK107", permission("apigateway.amazonaws.com", SourceArn=f"{API_ARN}${{Api}}/{tail}")
        ).fails
        assert finding.message == f"{what} of the API may invoke `Orders`"

    @pytest.mark.parametrize(("tail", "said"), [("${Api}${Who}", "unknown"), ("${Api}/prod/${Who}", "pass")])
    def test_what_follows_the_api_may_be_every_route(self, tail: str, said: str) -> None:
        text = permission("apigateway.amazonaws.com", SourceArn=API_ARN + tail)
        assert verdict("SK107", text).by_function == {"Orders": said}


ALL_OF_SHOP = "arn:aws:execute-api:${AWS::Region}:${AWS::AccountId}:${Shop}/*/*"


def whole_api(more: str = "", allowed: str = "Allow", function: str = "Orders") -> str:
    """An HTTP API with a stage and a route to a function, and the permission for all of it."""
    return f"""
Resources:
  {function}:
    Type: AWS::Lambda::Function
    Properties: {{Role: "arn:aws:iam::111122223333:role/orders", Code: {{ZipFile: ""}}}}
  Other:
    Type: AWS::Lambda::Function
    Properties: {{Role: "arn:aws:iam::111122223333:role/orders", Code: {{ZipFile: ""}}}}
  {allowed}:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref {function}
      Action: lambda:InvokeFunction
      Principal: apigateway.amazonaws.com
      SourceArn: !Sub {ALL_OF_SHOP}
  Shop: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: shop, ProtocolType: HTTP}}}}
  Live: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{ApiId: !Ref Shop, StageName: live}}}}
  ToOrders: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Shop, IntegrationType: AWS_PROXY,
    IntegrationUri: !GetAtt {function}.Arn, PayloadFormatVersion: "2.0"}}}}
  ToOther: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Shop, IntegrationType: AWS_PROXY,
    IntegrationUri: !GetAtt Other.Arn, PayloadFormatVersion: "2.0"}}}}
  Get: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Shop, RouteKey: GET /orders,
    Target: !Sub "integrations/${{ToOrders}}"}}}}
{more}"""


TO_ANOTHER = """  Put: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Shop, RouteKey: PUT /other,
    Target: !Sub "integrations/${ToOther}"}}
"""


class TestAllOfOneApi:
    def test_an_api_that_is_all_for_the_function(self) -> None:
        assert verdict("SK107", whole_api()).by_function["Orders"] == "pass"

    def test_another_stage_or_another_functions_route(self) -> None:
        stage = "  Beta: {Type: AWS::ApiGatewayV2::Stage, Properties: {ApiId: !Ref Shop, StageName: beta}}\n"
        assert verdict("SK107", whole_api(stage)).severities == ["low"]
        assert verdict("SK107", whole_api(TO_ANOTHER)).severities == ["low"]

    def test_the_serverless_framework_writes_it_so(self) -> None:
        packaged = whole_api(TO_ANOTHER, "OrdersLambdaPermissionHttpApi", "OrdersLambdaFunction")
        assert not verdict("SK107", packaged).findings
        assert verdict("SK107", packaged).by_function["OrdersLambdaFunction"] == "not_applicable"
        by_hand = whole_api(TO_ANOTHER, "ShopLambdaPermissionHttpApi", "OrdersLambdaFunction")
        assert verdict("SK107", by_hand).severities == ["low"]

    @pytest.mark.parametrize("event", ["http: GET /orders", "httpApi: GET /orders", "websocket: $connect"])
    def test_what_the_serverless_framework_makes_vouches_for_nothing(self, event: str) -> None:
        head = "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n"
        judged = verdict("SK107", f"{head}  orders: {{handler: app.handler, events: [{{{event}}}]}}\n")
        assert judged.by_function == {"orders": "not_applicable"}


class TestAction:
    @pytest.mark.parametrize("action", ["*", "lambda:*", "lambda:UpdateFunctionCode", "lambda:Add*"])
    def test_actions_that_own_the_function(self, action: str) -> None:
        assert verdict("SK108", permission('"444455556666"', action)).severities == ["high"]

    @pytest.mark.parametrize("action", ["lambda:Invoke*", "lambda:GetPolicy"])
    def test_actions_that_read(self, action: str) -> None:
        assert verdict("SK108", permission('"444455556666"', action)).severities == ["low"]

    @pytest.mark.parametrize("action", ["lambda:InvokeFunction", "lambda:invokefunction", "lambda:InvokeFunctionUrl"])
    def test_actions_that_invoke(self, action: str) -> None:
        assert verdict("SK108", permission('"444455556666"', action)).by_function == {"Orders": "pass"}


class TestWideSource:
    @pytest.mark.parametrize(
        ("principal", "arn", "severities"),
        [
            ("events.amazonaws.com", "arn:aws:events:eu-west-1:111122223333:rule/*", ["medium"]),
            ("events.amazonaws.com", "arn:aws:events:eu-west-1:111122223333:rule/shop-*", ["low"]),
            ("events.amazonaws.com", "arn:aws:events:eu-west-1:111122223333:rule/shop", []),
            ("sns.amazonaws.com", "arn:aws:sns:eu-west-1:111122223333:*", ["medium"]),
            ("logs.amazonaws.com", "arn:aws:logs:eu-west-1:111122223333:log-group:/app:*", []),
            ("logs.amazonaws.com", "arn:aws:logs:eu-west-1:111122223333:log-group:/app/*:*", ["low"]),
            ("logs.amazonaws.com", "arn:aws:logs:eu-west-1:111122223333:log-group:*", ["medium"]),
            ("elasticloadbalancing.amazonaws.com", "arn:aws:elasticloadbalancing:a:1:targetgroup/shop/*", []),
            ("elasticloadbalancing.amazonaws.com", "arn:aws:elasticloadbalancing:a:1:targetgroup/*", ["medium"]),
            ("secretsmanager.amazonaws.com", "arn:aws:secretsmanager:a:1:secret:db-??????", []),
            ("secretsmanager.amazonaws.com", "arn:aws:secretsmanager:a:1:secret:*", ["medium"]),
            ("apigateway.amazonaws.com", "arn:aws:execute-api:a:1:*", []),
        ],
    )
    def test_one_resource_or_more(self, principal: str, arn: str, severities: list[str]) -> None:
        assert verdict("SK125", permission(principal, SourceArn=f'"{arn}"')).severities == severities

    def test_all_of_ones_own_account_is_slight(self) -> None:
        own = "!Sub 'arn:aws:logs:eu-west-1:${AWS::AccountId}:log-group:*'"
        assert verdict("SK125", permission("logs.amazonaws.com", SourceArn=own)).severities == ["low"]

    def test_references_are_one_resource(self) -> None:
        text = permission("events.amazonaws.com", SourceArn="!GetAtt Rule.Arn")
        assert verdict("SK125", text).by_function == {"Orders": "pass"}

    def test_a_whole_arn_in_a_parameter_is_not_decided(self) -> None:
        assert verdict("SK125", permission("sns.amazonaws.com", SourceArn="!Ref Who")).unsure


class TestAlexa:
    def test_without_a_skill(self) -> None:
        assert verdict("SK126", permission("alexa-appkit.amazon.com")).severities == ["medium"]

    def test_with_a_skill(self) -> None:
        text = permission("alexa-connectedhome.amazon.com", EventSourceToken="amzn1.ask.skill.1")
        assert verdict("SK126", text).by_function == {"Orders": "pass"}

    def test_a_condition_may_take_it_away(self) -> None:
        text = permission(
            "alexa-appkit.amazon.com", EventSourceToken="!If [IsOpen, !Ref AWS::NoValue, amzn1.ask.skill.1]"
        )
        assert " when " in verdict("SK126", text).fails[0].message


class TestUrlPermission:
    URL = "  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !GetAtt Orders.Arn, AuthType: %s}}\n"

    def test_a_door_that_waits(self) -> None:
        text = permission('"*"', "lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
        assert verdict("SK128", text + self.URL % "AWS_IAM").severities == ["medium"]

    def test_an_open_url_needs_it(self) -> None:
        text = permission('"*"', "lambda:InvokeFunctionUrl", FunctionUrlAuthType="NONE")
        assert not verdict("SK128", text + self.URL % "NONE").findings

    def test_another_account_for_any_auth_type(self) -> None:
        text = permission('"444455556666"', "lambda:InvokeFunctionUrl")
        assert verdict("SK128", text + self.URL % "AWS_IAM").severities == ["low"]
        text = permission('"444455556666"', "lambda:InvokeFunctionUrl", FunctionUrlAuthType="AWS_IAM")
        assert not verdict("SK128", text + self.URL % "AWS_IAM").findings

    def test_cloudfront_needs_none(self) -> None:
        text = permission("cloudfront.amazonaws.com", "lambda:InvokeFunctionUrl")
        assert not verdict("SK128", text + self.URL % "AWS_IAM").findings


class TestOwnerOfSource:
    @pytest.mark.parametrize(
        ("principal", "arn", "bad"),
        [
            ("events.amazonaws.com", "!Ref Topic", True),
            ("sns.amazonaws.com", "!Ref Topic", False),
            ("s3.amazonaws.com", "arn:aws:sns:a:1:t", True),
            ("events.amazonaws.com", "!GetAtt Rule.Arn", False),
            ("apigateway.amazonaws.com", API_ARN + "${Api}/*", False),
            ("apigateway.amazonaws.com", "arn:aws:apigateway:a::/restapis/x", True),
            ("unheard-of.amazonaws.com", "!Ref Topic", False),
            ("kinesisanalytics.amazonaws.com", "arn:aws:kinesis:a:1:stream/s", True),
            ("kinesisanalytics.amazonaws.com", "arn:aws:kinesisanalytics:a:1:application/s", False),
            ("kinesis.amazonaws.com", "arn:aws:kinesis:a:1:stream/s", False),
            ("states.amazonaws.com", "arn:aws:sqs:a:1:q", True),
            ("kinesisanalytics.amazonaws.com", "!GetAtt Stream.Arn", True),
            ("dynamodb.amazonaws.com", "!GetAtt Stream.Arn", True),
        ],
    )
    def test_principal_and_source(self, principal: str, arn: str, bad: bool) -> None:  # noqa: FBT001 - it is the expectation
        found = verdict("SK129", permission(principal, SourceArn=arn))
        assert bool(found.fails) is bad
        assert not found.unsure

    @pytest.mark.parametrize(
        ("principal", "arn", "severity"),
        [
            ("events.amazonaws.com", "!Ref Topic", "medium"),
            ("states.amazonaws.com", "arn:aws:sqs:a:1:q", "low"),
            ("kinesisanalytics.amazonaws.com", "!GetAtt Stream.Arn", "low"),
            ("events.amazonaws.com", "!GetAtt Stream.Arn", "low"),
        ],
    )
    def test_a_permission_that_nobody_misses_is_less(self, principal: str, arn: str, severity: str) -> None:
        found = verdict("SK129", permission(principal, SourceArn=arn))
        assert found.severities == [severity]
        assert found.fails[0].message.endswith("without one") is (severity == "low")

    @pytest.mark.parametrize(
        ("principal", "arn", "severity"),
        [
            ("sns.amazonaws.com", "!Ref Topic", "low"),
            ("sns.amazonaws.com", "arn:aws:sns:a:1:other", "medium"),
            ("s3.amazonaws.com", "!GetAtt Bucket.Arn", "medium"),
        ],
    )
    def test_the_real_caller_may_be_let_in_by_another_permission(self, principal: str, arn: str, severity: str) -> None:
        other = (
            "  Other:\n    Type: AWS::Lambda::Permission\n    Properties:\n      FunctionName: !Ref Orders\n"
            f"      Action: lambda:InvokeFunction\n      Principal: {principal}\n      SourceArn: {arn}\n"
        )
        text = permission("events.amazonaws.com", SourceArn="!Ref Topic") + other
        assert verdict("SK129", text).severities == [severity]


@pytest.mark.parametrize(("principal", "code"), [("sns.amazonaws.com", "SK125"), ("apigateway.amazonaws.com", "SK106")])
def test_without_any_source_the_source_is_not_narrow(principal: str, code: str) -> None:
    found = verdict(code, permission(principal))
    assert found.by_function == {"Orders": "fail"}
    assert not found.findings  # service-permission-without-source tells of it


def test_a_permission_that_sam_makes_is_a_permission() -> None:
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events: {Post: {Type: Api, Properties: {Method: post, Path: /orders}}}
"""
    for code in ("SK107", "SK129"):
        assert verdict(code, text).by_function == {"Orders": "pass"}


def test_a_service_that_is_called_otherwise_in_china_is_one() -> None:
    who = "!If [IsOpen, logs.amazonaws.com.cn, logs.amazonaws.com]"
    source = "!Sub arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*:*"
    (finding,) = verdict("SK125", permission(who, SourceArn=source)).fails
    assert finding.message.startswith("`logs.amazonaws.com` may invoke")
    two = permission("!If [IsOpen, events.amazonaws.com, sns.amazonaws.com]", SourceArn="arn:aws:sns:eu-west-1:1:*")
    assert "`events.amazonaws.com` or `sns.amazonaws.com`" in verdict("SK125", two).fails[0].message
