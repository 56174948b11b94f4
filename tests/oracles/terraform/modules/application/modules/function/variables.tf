variable "name" {
  type = string
}

variable "handler" {
  type = string
}

variable "memory" {
  type    = number
  default = 128
}

variable "environment" {
  type    = map(string)
  default = {}
}

variable "statements" {
  type = map(object({
    actions   = list(string)
    resources = list(string)
  }))
}

variable "url" {
  type    = string
  default = null
}

variable "retention" {
  type = number
}
