# Beside the file in JSON, of which it uses what that declares.
# scene: {"stage": "prod", "sizes": "{\"small\": 128, \"large\": 192}"}

resource "terraform_data" "seen" {
  input = {
    name     = local.name
    list     = local.list
    computed = local.computed
    nested   = local.nested
    literal  = var.literal
    escaped  = local.escaped
    queue    = module.queue.name
    each     = { for key, queue in aws_sqs_queue.each : key => queue.max_message_size }
  }
}
