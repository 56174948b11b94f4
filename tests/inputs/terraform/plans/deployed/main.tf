# What is deployed already: the plan knows what the account has made of it.

resource "aws_iam_role" "reports" {
  name = "reports"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com", AWS = "arn:aws:iam::111122223333:root" }
    }]
  })
}

resource "aws_iam_role_policy" "reports" {
  name   = "buckets"
  role   = aws_iam_role.reports.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_iam_role_policy_attachment" "reports" {
  role       = aws_iam_role.reports.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}

resource "aws_lambda_function" "reports" {
  function_name                  = "reports"
  role                           = aws_iam_role.reports.arn
  runtime                        = "python3.13"
  handler                        = "app.handler"
  filename                       = "app.zip"
  timeout                        = 60
  reserved_concurrent_executions = 5

  tracing_config {
    mode = "Active"
  }
}

resource "aws_lambda_permission" "reports" {
  statement_id  = "own-account"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.reports.function_name
  principal     = "111122223333"
}
