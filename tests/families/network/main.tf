# A function inside a network, with files that others keep there.

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

resource "aws_iam_role" "thumbs" {
  name               = "thumbs"
  assume_role_policy = data.aws_iam_policy_document.lambda.json
}

resource "aws_iam_role_policy_attachment" "thumbs" {
  role       = aws_iam_role.thumbs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_iam_role_policy_attachment" "thumbs_2" {
  role       = aws_iam_role.thumbs.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

data "aws_iam_policy_document" "thumbs" {
  statement {
    actions   = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
    resources = [aws_efs_file_system.files.arn]
  }
}

resource "aws_iam_role_policy" "thumbs" {
  name   = "own"
  role   = aws_iam_role.thumbs.id
  policy = data.aws_iam_policy_document.thumbs.json
}

resource "aws_lambda_function" "thumbs" {
  function_name = "thumbs"
  runtime       = "python3.13"
  handler       = "thumbs.handler"
  filename      = "function.zip"
  memory_size   = 256
  timeout       = 10
  role          = aws_iam_role.thumbs.arn
  vpc_config {
    subnet_ids         = [aws_subnet.inner.id, aws_subnet.inner2.id]
    security_group_ids = [aws_security_group.thumbs.id]
  }
  file_system_config {
    arn              = aws_efs_access_point.thumbs.arn
    local_mount_path = "/mnt/thumbs"
  }
}

resource "aws_cloudwatch_log_group" "thumbs" {
  name              = "/aws/lambda/thumbs"
  retention_in_days = 30
}

resource "aws_vpc" "net" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "inner" {
  vpc_id            = aws_vpc.net.id
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1a"
}

resource "aws_subnet" "inner2" {
  vpc_id            = aws_vpc.net.id
  cidr_block        = "10.0.2.0/24"
  availability_zone = "eu-west-1b"
}

resource "aws_security_group" "thumbs" {
  name        = "thumbs"
  description = "what the function may reach"
  vpc_id      = aws_vpc.net.id
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  egress {
    protocol    = "tcp"
    from_port   = 2049
    to_port     = 2049
    cidr_blocks = ["10.0.0.0/16"]
  }
}

resource "aws_efs_file_system" "files" {
  encrypted = true
}

resource "aws_efs_mount_target" "files" {
  file_system_id  = aws_efs_file_system.files.id
  subnet_id       = aws_subnet.inner.id
  security_groups = [aws_security_group.thumbs.id]
}

resource "aws_efs_access_point" "thumbs" {
  file_system_id = aws_efs_file_system.files.id
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory {
    path = "/thumbs"
  }
}
