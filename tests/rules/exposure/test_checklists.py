"""The rules of exposure that only checklists ask for: SK167 to SK178."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

SAM = "Transform: AWS::Serverless-2016-10-31\n"
ORDERS = """\
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Events:
"""


def domain(policy: str, kind: str = "ApiGateway") -> str:
    where = "{DomainName: a.example.com" + (f", SecurityPolicy: {policy}}}" if kind == "ApiGateway" else "}")
    return f"Parameters: {{P: {{Type: String}}}}\nResources:\n  D: {{Type: AWS::{kind}::DomainName, Properties: {where}}}\n"


class TestPostQuantum:
    @pytest.mark.parametrize(
        ("policy", "fails", "unsure"),
        [
            ("TLS_1_2", 1, 0),
            ("SecurityPolicy_TLS13_1_3_2025_09", 1, 0),
            ("SecurityPolicy_TLS13_1_2_FIPS_PQ_2025_09", 0, 0),
            ("SecurityPolicy_TLS13_1_2_PQ_2031_01", 0, 1),
            ("!Ref P", 0, 1),
        ],
    )
    def test_by_policy(self, policy: str, fails: int, unsure: int) -> None:
        found = judge("SK167", domain(policy))
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    def test_apis_that_know_no_such_policy_are_not_told(self) -> None:
        assert not judge("SK167", domain("", "ApiGatewayV2")).findings
        text = (
            SAM
            + "Resources:\n  A: {Type: AWS::Serverless::HttpApi, Properties: {Domain: {DomainName: a.b.c, CertificateArn: x}}}\n"
        )
        assert not judge("SK167", text).findings

    def test_an_api_with_a_policy_of_its_own(self) -> None:
        text = "Resources:\n  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, SecurityPolicy: TLS_1_2}}\n"
        assert len(judge("SK167", text).fails) == 1


class TestCache:
    def test_http_and_websocket_apis_have_none(self) -> None:
        apis = "".join(
            f"  {kind}: {{Type: AWS::ApiGatewayV2::Api, Properties: {{Name: a, ProtocolType: {kind}}}}}\n"
            f"  S{kind}: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{ApiId: !Ref {kind}, StageName: s}}}}\n"
            for kind in ("HTTP", "WEBSOCKET")
        )
        assert not judge("SK168", "Resources:\n" + apis).findings

    def test_a_cache_in_one_case_only(self) -> None:
        text = (
            SAM + "Parameters: {Stage: {Type: String}}\nConditions: {P: !Equals [!Ref Stage, prod]}\nResources:\n"
            "  A: {Type: AWS::Serverless::Api, Properties: {StageName: s, CacheClusterEnabled: !If [P, true, false]}}\n"
        )
        (finding,) = judge("SK168", text).fails
        assert finding.message.endswith("when Stage is not prod")


class TestPrivate:
    def test_what_is_not_known(self) -> None:
        text = (
            "Parameters: {T: {Type: String}}\nResources:\n"
            "  A: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a, EndpointConfiguration: {Types: [!Ref T]}}}\n"
        )
        assert len(judge("SK169", text).unsure) == 1
        assert len(judge("SK169", text, T="EDGE").fails) == 1
        assert not judge("SK169", text, T="PRIVATE").findings

    def test_an_api_of_events_is_told_at_its_first_event(self) -> None:
        text = SAM + "Resources:\n" + ORDERS + "        Get: {Type: Api, Properties: {Path: /a, Method: get}}\n"
        found = judge("SK169", text)
        assert found.lines == [10]
        assert found.by_function == {"Orders": "fail"}


REST = """\
resource "aws_api_gateway_rest_api" "a" {
  name = "a"
}

resource "aws_api_gateway_stage" "a" {
  rest_api_id   = aws_api_gateway_rest_api.a.id
  deployment_id = "d"
  stage_name    = "prod"
}
"""


class TestNoRoutes:
    def test_an_api_of_events_that_are_not_known(self) -> None:
        """SAM makes the API of an event whose method and path can't be read: there is no route to show."""
        text = SAM + "Resources:\n" + ORDERS + "        Get: {Type: Api, Properties: nothing}\n"
        for code in ("SK168", "SK169", "SK170", "SK171", "SK172"):
            judge(code, text)


class TestUsagePlan:
    def test_a_plan_of_another_api(self) -> None:
        plan = 'resource "aws_api_gateway_usage_plan" "p" {\n  name = "p"\n  %s\n}\n'
        other = 'resource "aws_api_gateway_rest_api" "b" {\n  name = "b"\n}\n'
        of_other = plan % 'api_stages {\n    api_id = aws_api_gateway_rest_api.b.id\n    stage = "s"\n  }'
        assert len(judge("SK170", REST + other + of_other).fails) == 1

    def test_a_plan_that_may_be_for_it(self) -> None:
        plan = (
            'variable "apis" { type = map(string) }\n'
            'resource "aws_api_gateway_usage_plan" "p" {\n  name = "p"\n'
            '  dynamic "api_stages" {\n    for_each = var.apis\n    content {\n      api_id = api_stages.key\n'
            '      stage = "s"\n    }\n  }\n}\n'
        )
        assert len(judge("SK170", REST + plan).unsure) == 1

    def test_the_same_id_written_out(self) -> None:
        text = REST.replace("aws_api_gateway_rest_api.a.id", '"abc"')
        plan = 'resource "aws_api_gateway_usage_plan" "p" {\n  name = "p"\n  api_stages {\n    api_id = "%s"\n  }\n}\n'
        assert not judge("SK170", text + plan % "abc").findings
        assert len(judge("SK170", text + plan % "xyz").fails) == 1

    def test_a_module_that_is_not_there_may_declare_one(self) -> None:
        found = judge("SK170", REST + 'module "plans" { source = "./nowhere" }\n')
        assert (len(found.fails), len(found.unsure)) == (0, 1)

    def test_sam_makes_plans(self) -> None:
        text = (
            SAM
            + "Resources:\n  A: {Type: AWS::Serverless::Api, Properties: {StageName: s, Auth: {ApiKeyRequired: true, "
            "UsagePlan: {CreateUsagePlan: PER_API}}}}\n"
        )
        assert not judge("SK170", text).findings


class TestKeys:
    def test_an_api_without_keys_is_one_finding_and_preflights_do_not_count(self) -> None:
        methods = "".join(
            f'resource "aws_api_gateway_method" "m{number}" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n'
            f'  resource_id = "r{number}"\n  http_method = "{method}"\n  authorization = "NONE"\n}}\n'
            for number, method in enumerate(("GET", "POST", "OPTIONS"))
        )
        (finding,) = judge("SK171", REST + methods).fails
        assert finding.message == "2 methods of `aws_api_gateway_rest_api.a` ask for no API key"

    def test_other_apis_are_not_told(self) -> None:
        text = SAM + "Resources:\n" + ORDERS + "        Get: {Type: HttpApi, Properties: {Path: /a, Method: get}}\n"
        assert not judge("SK171", text).findings


class TestBuses:
    def test_a_policy_of_another_bus(self) -> None:
        text = (
            "Parameters: {B: {Type: String}}\nResources:\n  Bus: {Type: AWS::Events::EventBus, Properties: {Name: orders}}\n"
            "  P: {Type: AWS::Events::EventBusPolicy, Properties: {StatementId: a, EventBusName: %s, Action: events:PutEvents, "
            'Principal: "111122223333"}}\n'
        )
        assert len(judge("SK173", text % "!Ref B").unsure) == 1
        assert len(judge("SK173", text % "default").fails) == 1
        assert not judge("SK173", text % "orders").findings


class TestCompression:
    @pytest.mark.parametrize(
        ("size", "fails", "unsure"), [("", 1, 0), ("-1", 1, 0), ("0", 0, 0), ('"1024"', 0, 0), ("var.s", 0, 1)]
    )
    def test_by_size(self, size: str, fails: int, unsure: int) -> None:
        stated = f"  minimum_compression_size = {size}\n" if size else ""
        text = (
            f'variable "s" {{ type = number }}\nresource "aws_api_gateway_rest_api" "a" {{\n  name = "a"\n{stated}}}\n'
        )
        found = judge("SK172", text)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    def test_http_apis_can_not(self) -> None:
        assert not judge(
            "SK172", "Resources:\n  A: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: a, ProtocolType: HTTP}}\n"
        ).findings


METHODS = "".join(
    f'resource "aws_api_gateway_method" "m{number}" {{\n  rest_api_id = aws_api_gateway_rest_api.a.id\n'
    f'  resource_id = "r{number}"\n  http_method = "{method}"\n  authorization = "{kind}"\n}}\n'
    for number, (method, kind) in enumerate((("GET", "AWS_IAM"), ("POST", "CUSTOM"), ("OPTIONS", "NONE")))
)


class TestUserPools:
    def test_an_api_without_one_is_one_finding_and_preflights_do_not_count(self) -> None:
        (finding,) = judge("SK174", REST + METHODS).fails
        assert finding.message == "2 methods of `aws_api_gateway_rest_api.a` ask for no user of a Cognito user pool"

    def test_an_api_with_one_is_told_by_method(self) -> None:
        (finding,) = judge("SK174", REST + METHODS.replace("CUSTOM", "COGNITO_USER_POOLS")).fails
        assert finding.message.startswith("`GET ")

    def test_what_is_not_known(self) -> None:
        kind = 'variable "kind" { type = string }\n'
        found = judge(
            "SK174", kind + REST + METHODS.replace('"AWS_IAM"', "var.kind").replace("CUSTOM", "COGNITO_USER_POOLS")
        )
        assert (len(found.fails), len(found.unsure)) == (0, 1)

    def test_a_pool_by_default_of_sam(self) -> None:
        api = (
            "  Shop:\n    Type: AWS::Serverless::Api\n    Properties:\n      StageName: s\n      Auth:\n"
            "        DefaultAuthorizer: Users\n        Authorizers: {Users: {UserPoolArn: arn:aws:cognito-idp:x}}\n"
        )
        get = "        Get: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Shop}}\n"
        assert not judge("SK174", SAM + "Resources:\n" + api + ORDERS + get).findings

    def test_http_apis_are_not_told(self) -> None:
        text = SAM + "Resources:\n" + ORDERS + "        Get: {Type: HttpApi, Properties: {Path: /a, Method: get}}\n"
        assert not judge("SK174", text).findings


FUNCTION = (
    'resource "aws_lambda_function" "f" {\n  function_name = "orders"\n  role = "r"\n  filename = "a.zip"\n'
    '  handler = "a.b"\n  runtime = "python3.13"\n}\n'
)
ALLOW = 'resource "aws_lambda_permission" "p" {\n  function_name = %s\n  action = "lambda:InvokeFunction"\n  principal = "x"\n}\n'


class TestResourcePolicies:
    @pytest.mark.parametrize(
        ("name", "fails", "unsure"),
        [
            ('"orders"', 0, 0),
            ('"billing"', 1, 0),
            ("var.name", 0, 1),
            ('"bill-${var.name}"', 1, 0),
            ('"ord${var.name}"', 0, 1),
            ('"arn:aws:lambda:eu-west-1:111122223333:function:${var.name}"', 0, 1),
        ],
    )
    def test_by_what_a_permission_names(self, name: str, fails: int, unsure: int) -> None:
        found = judge("SK175", 'variable "name" { type = string }\n' + FUNCTION + ALLOW % name)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    def test_a_permission_for_what_there_is_not(self) -> None:
        text = (
            "Resources:\n  F: {Type: AWS::Lambda::Function, Properties: {Role: r, Handler: a.b, Code: {ZipFile: x}}}\n"
            "  P: {Type: AWS::Lambda::Permission, Properties: {FunctionName: !Ref Nope, Action: lambda:InvokeFunction}}\n"
        )
        assert len(judge("SK175", text).fails) == 1

    def test_a_permission_that_is_there_in_one_case_only(self) -> None:
        text = (
            "Parameters: {Stage: {Type: String}}\nConditions: {P: !Equals [!Ref Stage, prod]}\nResources:\n"
            "  F: {Type: AWS::Lambda::Function, Properties: {Role: r, Runtime: python3.13, Handler: a.b, Code: {ZipFile: x}}}\n"
            "  P: {Type: AWS::Lambda::Permission, Condition: P, Properties: {FunctionName: !Ref F, Action: "
            "lambda:InvokeFunction, Principal: x}}\n"
        )
        (finding,) = judge("SK175", text).fails
        assert finding.message.endswith("when Stage is not prod")

    def test_a_module_that_is_not_there_may_declare_one(self) -> None:
        found = judge("SK175", FUNCTION + 'module "permissions" { source = "./nowhere" }\n')
        assert (len(found.fails), len(found.unsure)) == (0, 1)


AGENT = (
    "  Helper: {Type: AWS::Bedrock::Agent, Properties: {AgentName: h, ActionGroups: [{ActionGroupName: a, "
    "ActionGroupExecutor: {Lambda: !GetAtt Orders.Arn}}]}}\n"
)


class TestAgents:
    @pytest.mark.parametrize(
        ("action", "persona"), [("dynamodb:PutItem", "pedantic"), ("dynamodb:GetItem", "auditor"), ("", "auditor")]
    )
    def test_who_hears_of_it(self, action: str, persona: str) -> None:
        statement = f"{{Effect: Allow, Action: '{action}', Resource: 'arn:aws:dynamodb:*:*:table/a'}}"
        role = f"      Policies: [{{Statement: [{statement}]}}]\n"
        text = SAM + "Resources:\n" + ORDERS.replace("      Events:\n", role if action else "") + AGENT
        (finding,) = judge("SK176", text).fails
        assert finding.persona == persona

    def test_a_target_of_a_gateway(self) -> None:
        target = (
            "  T: {Type: AWS::BedrockAgentCore::GatewayTarget, Properties: {Name: t, TargetConfiguration: {Mcp: {Lambda: "
            "{LambdaArn: !GetAtt Orders.Arn}}}}}\n"
        )
        assert len(judge("SK176", SAM + "Resources:\n" + ORDERS.replace("      Events:\n", "") + target).fails) == 1

    def test_what_prepares_documents_is_no_tool(self) -> None:
        source = (
            'resource "aws_bedrockagent_data_source" "d" {\n  name = "d"\n  vector_ingestion_configuration {\n'
            "    custom_transformation_configuration {\n      transformation {\n        transformation_function {\n"
            "          transformation_lambda_configuration {\n            lambda_arn = aws_lambda_function.f.arn\n"
            "          }\n        }\n      }\n    }\n  }\n}\n"
        )
        assert not judge("SK176", FUNCTION + source).findings


BODY = """Parameters: {{On: {{Type: String}}}}
Resources:
  A:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: a
      Body:
        openapi: 3.0.1
        x-amazon-apigateway-request-validators:
          all: {{validateRequestBody: true, validateRequestParameters: true}}
          none: {{validateRequestBody: false, validateRequestParameters: false}}
          some: {{validateRequestBody: !Ref On}}
{root}        paths:
          /a:
            post: {{{own}}}
            options: {{}}
"""
NAMED = "x-amazon-apigateway-request-validator: "


class TestValidators:
    @pytest.mark.parametrize(
        ("root", "own", "fails", "unsure"),
        [
            ("", "", 1, 0),
            ("all", "", 0, 0),
            ("", "all", 0, 0),
            ("all", "none", 1, 0),
            ("", "some", 0, 1),
            ("", "!Ref On", 0, 0),
        ],
    )
    def test_by_what_a_definition_says(self, root: str, own: str, fails: int, unsure: int) -> None:
        text = BODY.format(root=f"        {NAMED}{root}\n" if root else "", own=NAMED + own if own else "")
        found = judge("SK177", text)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    def test_an_api_without_one_is_one_finding_and_preflights_do_not_count(self) -> None:
        (finding,) = judge("SK177", REST + METHODS).fails
        assert finding.message == "2 methods of `aws_api_gateway_rest_api.a` validate no request"

    @pytest.mark.parametrize(
        ("flags", "fails", "unsure"),
        [
            ("", 1, 0),
            ("ValidateRequestBody: false", 1, 0),
            ("ValidateRequestBody: true", 0, 0),
            ("ValidateRequestParameters: 'true'", 0, 0),
            ("ValidateRequestParameters: !Ref On", 0, 1),
        ],
    )
    def test_a_validator_that_checks_nothing(self, flags: str, fails: int, unsure: int) -> None:
        text = (
            "Parameters: {On: {Type: String}}\nResources:\n  M: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: a, "
            "ResourceId: r, HttpMethod: GET, RequestValidatorId: !Ref V}}\n"
            f"  V: {{Type: AWS::ApiGateway::RequestValidator, Properties: {{RestApiId: a, {flags}}}}}\n"
        )
        found = judge("SK177", text)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    @pytest.mark.parametrize(("flag", "fails"), [("", 2), ("validate_request_body = true", 0)])
    def test_a_validator_that_checks_nothing_in_terraform(self, flag: str, fails: int) -> None:
        method = METHODS.replace(
            '"AWS_IAM"', '"AWS_IAM"\n  request_validator_id = aws_api_gateway_request_validator.v.id'
        )
        validator = f'resource "aws_api_gateway_request_validator" "v" {{\n  name = "v"\n  {flag}\n}}\n'
        found = judge("SK177", REST + method + validator)
        told = [f.message for f in found.fails]
        assert told == (
            ["2 methods of `aws_api_gateway_rest_api.a` validate no request"]
            if fails
            else ["`POST r1` of `aws_api_gateway_rest_api.a` validates no request"]
        )

    def test_a_validator_that_is_not_known(self) -> None:
        method = METHODS.replace('"AWS_IAM"', '"AWS_IAM"\n  request_validator_id = var.v')
        found = judge("SK177", 'variable "v" { type = string }\n' + REST + method)
        assert (len(found.fails), len(found.unsure)) == (1, 0)
        assert found.fails[0].message.startswith("`POST ")

    @pytest.mark.parametrize(
        ("asked", "fails"),
        [("ValidateBody: true", 0), ("ValidateParameters: true", 0), ("ValidateBody: false", 1), ("Required: true", 1)],
    )
    def test_events_of_sam(self, asked: str, fails: int) -> None:
        event = (
            f"        Put: {{Type: Api, Properties: {{Path: /a, Method: post, RequestModel: {{Model: M, {asked}}}}}}}\n"
        )
        assert len(judge("SK177", SAM + "Resources:\n" + ORDERS + event).fails) == fails

    def test_parameters_of_the_framework(self) -> None:
        service = (
            "service: s\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  f:\n    handler: a.b\n    events:\n"
            "      - http: {method: GET, path: /a, request: {parameters: {querystrings: {q: %s}}}}\n"
        )
        assert not judge("SK177", service % "true").findings

    def test_http_apis_are_not_told(self) -> None:
        text = SAM + "Resources:\n" + ORDERS + "        Get: {Type: HttpApi, Properties: {Path: /a, Method: get}}\n"
        assert not judge("SK177", text).findings


ACL = """Parameters: {{P: {{Type: String}}}}
Conditions: {{C: !Equals [!Ref P, prod]}}
Resources:
  Acl:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      Rules: {rules}
"""
BAD_INPUTS = "Name: AWSManagedRulesKnownBadInputsRuleSet"


def acl(statement: str, override: str = "None: {}") -> str:
    return ACL.format(rules=f"[{{OverrideAction: {{{override}}}, Statement: {{{statement}}}}}]")


class TestLog4j:
    @pytest.mark.parametrize(
        ("text", "fails", "unsure"),
        [
            (acl(f"ManagedRuleGroupStatement: {{{BAD_INPUTS}}}"), 0, 0),
            (acl(f"ManagedRuleGroupStatement: {{{BAD_INPUTS}}}", "Count: {}"), 1, 0),
            (acl("ManagedRuleGroupStatement: {Name: AWSManagedRulesCommonRuleSet}"), 1, 0),
            (acl(f"ManagedRuleGroupStatement: {{{BAD_INPUTS}, ExcludedRules: [{{Name: Log4JRCE_HEADER}}]}}"), 1, 0),
            (
                acl(
                    f"ManagedRuleGroupStatement: {{{BAD_INPUTS}, RuleActionOverrides: "
                    "[{Name: Log4JRCE_BODY, ActionToUse: {Count: {}}}]}"
                ),
                1,
                0,
            ),
            (
                acl(
                    f"ManagedRuleGroupStatement: {{{BAD_INPUTS}, RuleActionOverrides: "
                    "[{Name: Log4JRCE_BODY, ActionToUse: {Block: {}}}]}"
                ),
                0,
                0,
            ),
            (acl("ManagedRuleGroupStatement: {Name: !Ref P}"), 0, 1),
            (acl("RuleGroupReferenceStatement: {Arn: arn:aws:wafv2:a}"), 0, 1),
            (ACL.format(rules="!Ref P"), 0, 1),
            (ACL.format(rules="[!Ref P]"), 0, 1),
            (ACL.format(rules="[]"), 1, 0),
        ],
    )
    def test_by_rules(self, text: str, fails: int, unsure: int) -> None:
        found = judge("SK178", text)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    def test_rules_that_are_there_in_one_case_only(self) -> None:
        rule = f"{{OverrideAction: {{None: {{}}}}, Statement: {{ManagedRuleGroupStatement: {{{BAD_INPUTS}}}}}}}"
        (finding,) = judge("SK178", ACL.format(rules=f"[!If [C, {rule}, !Ref AWS::NoValue]]")).fails
        assert finding.message.endswith("when P is not prod")

    @pytest.mark.parametrize(
        ("more", "fails", "unsure"),
        [
            ("override_action {\n    none {}\n  }", 0, 0),
            ("override_action {\n    count {}\n  }", 1, 0),
            ('dynamic "override_action" {\n    for_each = var.on\n    content {\n      count {}\n    }\n  }', 1, 0),
        ],
    )
    def test_terraform(self, more: str, fails: int, unsure: int) -> None:
        text = (
            'variable "on" { default = ["a"] }\nresource "aws_wafv2_web_acl" "a" {\n  name = "a"\n  rule {\n  '
            + more
            + '\n  statement {\n    managed_rule_group_statement {\n      name = "AWSManagedRulesKnownBadInputsRuleSet"\n'
            "    }\n  }\n  }\n}\n"
        )
        found = judge("SK178", text)
        assert (len(found.fails), len(found.unsure)) == (fails, unsure)

    @pytest.mark.parametrize("action", ["count", "block"])
    def test_single_rules_in_terraform(self, action: str) -> None:
        text = (
            'resource "aws_wafv2_web_acl" "a" {\n  name = "a"\n  rule {\n    statement {\n      managed_rule_group_statement {\n'
            '        name = "AWSManagedRulesKnownBadInputsRuleSet"\n        rule_action_override {\n'
            f'          name = "Log4JRCE_URIPATH"\n          action_to_use {{\n            {action} {{}}\n          }}\n'
            "        }\n      }\n    }\n  }\n}\n"
        )
        assert len(judge("SK178", text).fails) == (action == "count")

    def test_what_is_not_looked_at_in_terraform(self) -> None:
        for more in ('  rule_json = "[]"\n}\n', '}\nresource "aws_wafv2_web_acl_rule" "r" {\n  name = "r"\n}\n'):
            found = judge("SK178", 'resource "aws_wafv2_web_acl" "a" {\n  name = "a"\n' + more)
            assert (len(found.fails), len(found.unsure)) == (0, 1)

    def test_an_acl_that_is_elsewhere_and_whose_function_it_concerns(self) -> None:
        text = (
            "Parameters: {P: {Type: String}}\n"
            + SAM
            + "Resources:\n"
            + ORDERS
            + "        Get: {Type: Api, Properties: {Path: /a, Method: get, RestApiId: !Ref Shop}}\n"
            "  Shop: {Type: AWS::Serverless::Api, Properties: {StageName: prod}}\n"
            "  Acl: {Type: AWS::WAFv2::WebACL, Properties: {Scope: REGIONAL}}\n"
            "  On: {Type: AWS::WAFv2::WebACLAssociation, Properties: {WebACLArn: %s, "
            'ResourceArn: !Sub "arn:aws:apigateway:eu-west-1::/restapis/${Shop}/stages/prod"}}\n'
        )
        found = judge("SK178", text % "!GetAtt Acl.Arn")
        assert (len(found.fails), len(found.unsure)) == (1, 0)
        assert found.by_function == {"Orders": "fail"}
        elsewhere = judge("SK178", (text % "!Ref P").replace("  Acl: {", "  Other: {"))
        assert len(elsewhere.unsure) == 1
