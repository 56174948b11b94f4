# Before version 3.1 the log group has the name of the state machine.

locals {
  own_group = var.name
}
