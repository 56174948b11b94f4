variable "secret" {
  type = string
}

variable "open" {
  type = string
}

resource "aws_sqs_queue" "this" {
  name = "inner"
  tags = { Open = var.open }
}

output "hidden" {
  value     = upper(var.secret)
  sensitive = true
}

output "open" {
  value = upper(var.open)
}
