# What is read from files beside the configuration.
# scene: {"admin": "true"}

variable "admin" {
  type    = bool
  default = false
}

locals {
  services = yamldecode(file("${path.module}/services.yaml"))
  limits   = jsondecode(file("${path.root}/limits.json"))
  people   = csvdecode(file("people.csv"))
  policies = { for name in fileset(path.module, "policies/*.json") : trimsuffix(basename(name), ".json") => file(name) }
}

resource "aws_iam_policy" "file" {
  for_each = local.policies
  name     = each.key
  policy   = each.value
}

resource "aws_iam_policy" "templated" {
  name = "templated"
  policy = templatefile("${path.module}/templates/policy.json.tftpl", {
    account = "111122223333"
    admin   = var.admin
    tables  = { for name, service in local.services.services : name => service.tables if can(service.tables) }
  })
}

resource "aws_lambda_function" "service" {
  for_each         = local.services.services
  function_name    = "${local.services.prefix}-${each.key}"
  role             = "arn:aws:iam::111122223333:role/${each.key}"
  filename         = "${path.module}/code-${each.key}.zip"
  source_code_hash = filebase64sha256("${path.module}/people.csv")
  handler          = each.value.handler
  runtime          = lookup(each.value, "runtime", "python3.13")
  timeout          = local.limits[each.key].timeout
  memory_size      = try(local.limits[each.key].memory, 128)

  environment {
    variables = { for key, value in each.value.environment : upper(key) => value }
  }
}

resource "terraform_data" "read" {
  input = {
    people   = local.people
    emails   = [for person in local.people : person.email if person.team == "shop"]
    exists   = [fileexists("${path.module}/limits.json"), fileexists("${path.module}/nothing.json")]
    found    = fileset(path.module, "**/*.json")
    hashes   = [filemd5("limits.json"), filesha1("limits.json"), filesha256("limits.json")]
    base64   = filebase64("limits.json")
    rendered = templatefile("templates/greeting.tftpl", { names = ["ann", "bob"], loud = true, missing = null })
    anchors  = local.services.anchored
  }
}
