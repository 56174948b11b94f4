"""Security groups, route tables and subnets in Terraform."""

from __future__ import annotations

import pytest

from stockade.model.app import SecurityGroup, SecurityGroupRule, Subnet, TrafficRule, VpcEndpoint
from tests.inputs.terraform.support import app_of
from tests.inputs.terraform.test_makers_functions import one

GROUP = """
resource "aws_security_group" "g" {
  %s
}
"""
VPC = """
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "i" { vpc_id = aws_vpc.v.id }
resource "aws_subnet" "s" { vpc_id = aws_vpc.v.id }
"""
OUT = """
  %s = "0.0.0.0/0"
  gateway_id = aws_internet_gateway.i.id
"""


def said(rule: TrafficRule) -> tuple[str, ...]:
    """A rule in words."""
    sources = (rule.cidr, rule.cidr6, rule.group, rule.prefix_list)
    shown = [value.show() for value in sources if value.is_set().is_yes]
    return (rule.direction, rule.protocol.show(), rule.from_port.show(), rule.to_port.show(), *shown)


def test_a_group_without_egress_reaches_nothing() -> None:
    group = one(app_of(GROUP % ""), SecurityGroup)
    assert group.rules.is_empty().is_yes


def test_one_rule_for_each_source() -> None:
    body = """
  ingress {
    protocol         = "TCP"
    from_port        = 443
    to_port          = 443
    cidr_blocks      = ["10.0.0.0/8", "0.0.0.0/0"]
    ipv6_cidr_blocks = ["::/0"]
    security_groups  = ["sg-2"]
    self             = true
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
"""
    group = one(app_of(GROUP % body), SecurityGroup)
    assert [said(rule) for rule in group.rules] == [
        ("ingress", "tcp", "443", "443", "10.0.0.0/8"),
        ("ingress", "tcp", "443", "443", "0.0.0.0/0"),
        ("ingress", "tcp", "443", "443", "::/0"),
        ("ingress", "tcp", "443", "443", "sg-2"),
        ("ingress", "tcp", "443", "443", "${aws_security_group.g.id}"),
        ("egress", "-1", "0", "0", "0.0.0.0/0"),
    ]
    assert not any(rule.implied for rule in group.rules)


def test_rules_as_a_list_of_objects() -> None:
    body = """
  egress = [{
    protocol = "all", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"], description = "",
    ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false
  }]
"""
    group = one(app_of(GROUP % body), SecurityGroup)
    assert [said(rule) for rule in group.rules] == [("egress", "-1", "0", "0", "0.0.0.0/0")]


def test_sources_that_are_not_known() -> None:
    text = (
        'variable "from" { type = list(string) }\n'
        + GROUP
        % """
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = var.from
  }
"""
    )
    (rule,) = one(app_of(text), SecurityGroup).rules
    assert rule.cidr.is_("0.0.0.0/0").truth == "maybe"


def test_rules_that_are_not_known() -> None:
    text = 'variable "rules" {}\n' + GROUP % "ingress = var.rules"
    group = one(app_of(text), SecurityGroup)
    assert [d.why for d in group.rules.gaps] == ["variable `rules` has no value"]


def test_what_is_no_block_is_a_gap() -> None:
    app = app_of(GROUP % 'ingress = ["all"]')
    assert [(gap.what, gap.kind) for gap in app.gaps] == [("`ingress` of `aws_security_group.g`", "wrong-shape")]


def test_a_port_that_is_no_number_is_a_gap() -> None:
    text = (
        GROUP
        % """
  egress {
    protocol    = "tcp"
    from_port   = "any"
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
"""
    )
    app = app_of(text)
    (rule,) = one(app, SecurityGroup).rules
    assert rule.from_port.at_least(0).truth == "maybe"
    assert [(gap.what, gap.kind) for gap in app.gaps] == [("`from_port` of `aws_security_group.g`", "wrong-shape")]


def test_rules_as_resources_of_their_own() -> None:
    text = (
        GROUP % ""
        + """
resource "aws_security_group_rule" "out" {
  type              = "egress"
  security_group_id = aws_security_group.g.id
  protocol          = "all"
  from_port         = 0
  to_port           = 65535
  cidr_blocks       = ["0.0.0.0/0"]
  ipv6_cidr_blocks  = ["::/0"]
}
resource "aws_vpc_security_group_ingress_rule" "in" {
  security_group_id            = aws_security_group.g.id
  ip_protocol                  = "tcp"
  from_port                    = 1
  to_port                      = 2
  referenced_security_group_id = aws_security_group.g.id
}
"""
    )
    app = app_of(text)
    group = one(app, SecurityGroup)
    assert [said(rule) for rule in group.rules] == [
        ("egress", "-1", "0", "65535", "0.0.0.0/0"),
        ("egress", "-1", "0", "65535", "::/0"),
        ("ingress", "tcp", "1", "2", "${aws_security_group.g.id}"),
    ]
    assert len({record.key for record in app.of(SecurityGroupRule)}) == 3


def test_a_rule_that_is_there_only_sometimes() -> None:
    text = (
        'variable "out" { type = bool }\n'
        + GROUP % ""
        + """
resource "aws_vpc_security_group_egress_rule" "out" {
  count             = var.out ? 1 : 0
  security_group_id = aws_security_group.g.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    )
    (rule,) = one(app_of(text), SecurityGroup).rules
    assert [p.text for p in rule.exists] == ["`var.out` is true"]


@pytest.mark.parametrize(
    "table",
    [
        """
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    %s
  }
}
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""
        % (OUT % "cidr_block"),
        """
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route" "out" {
  route_table_id = aws_route_table.t.id
  %s
}
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""
        % (OUT % "destination_cidr_block"),
        """
resource "aws_route" "out" {
  route_table_id = aws_vpc.v.main_route_table_id
  %s
}
"""
        % (OUT % "destination_cidr_block"),
        """
resource "aws_default_route_table" "t" {
  default_route_table_id = aws_vpc.v.default_route_table_id
  route {
    %s
  }
}
"""
        % (OUT % "cidr_block"),
        """
resource "aws_default_route_table" "t" { default_route_table_id = aws_vpc.v.default_route_table_id }
resource "aws_route" "out" {
  route_table_id = aws_vpc.v.default_route_table_id
  %s
}
"""
        % (OUT % "destination_cidr_block"),
        """
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    %s
  }
}
resource "aws_main_route_table_association" "m" {
  vpc_id         = aws_vpc.v.id
  route_table_id = aws_route_table.t.id
}
"""
        % (OUT % "cidr_block"),
    ],
)
def test_a_way_out_makes_a_subnet_public(table: str) -> None:
    assert one(app_of(VPC + table), Subnet).public.is_yes


def test_without_a_way_out_a_subnet_is_private() -> None:
    assert one(app_of(VPC), Subnet).public.is_no


def test_a_table_of_its_own_counts_more_than_the_main_one() -> None:
    text = (
        VPC
        + """
resource "aws_route" "out" {
  route_table_id = aws_vpc.v.main_route_table_id
  %s
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.v.id }
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""
        % (OUT % "destination_cidr_block")
    )
    assert one(app_of(text), Subnet).public.is_no


def test_routes_that_are_not_known() -> None:
    text = (
        'variable "routes" {}\n'
        + VPC
        + """
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route  = var.routes
}
resource "aws_route_table_association" "s" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""
    )
    assert one(app_of(text), Subnet).public.truth == "maybe"


def test_subnets_of_the_default_vpc_are_public() -> None:
    text = """
resource "aws_default_vpc" "d" {}
resource "aws_subnet" "mine" { vpc_id = aws_default_vpc.d.id }
resource "aws_default_subnet" "theirs" { availability_zone = "eu-west-1a" }
"""
    app = app_of(text)
    assert one(app, Subnet, "aws_subnet.mine").public.is_yes
    theirs = one(app, Subnet, "aws_default_subnet.theirs")
    assert theirs.public.is_yes
    assert theirs.public_ip.only() is True


def test_an_endpoints_policy_and_subnets_beside_it() -> None:
    text = """
resource "aws_vpc_endpoint" "e" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  subnet_ids   = ["subnet-1"]
}
resource "aws_vpc_endpoint_policy" "e" {
  vpc_endpoint_id = aws_vpc_endpoint.e.id
  policy          = "{\\"Statement\\": [{\\"Effect\\": \\"Allow\\", \\"Principal\\": \\"*\\", \\"Action\\": \\"s3:*\\"}]}"
}
resource "aws_vpc_endpoint_subnet_association" "two" {
  vpc_endpoint_id = aws_vpc_endpoint.e.id
  subnet_id       = "subnet-2"
}
resource "aws_vpc_endpoint_subnet_association" "three" {
  vpc_endpoint_id = aws_vpc_endpoint.e.id
  subnet_id       = "subnet-3"
}
"""
    endpoint = one(app_of(text), VpcEndpoint)
    (statement,) = endpoint.policy
    assert statement.actions is not None
    assert [a.show() for a in statement.actions] == ["s3:*"]
    assert [s.show() for s in endpoint.subnets] == ["subnet-1", "subnet-2", "subnet-3"]
