# Sensitive values, which no report may show.
# scene: {"password": "another-secret-1", "tokens": "{\"only\": \"x-1\"}"}

variable "password" {
  type      = string
  default   = "correct-horse-battery-9"
  sensitive = true
}

variable "tokens" {
  type      = map(string)
  default   = { orders = "token-1", users = "token-2" }
  sensitive = true
}

variable "plain" {
  type    = string
  default = "plain"
}

locals {
  url     = "postgres://admin:${var.password}@db.example.com/orders"
  marked  = sensitive("marked by hand")
  cleared = nonsensitive(length(var.password) > 5)
  names   = nonsensitive(keys(var.tokens))
}

resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = "arn:aws:iam::111122223333:role/orders"
  filename      = "code.zip"
  handler       = "index.handler"
  runtime       = "python3.13"

  environment {
    variables = {
      PASSWORD = var.password
      URL      = local.url
      MARKED   = local.marked
      PLAIN    = var.plain
      LONG     = local.cleared
    }
  }
}

resource "aws_ssm_parameter" "token" {
  for_each = toset(local.names)
  name     = "/orders/${each.key}"
  type     = "SecureString"
  value    = var.tokens[each.key]
}

resource "aws_secretsmanager_secret" "database" {
  name = "database"
}

resource "aws_secretsmanager_secret_version" "database" {
  secret_id     = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:database"
  secret_string = jsonencode({ user = "admin", password = var.password })
}

module "inner" {
  source = "./inner"
  secret = var.password
  open   = "open"
}

resource "terraform_data" "seen" {
  input = {
    whole     = var.tokens
    each      = { for name in local.names : name => var.tokens[name] }
    part      = { secret = var.password, open = var.plain }
    choice    = var.password == "x" ? "a" : "b"
    known     = issensitive(var.password) ? "it is" : "it is not"
    length    = length(local.names)
    unwrapped = nonsensitive(sensitive("nothing to hide"))
    outputs   = [module.inner.hidden, module.inner.open]
  }
}
