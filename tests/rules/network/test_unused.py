"""The rule about security groups that nothing uses: SK613."""

from __future__ import annotations

import pytest

from tests.rules.support import Verdict, judge

GROUP = 'resource "aws_security_group" "a" {\n  name = "a"\n}\n'
OF_A = "[aws_security_group.a.id]"


def answers(found: Verdict) -> tuple[int, int]:
    return len(found.fails), len(found.unsure)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", (1, 0)),
        (
            f'resource "aws_vpc_endpoint" "e" {{\n  vpc_id = "v"\n  service_name = "s"\n  security_group_ids = {OF_A}\n}}\n',
            (0, 0),
        ),
        (
            (
                'resource "aws_vpc_endpoint" "e" {\n  vpc_id = "v"\n  service_name = "s"\n}\n'
                'resource "aws_vpc_endpoint_security_group_association" "e" {\n  vpc_endpoint_id = aws_vpc_endpoint.e.id\n'
                "  security_group_id = aws_security_group.a.id\n}\n"
            ),
            (0, 0),
        ),
        (f'resource "aws_lb" "l" {{\n  security_groups = {OF_A}\n}}\n', (0, 0)),
        (f'resource "aws_instance" "i" {{\n  vpc_security_group_ids = {OF_A}\n}}\n', (0, 1)),
        ('resource "aws_iam_instance_profile" "i" {\n  name = "i"\n}\n', (1, 0)),
        (f'output "a" {{\n  value = {OF_A}\n}}\n', (0, 1)),
        ('output "a" {\n  value = aws_security_group.a.id\n}\n', (0, 0)),
        ('module "m" {\n  source = "./nowhere"\n}\n', (0, 1)),
    ],
)
def test_by_what_uses_it(more: str, expected: tuple[int, int]) -> None:
    assert answers(judge("SK613", GROUP + more)) == expected


def test_rules_of_its_own_are_no_use() -> None:
    own = (
        'resource "aws_security_group_rule" "r" {\n  security_group_id = aws_security_group.a.id\n  type = "ingress"\n'
        '  from_port = 1\n  to_port = 1\n  protocol = "tcp"\n  source_security_group_id = aws_security_group.%s.id\n}\n'
    )
    assert answers(judge("SK613", GROUP + own % "a")) == (1, 0)
    other = GROUP.replace('"a"', '"b"', 1)
    found = judge("SK613", GROUP + other + own % "b")
    assert [f.subject.address for f in found.fails] == ["aws_security_group.a"]


def test_the_group_that_a_vpc_has_anyway() -> None:
    assert answers(judge("SK613", 'resource "aws_default_security_group" "d" {\n  vpc_id = "v"\n}\n')) == (0, 0)


def test_groups_of_cloudformation() -> None:
    text = "Resources:\n  A: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: a}}\n"
    assert answers(judge("SK613", text)) == (1, 0)
    assert answers(
        judge("SK613", text + "  I: {Type: AWS::EC2::Instance, Properties: {SecurityGroupIds: [!Ref A]}}\n")
    ) == (0, 1)
    address = "  I: {Type: AWS::EC2::EIP}\n"
    assert answers(judge("SK613", text + address)) == (1, 0)
    link = (
        "  I: {Type: AWS::ApiGatewayV2::VpcLink, Properties: {Name: a, SubnetIds: [s], SecurityGroupIds: [!Ref A]}}\n"
    )
    assert answers(judge("SK613", text + link)) == (0, 1)
    assert answers(judge("SK613", text + "Outputs: {A: {Value: !GetAtt A.GroupId}}\n")) == (0, 0)
