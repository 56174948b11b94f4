# What is made several times, or not at all, and how it is referred to.
# scene: {"replicas": "0", "enabled": "false"}
# scene: {"replicas": "2", "names": "[\"gamma\"]"}

variable "replicas" {
  type    = number
  default = 3
}

variable "enabled" {
  type    = bool
  default = true
}

variable "names" {
  type    = set(string)
  default = ["beta", "alpha"]
}

variable "queues" {
  type = map(object({
    delay = number
    fifo  = bool
  }))
  default = {
    "orders"          = { delay = 0, fifo = true }
    "users/created"   = { delay = 5, fifo = false }
    "with.dot"        = { delay = 10, fifo = false }
    "with \"quotes\"" = { delay = 15, fifo = false }
    "grüße"           = { delay = 20, fifo = false }
    "$${dollar}"      = { delay = 25, fifo = false }
  }
}

resource "aws_sqs_queue" "counted" {
  count         = var.replicas
  name          = format("counted-%02d", count.index + 1)
  delay_seconds = count.index * 10
}

resource "aws_sqs_queue" "maybe" {
  count = var.enabled ? 1 : 0
  name  = "maybe"
}

resource "aws_sqs_queue" "maybe_not" {
  count = var.enabled ? 0 : 1
  name  = "maybe-not"
}

resource "aws_sqs_queue" "named" {
  for_each = var.names
  name     = "${each.key}-${each.value}"
}

resource "aws_sqs_queue" "described" {
  for_each      = var.queues
  name          = each.value.fifo ? "q${each.value.delay}.fifo" : "q${each.value.delay}"
  fifo_queue    = each.value.fifo
  delay_seconds = each.value.delay
  tags          = { Key = each.key }
}

# Made for each instance of another resource.
resource "aws_sqs_queue" "chained" {
  for_each = aws_sqs_queue.named
  name     = "chained-${each.value.name}"
}

resource "aws_sqs_queue" "filtered" {
  for_each      = { for name, queue in var.queues : "${name}!" => queue if !queue.fifo && queue.delay < 20 }
  name          = "filtered-${each.value.delay}"
  delay_seconds = each.value.delay
}

resource "aws_sqs_queue" "from_list" {
  for_each = toset([for index, letter in ["x", "y", "x"] : "${letter}${index % 2}"])
  name     = each.value
}

resource "terraform_data" "references" {
  input = {
    splat           = aws_sqs_queue.counted[*].name
    legacy_splat    = aws_sqs_queue.counted.*.name
    one             = one(aws_sqs_queue.maybe[*].name)
    none            = one(aws_sqs_queue.maybe_not[*].name)
    joined          = join(",", concat(aws_sqs_queue.maybe[*].name, aws_sqs_queue.maybe_not[*].name))
    values          = values(aws_sqs_queue.named)[*].name
    keys            = keys(aws_sqs_queue.described)
    by_key          = aws_sqs_queue.described["users/created"].delay_seconds
    looked_up       = { for key, queue in aws_sqs_queue.described : key => queue.fifo_queue }
    length          = length(aws_sqs_queue.counted)
    tried           = try(aws_sqs_queue.counted[2].name, "no third")
    element         = try(element(aws_sqs_queue.counted, 4).name, "none at all")
    null_splat      = null[*]
    scalar_splat    = "one" [*]
    set_of_names    = toset([for queue in aws_sqs_queue.counted : queue.name])
    chained         = [for queue in aws_sqs_queue.chained : queue.name]
    tags            = [for queue in values(aws_sqs_queue.described) : queue.tags["Key"]]
    attribute_splat = [{ a = { b = 1 } }, { a = { b = 2 } }][*].a.b
    index_splat     = [["a", "b"], ["c", "d"]][*][1]
  }
}
