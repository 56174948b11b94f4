# Modules in modules, several times each, and what comes out of them.
# scene: {"services": "{\"solo\": {\"functions\": {\"only\": {\"memory\": 1024}}}}", "workers": "0"}

variable "services" {
  type = map(object({
    stage     = optional(string, "dev")
    functions = map(object({ memory = number }))
  }))
  default = {
    shop = {
      functions = {
        orders = { memory = 512 }
        carts  = { memory = 256 }
      }
    }
    identity = {
      stage     = "prod"
      functions = { users = { memory = 128 } }
    }
  }
}

variable "workers" {
  type    = number
  default = 2
}

module "service" {
  source   = "./service"
  for_each = var.services

  name      = each.key
  stage     = each.value.stage
  functions = each.value.functions
  tags      = merge(local.tags, { Service = each.key })
}

module "worker" {
  source = "./worker"
  count  = var.workers

  name = "worker-${count.index}"
  # A map that another module gives out.
  targets = module.service[keys(var.services)[0]].names
}

module "plain" {
  source  = "./worker"
  name    = "plain"
  targets = {}
}

locals {
  tags = { Root = basename(path.root) == path.root, Stage = terraform.workspace }
}

resource "aws_sqs_queue" "of_outputs" {
  for_each = { for name, service in module.service : name => service.names }
  name     = join("-", sort(values(each.value)))
}

resource "terraform_data" "seen" {
  input = {
    names     = { for name, service in module.service : name => service.names }
    memory    = sum(flatten([for service in module.service : [for size in service.sizes : size]]))
    workers   = module.worker[*].name
    last      = try(module.worker[1].name, "no second")
    plain     = module.plain.name
    count     = length(module.worker)
    keys      = keys(module.service)
    templated = { for name, service in module.service : name => service.greeting }
    object    = module.plain
  }
}
