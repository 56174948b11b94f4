# Documents of policies, as the data source writes them.
# scene: {"stage": "prod", "tables": "{\"orders\": [\"GetItem\", \"PutItem\"], \"users\": []}"}

variable "stage" {
  type    = string
  default = "dev"
}

variable "tables" {
  type = map(list(string))
  default = {
    orders = ["GetItem"]
  }
}

variable "readers" {
  type    = list(string)
  default = ["111122223333", "444455556666"]
}

locals {
  account = "111122223333"
  prefix  = "arn:aws:dynamodb:eu-west-1:${local.account}:table"
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "Lambda"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.${data.aws_partition.current.dns_suffix}", "edgelambda.amazonaws.com"]
    }
  }

  statement {
    actions = ["sts:AssumeRole", "sts:TagSession"]

    principals {
      type        = "AWS"
      identifiers = [for account in var.readers : "arn:aws:iam::${account}:root"]
    }

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["one", "two"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1234567890"]
    }

    condition {
      test     = "Bool"
      variable = "aws:MultiFactorAuthPresent"
      values   = [true]
    }
  }
}

data "aws_iam_policy_document" "tables" {
  version   = "2012-10-17"
  policy_id = "tables-${var.stage}"

  dynamic "statement" {
    for_each = { for name, actions in var.tables : name => actions if length(actions) > 0 }

    content {
      sid       = title(statement.key)
      actions   = [for action in statement.value : "dynamodb:${action}"]
      resources = ["${local.prefix}/${statement.key}", "${local.prefix}/${statement.key}/index/*"]

      dynamic "condition" {
        for_each = var.stage == "prod" ? ["orders", "admin"] : []

        content {
          test     = "ForAllValues:StringLike"
          variable = "dynamodb:LeadingKeys"
          values   = ["${condition.value}-*"]
        }
      }
    }
  }

  statement {
    sid         = "Everything else"
    effect      = "Deny"
    not_actions = ["dynamodb:GetItem", "dynamodb:Query"]
    resources   = ["*"]
  }

  statement {
    effect        = "Deny"
    actions       = ["s3:*"]
    not_resources = ["arn:aws:s3:::public/*"]

    not_principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${local.account}:role/admin"]
    }
  }
}

data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:aws:logs:*:*:*"]
  }

  statement {
    sid       = "Shared"
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::shared/*"]
  }

  statement {
    actions   = ["sqs:SendMessage"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "stricter" {
  statement {
    sid       = "Shared"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["*"]
  }

  statement {
    sid       = "More"
    actions   = ["sns:Publish"]
    resources = ["arn:aws:sns:eu-west-1:${local.account}:topic"]
  }
}

# Statements of its own replace those of its sources with the same sid; overriding ones replace either.
data "aws_iam_policy_document" "merged" {
  source_policy_documents = [
    data.aws_iam_policy_document.base.json,
    jsonencode({
      Version = "2008-10-17"
      Id      = "written-out"
      Statement = [{
        Sid      = "Written"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = ["arn:aws:kms:eu-west-1:${local.account}:key/1", "arn:aws:kms:eu-west-1:${local.account}:key/2"]
        Condition = {
          StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" }
        }
      }]
    }),
  ]
  override_policy_documents = [
    data.aws_iam_policy_document.stricter.json,
    file("${path.module}/override.json"),
  ]

  statement {
    sid       = "Logs"
    actions   = ["logs:PutLogEvents"]
    resources = ["arn:aws:logs:eu-west-1:${local.account}:log-group:/aws/lambda/orders:*"]
  }

  statement {
    sid       = "Own"
    actions   = ["dynamodb:GetItem"]
    resources = [for name in sort(keys(var.tables)) : "${local.prefix}/${name}"]
  }
}

data "aws_iam_policy_document" "each" {
  for_each = var.tables

  statement {
    actions   = ["dynamodb:Query"]
    resources = ["${local.prefix}/${each.key}"]

    condition {
      test     = "IpAddress"
      variable = "aws:SourceIp"
      values   = ["10.0.0.0/8", "&{aws:username}", "192.168.0.0/16"]
    }
  }
}

data "aws_iam_policy_document" "counted" {
  count = 2

  statement {
    sid       = "Number${count.index}"
    actions   = ["sqs:ReceiveMessage"]
    resources = ["arn:aws:sqs:eu-west-1:${local.account}:queue-${count.index}"]
  }
}

data "aws_iam_policy_document" "all" {
  source_policy_documents = concat(
    [for document in data.aws_iam_policy_document.each : document.json],
    data.aws_iam_policy_document.counted[*].json,
  )
}

data "aws_iam_policy_document" "empty" {}

data "aws_iam_policy_document" "public" {
  statement {
    actions   = ["sns:Publish"]
    resources = ["*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }

  statement {
    actions   = ["sns:Subscribe"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}

resource "aws_iam_role" "worker" {
  name               = "worker"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

resource "aws_iam_policy" "tables" {
  name   = "tables"
  policy = data.aws_iam_policy_document.tables.json
}

resource "aws_iam_role_policy" "merged" {
  role   = aws_iam_role.worker.name
  name   = "merged"
  policy = data.aws_iam_policy_document.merged.json
}

resource "aws_iam_policy" "each" {
  for_each = data.aws_iam_policy_document.each
  name     = each.key
  policy   = each.value.json
}

resource "aws_iam_policy" "all" {
  name   = "all"
  policy = data.aws_iam_policy_document.all.minified_json
}

resource "aws_sns_topic" "public" {
  name   = "public"
  policy = data.aws_iam_policy_document.public.json
}

# The very text, and not what a provider makes of it.
resource "terraform_data" "exact" {
  input = {
    trust  = data.aws_iam_policy_document.trust.json
    empty  = data.aws_iam_policy_document.empty.json
    public = data.aws_iam_policy_document.public.minified_json
    taken  = [for statement in jsondecode(data.aws_iam_policy_document.merged.json).Statement : try(statement.Sid, "none")]
    length = length(jsondecode(data.aws_iam_policy_document.tables.json).Statement)
  }
}

provider "aws" {
  region = "eu-west-1"
}
