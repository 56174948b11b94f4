# Letters to the editor come through a load balancer.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_iam_policy_document" "lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "editor" {
  name               = "letter-editor"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "editor" {
  role       = aws_iam_role.editor.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "editor" {
  function_name = "letter-editor"
  runtime       = "python3.13"
  handler       = "edit.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.editor.arn
}

resource "aws_cloudwatch_log_group" "editor" {
  name              = "/aws/lambda/letter-editor"
  retention_in_days = 30
}

resource "aws_vpc" "net" {
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "outer" {
  for_each          = { a = "10.1.1.0/24", b = "10.1.2.0/24" }
  vpc_id            = aws_vpc.net.id
  cidr_block        = each.value
  availability_zone = "eu-west-1${each.key}"
}

resource "aws_lb" "editor" {
  name     = "editor"
  internal = true
  subnets  = [for subnet in aws_subnet.outer : subnet.id]
}

resource "aws_lb_listener" "editor" {
  load_balancer_arn = aws_lb.editor.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = "arn:aws:acm:eu-west-1:905418000017:certificate/00000000-0000-0000-0000-000000000000"
  default_action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      status_code  = "404"
    }
  }
}

resource "aws_lb_target_group" "editors" {
  name        = "editors"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "editors" {
  target_group_arn = aws_lb_target_group.editors.arn
  target_id        = aws_lambda_function.editor.arn
  depends_on       = [aws_lambda_permission.editor]
}

resource "aws_lb_listener_rule" "letters" {
  listener_arn = aws_lb_listener.editor.arn
  priority     = 1
  condition {
    path_pattern {
      values = ["/letters"]
    }
  }
  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.editors.arn
  }
}

resource "aws_lambda_permission" "editor" {
  function_name = aws_lambda_function.editor.arn
  action        = "lambda:InvokeFunction"
  principal     = "elasticloadbalancing.amazonaws.com"
}
