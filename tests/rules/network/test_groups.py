"""Rules about ports, descriptions, endpoints, and functions outside the VPC of their database."""

from __future__ import annotations

import pytest

from tests.rules.support import judge


def text(rule: str, variables: str = "") -> str:
    return f"""
Parameters: {{Port: {{Type: Number}}}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties: {{GroupDescription: of orders, VpcId: vpc-1, SecurityGroupEgress: [{rule}]}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {{S3Bucket: b, S3Key: k}}
      VpcConfig: {{SubnetIds: [subnet-1], SecurityGroupIds: [!Ref Group]}}
"""


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ("{IpProtocol: tcp, FromPort: 80, ToPort: 443, CidrIp: 10.0.0.0/8}", "fail"),
        ("{IpProtocol: udp, FromPort: 53, ToPort: 53, CidrIp: 10.0.0.0/8}", "pass"),
        ("{IpProtocol: '-1', CidrIp: 10.0.0.0/8}", "pass"),  # all ports are another rule's
        ("{IpProtocol: tcp, FromPort: 0, ToPort: 65535, CidrIp: 10.0.0.0/8}", "pass"),
        ("{IpProtocol: icmp, FromPort: 0, ToPort: 8, CidrIp: 10.0.0.0/8}", "pass"),  # types of messages, and no ports
        ("{IpProtocol: tcp, FromPort: 80, ToPort: !Ref Port, CidrIp: 10.0.0.0/8}", "unknown"),
    ],
)
def test_a_range_of_ports(rule: str, verdict: str) -> None:
    assert judge("SK607", text(rule)).by_function == {"Orders": verdict}


def test_what_aws_adds_has_no_description() -> None:
    without = text("").replace(", SecurityGroupEgress: []", "")
    assert not judge("SK608", without).fails


def outside(variable: str, public: str = "false") -> str:
    return f"""
Resources:
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {{Engine: postgres, DBInstanceClass: db.t4g.micro, PubliclyAccessible: {public}}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {{S3Bucket: b, S3Key: k}}
      Environment: {{Variables: {{DATABASE: {variable}}}}}
"""


def test_a_database_that_is_reached_through_a_vpc() -> None:
    assert judge("SK610", outside("!GetAtt Database.Endpoint.Address")).fails
    assert judge("SK610", outside('!Sub "postgres://${Database.Endpoint.Address}/orders"')).fails
    assert not judge("SK610", outside("!GetAtt Database.Endpoint.Address", "true")).fails
    assert not judge("SK610", outside("!GetAtt Database.DBInstanceArn")).fails  # for the Data API
    assert not judge("SK610", outside("!GetAtt Database.MasterUserSecret.SecretArn")).fails


def test_a_search_domain_is_on_the_internet_by_default() -> None:
    text = """
Resources:
  Search: {Type: AWS::OpenSearchService::Domain, Properties: {EngineVersion: OpenSearch_2.13%s}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {S3Bucket: b, S3Key: k}
      Environment: {Variables: {SEARCH: !GetAtt Search.DomainEndpoint}}
"""
    assert not judge("SK610", text % "").findings
    assert judge("SK610", text % ", VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}").fails


@pytest.mark.parametrize(
    ("service", "fails"),
    [("s3", True), ("secretsmanager", True), ("execute-api", False), ("lambda", True), ("rds-data", False)],
)
def test_endpoints_that_take_a_policy(service: str, *, fails: bool) -> None:
    own = f"""
Resources:
  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {{VpcId: vpc-1, ServiceName: !Sub "com.amazonaws.${{AWS::Region}}.{service}"}}
"""
    assert bool(judge("SK611", own).fails) is fails


def inner(routes: str, more: str = "") -> str:
    return f"""
Resources:
  Vpc: {{Type: AWS::EC2::VPC, Properties: {{CidrBlock: 10.0.0.0/16}}}}
  Inner: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}}}
  Routes: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref Vpc}}}}
  InnerRoutes:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {{SubnetId: !Ref Inner, RouteTableId: !Ref Routes}}
  Queue: {{Type: AWS::SQS::Queue}}
  Orders:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/orders
      Code: {{S3Bucket: b, S3Key: k}}
      VpcConfig: {{SubnetIds: [!Ref Inner{more}], SecurityGroupIds: [sg-1]}}
      Environment: {{Variables: {{QUEUE: !Ref Queue}}}}
{routes}"""


ROUTE = """  Way:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Routes, DestinationCidrBlock: 0.0.0.0/0, %s}
"""
ENDPOINT = """  Endpoint:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Vpc, VpcEndpointType: Interface, ServiceName: !Sub "com.amazonaws.${AWS::Region}.%s"}
"""


@pytest.mark.parametrize(
    ("routes", "more", "verdict"),
    [
        ("", "", "fail"),
        (ROUTE % "NatGatewayId: nat-1", "", "pass"),
        (ROUTE % "TransitGatewayId: tgw-1", "", "pass"),
        (ENDPOINT % "sqs", "", "pass"),
        (ENDPOINT % "sns", "", "fail"),
        ("", ", subnet-1", "unknown"),  # a subnet that is not in the scanned code may lead out
    ],
)
def test_what_leads_to_a_service(routes: str, more: str, verdict: str) -> None:
    assert judge("SK612", inner(routes, more)).by_function == {"Orders": verdict}


OPEN = """  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: of orders
      VpcId: !Ref Vpc
      SecurityGroupEgress: [{IpProtocol: "-1", CidrIp: 0.0.0.0/0}, {IpProtocol: "-1", CidrIpv6: "::/0"}]
"""


PROPAGATION = """  Vpn:
    Type: AWS::EC2::VPNGatewayRoutePropagation
    Properties: {RouteTableIds: [!Ref Routes], VpnGatewayId: vgw-0123456789abcdef0}
"""


@pytest.mark.parametrize(
    ("routes", "more", "persona"),
    [
        ("", "", "pedantic"),
        (ENDPOINT % "sqs", "", "pedantic"),
        (ROUTE % "NatGatewayId: nat-1", "", "regular"),
        # A peered network or one behind a transit gateway can be reached, although no default route leads out.
        ((ROUTE % "TransitGatewayId: tgw-1").replace("0.0.0.0/0", "10.8.0.0/16"), "", "regular"),
        ((ROUTE % "NatGatewayId: nat-1").replace("!Ref Routes", "!ImportValue routes"), "", "regular"),
        ("", ", subnet-1", "regular"),
        (PROPAGATION, "", "regular"),
    ],
)
def test_open_egress_from_where_no_route_leads(routes: str, more: str, persona: str) -> None:
    text = inner(routes + OPEN, more).replace("SecurityGroupIds: [sg-1]", "SecurityGroupIds: [!Ref Group]")
    for code in ("SK604", "SK605"):
        (finding,) = judge(code, text).fails
        assert finding.persona == persona
        assert ("no route leads to the internet" in finding.message) is (persona == "pedantic")


STORAGE = """  Storage:
    Type: AWS::EC2::VPCEndpoint
    Properties: {VpcId: !Ref Vpc, ServiceName: !Sub "com.amazonaws.${AWS::Region}.s3", %s}
"""


@pytest.mark.parametrize("of", ["RouteTableIds: [!Ref Routes]", "VpcEndpointType: Interface, SubnetIds: [!Ref Inner]"])
def test_an_endpoint_beside_a_nat_gateway_is_not_the_way_out(of: str) -> None:
    (finding,) = judge("SK611", inner(STORAGE % of)).fails
    assert "what the functions need" in finding.help
    assert not judge("SK611", inner(STORAGE % of + ROUTE % "NatGatewayId: nat-1")).findings
    public = ROUTE % "GatewayId: igw-1"  # functions reach nothing through an internet gateway
    assert judge("SK611", inner(STORAGE % of + public)).fails


def test_an_endpoint_where_no_function_is_says_nothing_of_functions() -> None:
    text = "Resources:\n" + STORAGE.replace("!Ref Vpc", "vpc-1") % "RouteTableIds: [rtb-1]"
    (finding,) = judge("SK611", text).fails
    assert "functions" not in finding.help


OUT = 'route {\n    cidr_block     = "0.0.0.0/0"\n    nat_gateway_id = "nat-1"\n  }'
BESIDE = """resource "aws_vpc_endpoint_route_table_association" "storage" {
  vpc_endpoint_id = aws_vpc_endpoint.storage.id
  route_table_id  = aws_route_table.inner.id
}
"""


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize(
    ("way", "persona", "needed"),
    [
        ("", "pedantic", True),
        (OUT, "regular", False),
        # A VPN gateway adds its routes by itself; it is no way to S3 all the same.
        ('propagating_vgws = ["vgw-1"]', "regular", True),
    ],
)
def test_open_egress_from_subnets_of_terraform(*, way: str, persona: str, needed: bool, beside: bool) -> None:
    tables = "" if beside else "route_table_ids = [aws_route_table.inner.id]"
    text = f"""
resource "aws_vpc" "shop" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_subnet" "inner" {{
  vpc_id     = aws_vpc.shop.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_route_table" "inner" {{
  vpc_id = aws_vpc.shop.id
  {way}
}}
resource "aws_route_table_association" "inner" {{
  subnet_id      = aws_subnet.inner.id
  route_table_id = aws_route_table.inner.id
}}
resource "aws_security_group" "orders" {{
  vpc_id = aws_vpc.shop.id
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  runtime       = "python3.13"
  handler       = "app.handler"
  filename      = "orders.zip"
  vpc_config {{
    subnet_ids         = [aws_subnet.inner.id]
    security_group_ids = [aws_security_group.orders.id]
  }}
}}
resource "aws_vpc_endpoint" "storage" {{
  vpc_id          = aws_vpc.shop.id
  service_name    = "com.amazonaws.eu-west-1.s3"
  {tables}
}}
{BESIDE if beside else ""}"""
    (finding,) = judge("SK604", text).fails
    assert finding.persona == persona
    assert bool(judge("SK611", text).fails) is needed


def test_a_gateway_endpoint_is_a_route_out_to_its_service() -> None:
    alone = "though from the subnets no route leads to the internet or to another network: "
    through = "though from the subnets a route leads beyond the VPC only through the endpoint `Storage` to S3: "
    elsewhere = """  Others: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
"""
    for rest, words in (
        (STORAGE % "RouteTableIds: [!Ref Routes]", through),
        (STORAGE % "RouteTableIds: [!Ref Others]" + elsewhere, alone),
        (STORAGE % "VpcEndpointType: Interface, SubnetIds: [!Ref Inner]", alone),
    ):
        text = inner(rest + OPEN).replace("SecurityGroupIds: [sg-1]", "SecurityGroupIds: [!Ref Group]")
        for code in ("SK604", "SK605"):
            (finding,) = judge(code, text).fails
            assert words in finding.message
            assert finding.persona == "pedantic"


BASE = """  Base:
    Type: AWS::RDS::DBInstance
    Properties: {DBInstanceClass: db.t4g.micro, Engine: postgres, VPCSecurityGroups: [!Ref Group]}
"""
EXPORT = """Outputs:
  OfMembers: {Value: !Ref Group, Export: {Name: members}}
"""


@pytest.mark.parametrize(
    ("rest", "why"),
    [
        (BASE, "`Base` has `Group` too"),
        (EXPORT, "`Group` is put out as `OfMembers`, for others to use"),
        (EXPORT.replace("!Ref", "!GetAtt").replace("Group,", "Group.GroupId,"), "`Group` is put out as `OfMembers`"),
        (BASE + EXPORT, "`Base` has `Group` too and `Group` is put out as `OfMembers`"),
        (EXPORT.replace("!Ref Group", "!Ref Queue"), ""),
    ],
)
def test_a_group_that_others_have_is_not_narrowed(rest: str, why: str) -> None:
    text = inner(OPEN + rest).replace("SecurityGroupIds: [sg-1]", "SecurityGroupIds: [!Ref Group]")
    for code in ("SK604", "SK605"):
        (finding,) = judge(code, text).fails
        own = "give the function a group of its own that lets out only what it calls: "
        assert finding.help.startswith(own + why) is bool(why)
        assert ("a group of its own" in finding.fixes[0].title) is bool(why)
