"""Subnets and security groups, as written and as AWS completes them."""

from __future__ import annotations

import pytest

from tests.rules.support import judge

HEAD = """Transform: AWS::Serverless-2016-10-31
Parameters:
  Subnets: {Type: "List<AWS::EC2::Subnet::Id>"}
  One: {Type: "AWS::EC2::Subnet::Id"}
  Wide: {Type: String}
Conditions: {IsWide: !Equals [!Ref Wide, 'yes']}
Resources:
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: v, CidrBlock: 10.0.0.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: v, CidrBlock: 10.0.1.0/24, AvailabilityZone: !Select [1, !GetAZs ""]}}
  C: {Type: AWS::EC2::Subnet, Properties: {VpcId: v, CidrBlock: 10.0.2.0/24, AvailabilityZone: !Select [0, !GetAZs ""]}}
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
"""


def attached(subnets: str, more: str = "") -> str:
    return HEAD + f"      VpcConfig: {{SubnetIds: {subnets}, SecurityGroupIds: [!Ref Group]{more}}}\n"


@pytest.mark.parametrize(
    ("subnets", "verdict"),
    [
        ("[!Ref A]", "fail"),
        ("[!Ref One]", "fail"),
        ("[!Ref A, !Ref B]", "pass"),
        ("[!Ref A, !Ref C]", "fail"),
        ("!Ref Subnets", "unknown"),
        ("[subnet-1, subnet-2]", "unknown"),
        ("[!Ref A, !If [IsWide, !Ref B, !Ref AWS::NoValue]]", "unknown"),
    ],
)
def test_the_zones_of_a_function(subnets: str, verdict: str) -> None:
    assert judge("SK603", attached(subnets)).by_function == {"Orders": verdict}


SHARED = """Transform: AWS::Serverless-2016-10-31
Parameters:
  Subnets: {{Type: CommaDelimitedList, Default: "{default}"}}
  One: {{Type: "AWS::EC2::Subnet::Id"}}
Globals: {{Function: {{Runtime: python3.13, Handler: app.handler, CodeUri: src/}}}}
Resources:
  Lists: {{Type: "Custom::Lists", Properties: {{ServiceToken: arn}}}}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {{VpcConfig: {{SubnetIds: {subnets}, SecurityGroupIds: [sg-1]}}}}
  Labels:
    Type: AWS::Serverless::Function
    Properties: {{VpcConfig: {{SubnetIds: {subnets}, SecurityGroupIds: [sg-1]}}}}
"""


@pytest.mark.parametrize(
    ("default", "subnets", "message"),
    [
        (
            "subnet-0a1",
            "!Ref Subnets",
            (
                "`Orders` and `Labels` are attached to one subnet, by the default of the parameter `Subnets`, and so to one "
                "availability zone"
            ),
        ),
        ("x", "[!Ref One]", "`Orders` and `Labels` are attached to one subnet, and so to one availability zone"),
    ],
)
def test_a_subnet_that_functions_share_is_told_once(default: str, subnets: str, message: str) -> None:
    verdict = judge("SK603", SHARED.format(default=default, subnets=subnets))
    assert [finding.message for finding in verdict.fails] == [message]
    assert verdict.by_function == {"Orders": "fail", "Labels": "fail"}


@pytest.mark.parametrize("subnets", ["!Ref Subnets", "!GetAtt Lists.Subnets", "[SUBNET_ID]"])
def test_what_is_no_subnet_is_not_counted(subnets: str) -> None:
    verdict = judge("SK603", SHARED.format(default="SUBNET_IDS", subnets=subnets))
    assert verdict.by_function == {"Orders": "unknown", "Labels": "unknown"}


def test_without_a_vpc_there_is_nothing_to_say() -> None:
    for code in ("SK602", "SK603", "SK604", "SK605", "SK606"):
        assert judge(code, HEAD).by_function == {"Orders": "not_applicable"}


def test_a_subnet_without_a_route_table_is_not_guessed() -> None:
    assert judge("SK602", attached("[!Ref A]")).by_function == {"Orders": "unknown"}


def group(egress: str = "", ingress: str = "", more: str = "", rest: str = "") -> str:
    text = attached("[!Ref A, !Ref B]", more)
    text += (
        "  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      GroupDescription: Orders\n      VpcId: v\n"
    )
    text += f"      SecurityGroupEgress: {egress}\n" if egress else ""
    text += f"      SecurityGroupIngress: {ingress}\n" if ingress else ""
    return text + rest


ALL = "{IpProtocol: '-1', CidrIp: 0.0.0.0/0}"
ALL6 = "{IpProtocol: '-1', CidrIpv6: '::/0'}"
WEB = "{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}"
TCP = "{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 0.0.0.0/0}"


@pytest.mark.parametrize(
    ("egress", "verdict"),
    [("", "fail"), ("[]", "fail"), (f"[{ALL}]", "fail"), (f"[{TCP}]", "fail"), (f"[{WEB}]", "pass")],
)
def test_what_a_group_lets_out(egress: str, verdict: str) -> None:
    assert judge("SK604", group(egress)).by_function == {"Orders": verdict}


def test_a_rule_of_its_own_replaces_the_implied_one() -> None:
    rest = """  Out:
    Type: AWS::EC2::SecurityGroupEgress
    Properties: {GroupId: !Ref Group, IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}
"""
    assert judge("SK604", group(rest=rest)).by_function == {"Orders": "pass"}


def test_each_family_is_told_at_its_own_rule() -> None:
    text = group(f"[{ALL}, {ALL6}]", more=", Ipv6AllowedForDualStack: true")
    (four,), (six,) = judge("SK604", text).fails, judge("SK605", text).fails
    assert four.span is not None
    assert six.span is not None
    assert four.span.start < six.span.start
    assert six.severity == "medium"


def test_ipv6_weighs_less_for_functions_without_it() -> None:
    (finding,) = judge("SK605", group(f"[{WEB}, {ALL6}]")).fails
    assert finding.severity == "low"
    assert "once `Orders` has IPv6" in finding.message
    assert judge("SK605", group(f"[{WEB}]")).by_function == {"Orders": "pass"}


def test_open_egress_is_worse_where_anybody_can_invoke() -> None:
    assert judge("SK604", group()).severities == ["low"]
    public = group().replace(
        "      CodeUri: src/\n", "      CodeUri: src/\n      FunctionUrlConfig: {AuthType: NONE}\n"
    )
    assert judge("SK604", public).severities == ["medium"]


def test_a_group_elsewhere_is_not_guessed() -> None:
    text = attached("[!Ref A, !Ref B]").replace("!Ref Group", "sg-0123")
    for code in ("SK604", "SK606"):
        assert judge(code, text).by_function == {"Orders": "unknown"}


def test_ingress_from_the_world_and_from_elsewhere() -> None:
    (finding,) = judge("SK606", group(ingress=f"[{WEB}]")).fails
    assert finding.persona == "regular"
    inner = "[{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]"
    (finding,) = judge("SK606", group(ingress=inner)).fails
    assert finding.persona == "pedantic"


def test_a_group_that_a_database_shares_may_let_traffic_in() -> None:
    rest = """  Store:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, DBInstanceClass: db.t4g.micro, VPCSecurityGroups: [!Ref Group]}
"""
    inner = "[{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]"
    assert not judge("SK606", group(ingress=inner, rest=rest)).fails
    assert judge("SK606", group(ingress=inner, rest=rest)).by_function == {"Orders": "pass"}


def test_another_zone_needs_a_mount_target_of_what_is_mounted() -> None:
    plain = attached("[!Ref A]")
    mounting = (
        plain
        + """      FileSystemConfigs: [{Arn: !GetAtt Files.Arn, LocalMountPath: /mnt/files}]
  Files: {Type: AWS::EFS::AccessPoint, Properties: {FileSystemId: fs-0123456789abcdef0}}
"""
    )
    ((without,), (finding,)) = (judge("SK603", text).fails for text in (plain, mounting))
    assert "mount target" not in without.help
    assert "mount target" in finding.help


def test_a_group_that_is_put_out_is_told_quietly() -> None:
    inner = "[{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, CidrIp: 10.0.0.0/16}]"
    output = "Outputs: {Members: {Value: !Ref Group}}\n"
    (finding,) = judge("SK606", group(ingress=inner, rest=output)).fails
    assert finding.persona == "auditor"
    assert finding.message.startswith("`Group`, which is put out for others, lets")
    assert judge("SK606", group(ingress=f"[{WEB}]", rest=output)).fails[0].persona == "pedantic"
    other = "Outputs: {Members: {Value: !Ref A}}\n"
    assert judge("SK606", group(ingress=inner, rest=other)).fails[0].persona == "pedantic"


ROUTES = """  Gateway: {Type: AWS::EC2::InternetGateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: v}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Use: {Type: AWS::EC2::SubnetRouteTableAssociation, Properties: {SubnetId: !Ref A, RouteTableId: !Ref Table}}
"""


def tcp(to: str) -> str:
    return f"[{{IpProtocol: tcp, FromPort: 443, ToPort: 443, {to}}}]"


@pytest.mark.parametrize(
    ("egress", "severity", "persona"),
    [
        ("", "medium", "regular"),
        (f"[{WEB}]", "medium", "regular"),
        (tcp("CidrIp: 8.8.8.0/24"), "medium", "regular"),
        (tcp("CidrIp: 10.0.0.0/7"), "medium", "regular"),
        (tcp("CidrIp: 10.0.0.0/8"), "low", "pedantic"),
        (tcp("CidrIp: 172.16.0.0/12"), "low", "pedantic"),
        (tcp("CidrIp: 172.32.0.0/12"), "medium", "regular"),
        (tcp("CidrIpv6: 'fd00::/8'"), "low", "pedantic"),
        (tcp("DestinationSecurityGroupId: sg-1"), "low", "pedantic"),
        (tcp("CidrIp: !Ref Wide"), "low", "regular"),
    ],
)
def test_a_public_subnet_is_no_harm_to_what_stays_inside(egress: str, severity: str, persona: str) -> None:
    text = group(egress=egress, rest=ROUTES).replace("[!Ref A, !Ref B]", "[!Ref A]")
    (finding,) = judge("SK602", text).fails
    assert (finding.severity, finding.persona) == (severity, persona)


CLOSED = """
resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
%s}
resource "aws_route_table_association" "t" {
  subnet_id      = aws_subnet.a.id
  route_table_id = aws_route_table.t.id
}
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "r"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "app.zip"
  vpc_config {
    subnet_ids         = [aws_subnet.a.id]
    security_group_ids = ["sg-1"]
  }
%s}
"""
WAY_OUT = '  route {\n    cidr_block = "0.0.0.0/0"\n    nat_gateway_id = "nat-1"\n  }\n'
NAMED = "  environment {\n    variables = { QUEUES_ENDPOINT = aws_vpc_endpoint.q.dns_entry[0].dns_name }\n  }\n"


def endpoint(service: str = "sqs", more: str = "", name: str = "q", vpc: str = "aws_vpc.v.id") -> str:
    return (
        f'resource "aws_vpc_endpoint" "{name}" {{\n  vpc_id = {vpc}\n'
        f'  service_name = "com.amazonaws.eu-west-1.{service}"\n  vpc_endpoint_type = "Interface"\n{more}}}\n'
    )


class TestPrivateDns:
    def test_a_function_without_another_way_out(self) -> None:
        found = judge("SK614", CLOSED % ("", "") + endpoint())
        (finding,) = found.fails
        assert found.by_function == {"aws_lambda_function.orders": "fail"}
        assert (finding.severity, finding.persona) == ("medium", "regular")
        assert "`aws_lambda_function.orders` has no other way out" in finding.message

    @pytest.mark.parametrize(
        ("routes", "more", "vpc"),
        [(WAY_OUT, "", "aws_vpc.v.id"), ("", NAMED, "aws_vpc.v.id"), ("", "", '"vpc-1"')],
        ids=["another way out", "the code names it", "another VPC"],
    )
    def test_where_calls_get_through(self, routes: str, more: str, vpc: str) -> None:
        (finding,) = judge("SK614", CLOSED % (routes, more) + endpoint(vpc=vpc)).fails
        assert (finding.severity, finding.persona) == ("low", "pedantic")

    @pytest.mark.parametrize("service", ["s3", "dynamodb", "execute-api", "vpce.vpce-svc-1"])
    def test_endpoints_for_callers_that_name_them(self, service: str) -> None:
        text = endpoint(service).replace("eu-west-1.vpce.", "vpce.eu-west-1.")
        assert not judge("SK614", text.replace("aws_vpc.v.id", '"v"')).findings

    def test_a_function_that_is_served_passes(self) -> None:
        found = judge("SK614", CLOSED % ("", "") + endpoint(more="  private_dns_enabled = true\n"))
        assert found.by_function == {"aws_lambda_function.orders": "pass"}

    def test_gateways_have_no_names(self) -> None:
        assert not judge("SK614", endpoint(vpc='"v"').replace("Interface", "Gateway")).findings

    def test_private_dns_that_is_stated_beside(self) -> None:
        beside = (
            'resource "aws_vpc_endpoint_private_dns" "q" {\n  vpc_endpoint_id = aws_vpc_endpoint.q.id\n'
            "  private_dns_enabled = %s\n}\n"
        )
        assert not judge("SK614", endpoint(vpc='"v"') + beside % "true").findings
        assert len(judge("SK614", endpoint(vpc='"v"') + beside % "false").fails) == 1

    def test_another_endpoint_of_the_vpc_has_the_name(self) -> None:
        named = endpoint(more="  private_dns_enabled = true\n", name="other", vpc='"v"')
        assert not judge("SK614", endpoint(vpc='"v"') + named).findings

    def test_what_is_not_known(self) -> None:
        zone = 'resource "aws_route53_zone" "z" {\n  name = "sqs.eu-west-1.amazonaws.com"\n}\n'
        for text in (
            endpoint(vpc='"v"') + zone,
            'variable "on" { type = any }\n' + endpoint(more="  private_dns_enabled = var.on\n", vpc='"v"'),
            'variable "kind" { type = string }\n' + endpoint(vpc='"v"').replace('"Interface"', "var.kind"),
        ):
            found = judge("SK614", text)
            assert (len(found.fails), len(found.unsure)) == (0, 1)
