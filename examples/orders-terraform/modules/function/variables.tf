variable "name" {
  type = string
}

variable "package" {
  description = "The archive_file with its code"
  type = object({
    output_path         = string
    output_base64sha256 = string
  })
}

variable "handler" {
  type    = string
  default = "app.handler"
}

variable "runtime" {
  type    = string
  default = "python3.13"
}

variable "memory_size" {
  type    = number
  default = 256
}

variable "timeout" {
  type    = number
  default = 60
}

variable "reserved_concurrency" {
  type    = number
  default = null
}

variable "layers" {
  type    = list(string)
  default = []
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "kms_key_arn" {
  description = "Key of the environment; without one Lambda uses its own"
  type        = string
  default     = null
}

variable "tracing" {
  type    = string
  default = "Active"
}

variable "log_group" {
  type = object({
    name = string
    arn  = string
  })
}

variable "code_signing_config_arn" {
  type    = string
  default = null
}

variable "dead_letter_arn" {
  type    = string
  default = null
}

variable "vpc" {
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null
}

variable "create_role" {
  description = "Whether it gets a role of its own; if not, role_arn says which one it has"
  type        = bool
  default     = true
}

variable "role_arn" {
  type    = string
  default = null
}

variable "policies" {
  description = "Policy documents in JSON of what it may do beside logs, traces and its network"
  type        = list(string)
  default     = []
}

variable "managed_policy_arns" {
  type    = list(string)
  default = []
}
