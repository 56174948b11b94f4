# Types with optional attributes, and what they do to values.
# scene: {"apis": "{\"a\": {}, \"b\": {\"cors\": {\"origins\": [\"https://example.com\"]}}}", "single": "{}"}
# scene: {"apis": "{\"a\": {\"auth\": null, \"cors\": null, \"routes\": [{\"path\": \"/\"}]}}"}

variable "apis" {
  type = map(object({
    auth    = optional(string, "AWS_IAM")
    timeout = optional(number)
    tags    = optional(map(string), {})
    cors = optional(object({
      origins = optional(list(string), ["https://shop.example.com"])
      max_age = optional(number, 300)
      headers = optional(set(string))
    }), {})
    routes = optional(list(object({
      path   = string
      method = optional(string, "GET")
      open   = optional(bool, false)
    })), [])
  }))
  default = {
    orders = {
      auth = "NONE"
      cors = { max_age = "60", headers = ["b", "a", "b"] }
      routes = [
        { path = "/orders" },
        { path = "/orders", method = "POST", open = "true", dropped = "not in the type" },
      ]
      dropped = { not = "in the type" }
    }
    users = { tags = { Team = "identity", Level = 3 }, timeout = "15" }
  }
}

variable "single" {
  type = object({
    name = optional(string, "single")
    inner = optional(object({
      on    = optional(bool, true)
      count = optional(number, 1)
    }))
  })
  default = { inner = {} }
}

variable "grants" {
  type = set(object({
    who    = string
    action = optional(string, "read")
  }))
  default = [{ who = "ann" }, { who = "bob", action = "write" }, { who = "ann", action = "read" }]
}

variable "mixed" {
  type    = tuple([string, bool, list(number)])
  default = [1, "true", ["2", 3]]
}

variable "maps" {
  type    = map(map(string))
  default = { a = { x = 1 }, b = {} }
}

resource "aws_lambda_function" "api" {
  for_each      = var.apis
  function_name = each.key
  role          = "arn:aws:iam::111122223333:role/${each.key}"
  filename      = "code.zip"
  handler       = "index.handler"
  runtime       = "python3.13"
  timeout       = coalesce(each.value.timeout, 30)
  tags          = each.value.tags
}

resource "aws_lambda_function_url" "api" {
  for_each           = var.apis
  function_name      = aws_lambda_function.api[each.key].function_name
  authorization_type = each.value.auth

  dynamic "cors" {
    for_each = each.value.cors[*]

    content {
      allow_origins = cors.value.origins
      allow_headers = cors.value.headers
      max_age       = cors.value.max_age
    }
  }
}

locals {
  routes = merge([
    for name, api in var.apis : {
      for route in api.routes : "${name} ${route.method} ${route.path}" => route
    }
  ]...)
}

resource "aws_sqs_queue" "route" {
  for_each = { for key, route in local.routes : key => route if !route.open }
  name     = "route-${lower(each.value.method)}"
}

resource "terraform_data" "seen" {
  input = {
    apis    = var.apis
    single  = var.single
    on      = try(var.single.inner.on, "no inner")
    grants  = var.grants
    who     = [for grant in var.grants : "${grant.who}:${grant.action}"]
    mixed   = var.mixed
    maps    = var.maps
    lookup  = lookup(var.maps["a"], "x", "none")
    missing = lookup(var.maps["b"], "x", "none")
    routes  = keys(local.routes)
  }
}
