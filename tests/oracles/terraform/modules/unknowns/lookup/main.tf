variable "arns" {
  type = map(string)
}

variable "known" {
  type = string
}

resource "aws_cloudwatch_log_group" "each" {
  for_each = var.arns
  name     = "/jobs/${each.key}"
  tags     = { Known = var.known }
}

output "all" {
  value = { known = var.known, names = keys(var.arns), groups = [for group in aws_cloudwatch_log_group.each : group.name] }
}

output "arn" {
  value = var.arns["fast"]
}
