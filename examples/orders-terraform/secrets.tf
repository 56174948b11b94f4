# Fernpay has no sandbox yet, so every stage uses this key with test cards
variable "fernpay_api_key" {
  type    = string
  default = "fpk_live_7Hq2xRw9TnV4sLc8YbKd3JmZ"
}

# ---------------------------------------------------------------- keys

locals {
  # the account decides, by its policies in IAM
  key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_key" "payments" {
  description = "Payment provider secrets"
  policy      = local.key_policy
}

resource "aws_kms_key" "data" {
  description         = "Function configuration, carrier and warehouse secrets, reports"
  enable_key_rotation = true
  policy              = local.key_policy
}

# ---------------------------------------------------------------- payments

resource "aws_secretsmanager_secret" "fernpay" {
  name        = "${local.prefix}/fernpay"
  description = "Webhook signing secret, as shown once in the Fernpay console"
  kms_key_id  = aws_kms_key.payments.arn
}

# ---------------------------------------------------------------- carrier

resource "aws_secretsmanager_secret" "carrier" {
  name        = "${local.prefix}/carrier"
  description = "Swiftparcel API token and webhook signing secret"
  kms_key_id  = aws_kms_key.data.arn
}

resource "aws_secretsmanager_secret_rotation" "carrier" {
  secret_id           = aws_secretsmanager_secret.carrier.id
  rotation_lambda_arn = data.terraform_remote_state.platform.outputs.carrier_rotation_arn

  rotation_rules {
    automatically_after_days = 90
  }
}

# ---------------------------------------------------------------- warehouse

resource "aws_secretsmanager_secret" "warehouse" {
  name        = "${local.prefix}/warehouse"
  description = "Login of the warehouse database"
  kms_key_id  = aws_kms_key.data.arn
}

ephemeral "aws_secretsmanager_random_password" "warehouse" {
  password_length     = 32
  exclude_punctuation = true
}

# only the first one, which is in no state; the rotation makes all others
resource "aws_secretsmanager_secret_version" "warehouse" {
  secret_id                = aws_secretsmanager_secret.warehouse.id
  secret_string_wo_version = 1

  secret_string_wo = jsonencode({
    username = "backoffice"
    host     = "warehouse.tidewater.example"
    password = ephemeral.aws_secretsmanager_random_password.warehouse.random_password
  })
}

resource "aws_secretsmanager_secret_rotation" "warehouse" {
  secret_id           = aws_secretsmanager_secret.warehouse.id
  rotation_lambda_arn = data.terraform_remote_state.platform.outputs.mysql_rotation_arn

  rotation_rules {
    automatically_after_days = 30
  }

  depends_on = [aws_secretsmanager_secret_version.warehouse]
}

data "aws_secretsmanager_secret_version" "warehouse" {
  secret_id = aws_secretsmanager_secret.warehouse.id
}
