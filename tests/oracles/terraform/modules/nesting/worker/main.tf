variable "name" {
  type = string
}

variable "targets" {
  type = map(string)
}

resource "aws_sqs_queue" "this" {
  name = var.name
  tags = { for key, target in var.targets : title(key) => target }
}

output "name" {
  value = aws_sqs_queue.this.name
}

output "targets" {
  value = length(var.targets)
}
