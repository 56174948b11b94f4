locals {
  gateways = {
    s3       = { action = "s3:*", resource = "${var.reports_bucket_arn}/*" }
    dynamodb = { action = "dynamodb:Query", resource = "${var.orders_table_arn}/index/*" }
  }
}

resource "aws_vpc_endpoint" "gateway" {
  for_each = local.gateways

  vpc_id          = aws_vpc.this.id
  service_name    = "com.amazonaws.${local.region}.${each.key}"
  route_table_ids = [aws_route_table.private.id]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = each.value.action
      Resource  = each.value.resource
    }]
  })
}

resource "aws_vpc_endpoint" "secrets" {
  vpc_id              = aws_vpc.this.id
  vpc_endpoint_type   = "Interface"
  service_name        = "com.amazonaws.${local.region}.secretsmanager"
  private_dns_enabled = true
  subnet_ids          = values(aws_subnet.private)[*].id
  security_group_ids  = [aws_security_group.endpoints.id]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "secretsmanager:GetSecretValue"
      Resource  = var.warehouse_secret_arn
    }]
  })
}
