resource "aws_security_group" "search" {
  name        = "orders-search"
  description = "Back-office search"
  vpc_id      = aws_vpc.this.id

  egress {
    description = "anything out"
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description      = "anything out (v6)"
    protocol         = "-1"
    from_port        = 0
    to_port          = 0
    ipv6_cidr_blocks = ["::/0"]
  }
}

resource "aws_security_group" "report" {
  name        = "orders-report"
  description = "Nightly report"
  vpc_id      = aws_vpc.this.id
}

resource "aws_vpc_security_group_egress_rule" "report_to_warehouse" {
  security_group_id = aws_security_group.report.id
  description       = "warehouse"
  ip_protocol       = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_ipv4         = "10.20.0.0/16"
}

resource "aws_vpc_security_group_egress_rule" "report_to_endpoints" {
  security_group_id            = aws_security_group.report.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
  referenced_security_group_id = aws_security_group.endpoints.id
}

resource "aws_vpc_security_group_egress_rule" "report_to_gateways" {
  for_each = aws_vpc_endpoint.gateway

  security_group_id = aws_security_group.report.id
  description       = each.key
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  prefix_list_id    = each.value.prefix_list_id
}

resource "aws_security_group" "endpoints" {
  name        = "orders-endpoints"
  description = "Interface endpoints"
  vpc_id      = aws_vpc.this.id

  ingress {
    description = "functions of this VPC"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = [aws_vpc.this.cidr_block]
  }

  # what AWS gives every group; Terraform takes it away unless it is written
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
