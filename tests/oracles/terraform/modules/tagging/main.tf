# Providers with default tags, aliases, and modules that are given others than they would have.
# scene: {"stage": "prod"}

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "stage" {
  type    = string
  default = "dev"
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = {
      Stage = var.stage
      Owner = "platform"
    }
  }
}

provider "aws" {
  alias  = "edge"
  region = "us-east-1"

  default_tags {
    tags = merge(local.edge, { Stage = upper(var.stage) })
  }
}

provider "aws" {
  alias  = "bare"
  region = local.regions[var.stage]
}

locals {
  edge    = { Edge = "yes" }
  regions = { dev = "eu-north-1", prod = "eu-central-1" }
}

data "aws_region" "default" {}

data "aws_region" "edge" {
  provider = aws.edge
}

data "aws_region" "bare" {
  provider = aws.bare
}

resource "aws_sqs_queue" "plain" {
  name = "plain"
}

resource "aws_sqs_queue" "tagged" {
  name = "tagged"
  tags = {
    Owner = "shop"
    Extra = "more"
  }
}

resource "aws_sqs_queue" "edge" {
  provider = aws.edge
  name     = "edge"
}

resource "aws_sqs_queue" "bare" {
  provider = aws.bare
  name     = "bare"
  tags     = {}
}

module "inherited" {
  source = "./regional"
  name   = "inherited"

  providers = {
    aws.other = aws.bare
  }
}

module "edge" {
  source = "./regional"
  name   = "edge"

  providers = {
    aws       = aws.edge
    aws.other = aws
  }
}

module "bare" {
  source   = "./regional"
  for_each = toset(["a", "b"])
  name     = "bare-${each.key}"

  providers = {
    aws       = aws.bare
    aws.other = aws.edge
  }
}

resource "terraform_data" "regions" {
  input = {
    default = data.aws_region.default.name
    edge    = data.aws_region.edge.name
    bare    = data.aws_region.bare.id
    modules = [module.edge.region, module.bare["a"].region]
    other   = module.bare["b"].other
  }
}
