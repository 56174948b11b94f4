# Where values of variables come from, and what their types make of them.
# scene: {"stage": "prod", "replicas": "7", "zones": "[\"eu-west-1c\"]", "limits": "{\"memory\": 1024}"}
# scene: {"open": "false", "note": "null", "weights": "{\"a\": 1, \"b\": \"2\"}", "ids": "[3, 1, 3]"}

variable "stage" {
  type    = string
  default = "dev"

  validation {
    condition     = length(var.stage) > 2
    error_message = "A stage has a name."
  }
}

variable "from_tfvars" {
  default = "from the default"
}

variable "from_tfvars_json" {
  default = "from the default"
}

variable "from_first_auto" {
  default = "from the default"
}

variable "from_second_auto" {
  default = "from the default"
}

variable "from_auto_json" {
  default = "from the default"
}

variable "replicas" {
  type    = number
  default = "3"
}

variable "open" {
  type    = bool
  default = "true"
}

variable "zones" {
  type    = list(string)
  default = ["eu-west-1b", "eu-west-1a"]
}

variable "ids" {
  type    = set(string)
  default = ["b", "a", "b"]
}

variable "weights" {
  type    = map(string)
  default = { small = 1, big = 2.50, on = true }
}

variable "limits" {
  type = object({
    memory  = number
    timeout = optional(number, 10)
  })
  default = { memory = "512", ignored = "not in the type" }
}

variable "pair" {
  type    = tuple([string, number])
  default = [1, "2"]
}

variable "anything" {
  type    = any
  default = { list = [1, "two", false], nothing = null }
}

variable "same" {
  type    = list(any)
  default = [1, "two", true]
}

variable "untyped" {
  default = [1, "two"]
}

variable "note" {
  type    = string
  default = "a note"
}

variable "never_null" {
  type     = string
  default  = "not null"
  nullable = false
}

variable "description_only" {
  description = <<-EOT
    Given by a file.
    Has no default.
  EOT
  type        = string
}

locals {
  name = "orders-${var.stage}"
  all = {
    tfvars      = var.from_tfvars
    tfvars_json = var.from_tfvars_json
    first_auto  = var.from_first_auto
    second_auto = var.from_second_auto
    auto_json   = var.from_auto_json
  }
}

resource "terraform_data" "sources" {
  input = merge(local.all, { given = var.description_only, never_null = var.never_null })
}

resource "terraform_data" "typed" {
  input = {
    replicas = var.replicas
    next     = var.replicas + 1
    open     = var.open
    zones    = var.zones
    ids      = var.ids
    weights  = var.weights
    limits   = var.limits
    pair     = var.pair
    anything = var.anything
    same     = var.same
    untyped  = var.untyped
    note     = var.note
    isnull   = var.note == null
    text     = "${var.replicas} of ${var.open}"
  }
}

resource "aws_lambda_function" "orders" {
  function_name                  = local.name
  role                           = "arn:aws:iam::111122223333:role/${local.name}"
  filename                       = "code.zip"
  handler                        = "index.handler"
  runtime                        = "python3.13"
  memory_size                    = var.limits.memory
  timeout                        = var.limits["timeout"]
  reserved_concurrent_executions = var.open ? var.replicas : 0
  description                    = var.note

  environment {
    variables = {
      STAGE = var.stage
      ZONES = join(",", var.zones)
      OPEN  = var.open
      COUNT = var.replicas
    }
  }
}
