variable "reports_bucket_arn" {
  type = string
}

variable "orders_table_arn" {
  type = string
}

variable "warehouse_secret_arn" {
  type = string
}
