variable "name" {
  type = string
}

variable "memory" {
  type    = number
  default = 128
}

variable "tags" {
  type = map(string)
}

resource "aws_lambda_function" "this" {
  function_name = var.name
  role          = "arn:aws:iam::111122223333:role/${var.name}"
  filename      = "${path.module}/code.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
  memory_size   = var.memory
  tags          = var.tags
}

output "name" {
  value = aws_lambda_function.this.function_name
}

output "memory" {
  value = aws_lambda_function.this.memory_size
}

output "arn" {
  value = aws_lambda_function.this.arn
}
