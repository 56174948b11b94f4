# Read after `override.tf`, so it has the last word.
resource "aws_lambda_function" "orders" {
  timeout     = 30
  description = "last"
}

resource "aws_security_group" "rules" {
  ingress {
    from_port   = 8443
    to_port     = 8443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8"]
  }
}
