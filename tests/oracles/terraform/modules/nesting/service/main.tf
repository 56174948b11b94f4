variable "name" {
  type = string
}

variable "stage" {
  type = string
}

variable "functions" {
  type = map(object({ memory = number }))
}

variable "tags" {
  type    = map(string)
  default = {}
}

module "function" {
  source   = "./function"
  for_each = var.functions

  name   = "${var.name}-${each.key}-${var.stage}"
  memory = var.stage == "prod" ? each.value.memory * 2 : each.value.memory
  tags   = var.tags
}

resource "aws_cloudwatch_log_group" "function" {
  for_each          = module.function
  name              = "/aws/lambda/${each.value.name}"
  retention_in_days = var.stage == "prod" ? 365 : 14
}

output "names" {
  value = { for key, function in module.function : key => function.name }
}

output "sizes" {
  value = values(module.function)[*].memory
}

output "greeting" {
  value = templatefile("${path.module}/hello.tftpl", { name = var.name, functions = keys(var.functions) })
}
