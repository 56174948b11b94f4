data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

# what the platform team shares: rotation functions, where alarms go
data "terraform_remote_state" "platform" {
  backend = "s3"

  config = {
    bucket = "tidewater-terraform"
    key    = "platform/${var.stage}.tfstate"
    region = "eu-west-1"
  }
}

data "aws_ssm_parameter" "auth_public_key" {
  name = var.auth_public_key_parameter
}
