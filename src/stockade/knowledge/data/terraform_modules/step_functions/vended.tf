# Since version 3.1 the log group is one whose policy may grow: its name starts as those of vended logs do.

locals {
  own_group = "/aws/vendedlogs/states/${var.name}"
}
