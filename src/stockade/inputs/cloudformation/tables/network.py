"""VPCs and what is in them; CloudFront. Property names: AWS CloudFormation Template Reference, as of 2026-11-21."""

from __future__ import annotations

from stockade.inputs.lens import Lens, Table, lens
from stockade.model import app

_TRAFFIC: dict[str, Lens] = {
    "protocol": lens("IpProtocol"),
    "from_port": lens("FromPort", "integer"),
    "to_port": lens("ToPort", "integer"),
    "cidr": lens("CidrIp"),
    "cidr6": lens("CidrIpv6"),
    "description": lens("Description"),
}
_INGRESS: dict[str, Lens] = {
    **_TRAFFIC,
    "group": lens("SourceSecurityGroupId", also=("SourceSecurityGroupName",)),
    "prefix_list": lens("SourcePrefixListId"),
}
_EGRESS: dict[str, Lens] = {
    **_TRAFFIC,
    "group": lens("DestinationSecurityGroupId"),
    "prefix_list": lens("DestinationPrefixListId"),
}
_OWN_RULE: dict[str, Lens] = {"group_id": lens("GroupId"), "rule": lens("IpProtocol", by="lower_group_rule")}

TABLES: tuple[Table, ...] = (
    Table("AWS::EC2::VPC", app.Vpc, {"cidr": lens("CidrBlock"), "tags": lens("Tags", "tags")}),
    Table(
        "AWS::EC2::Subnet",
        app.Subnet,
        {
            "vpc_id": lens("VpcId"),
            "cidr": lens("CidrBlock"),
            "zone": lens("AvailabilityZone", also=("AvailabilityZoneId",)),
            "public_ip": lens("MapPublicIpOnLaunch", "boolean"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::EC2::RouteTable", app.RouteTable, {"vpc_id": lens("VpcId"), "tags": lens("Tags", "tags")}),
    Table(
        "AWS::EC2::Route",
        app.NetworkRoute,
        {
            "route_table": lens("RouteTableId"),
            "destination": lens("DestinationCidrBlock", also=("DestinationIpv6CidrBlock", "DestinationPrefixListId")),
            "gateway": lens("GatewayId"),
            "nat_gateway": lens("NatGatewayId"),
            "target": lens(
                "TransitGatewayId",
                also=(
                    "EgressOnlyInternetGatewayId",
                    "VpcPeeringConnectionId",
                    "VpcEndpointId",
                    "NetworkInterfaceId",
                    "InstanceId",
                    "LocalGatewayId",
                    "CarrierGatewayId",
                    "CoreNetworkArn",
                ),
            ),
        },
    ),
    Table(
        "AWS::EC2::SubnetRouteTableAssociation",
        app.SubnetRouteTable,
        {"subnet": lens("SubnetId"), "route_table": lens("RouteTableId")},
    ),
    Table("AWS::EC2::InternetGateway", app.Gateway, {"tags": lens("Tags", "tags")}, (("form", "internet"),)),
    Table(
        "AWS::EC2::EgressOnlyInternetGateway", app.Gateway, {"tags": lens("Tags", "tags")}, (("form", "egress-only"),)
    ),
    Table(
        "AWS::EC2::NatGateway",
        app.Gateway,
        {"subnet": lens("SubnetId"), "tags": lens("Tags", "tags")},
        (("form", "nat"),),
    ),
    Table(
        "AWS::EC2::VPCEndpoint",
        app.VpcEndpoint,
        {
            "vpc_id": lens("VpcId"),
            "service": lens("ServiceName"),
            "form": lens("VpcEndpointType"),
            "policy": lens("PolicyDocument", "statements"),
            "subnets": lens("SubnetIds", "texts"),
            "security_groups": lens("SecurityGroupIds", "texts"),
            "route_tables": lens("RouteTableIds", "texts"),
            "private_dns": lens("PrivateDnsEnabled", "boolean"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table(
        "AWS::EC2::SecurityGroup",
        app.SecurityGroup,
        {
            "name": lens("GroupName"),
            "vpc_id": lens("VpcId"),
            "description": lens("GroupDescription"),
            "inline_rules": lens("SecurityGroupEgress", by="lower_security_group"),
            "tags": lens("Tags", "tags"),
        },
    ),
    Table("AWS::EC2::SecurityGroup/SecurityGroupIngress", app.TrafficRule, _INGRESS, (("direction", "ingress"),)),
    Table("AWS::EC2::SecurityGroup/SecurityGroupEgress", app.TrafficRule, _EGRESS, (("direction", "egress"),)),
    Table("AWS::EC2::SecurityGroupIngress", app.SecurityGroupRule, _OWN_RULE),
    Table("AWS::EC2::SecurityGroupEgress", app.SecurityGroupRule, _OWN_RULE),
    Table(
        "AWS::CloudFront::Distribution",
        app.Distribution,
        {
            "minimum_tls": lens("DistributionConfig.ViewerCertificate.MinimumProtocolVersion"),
            "web_acl": lens("DistributionConfig.WebACLId"),
            "origins": lens("DistributionConfig.Origins.*.DomainName", "texts"),
            "edge_functions": lens(
                "DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.*.LambdaFunctionARN",
                "texts",
                also=("DistributionConfig.CacheBehaviors.*.LambdaFunctionAssociations.*.LambdaFunctionARN",),
            ),
            "tags": lens("Tags", "tags"),
        },
    ),
)
