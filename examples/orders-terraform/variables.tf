variable "stage" {
  type        = string
  description = "See stages/"

  validation {
    condition     = contains(["dev", "staging", "prod"], var.stage)
    error_message = "One of dev, staging, prod."
  }
}

variable "region" {
  type    = string
  default = "eu-west-1"

  validation {
    condition     = contains(["eu-west-1", "eu-central-1"], var.region)
    error_message = "We are in eu-west-1 and eu-central-1 only."
  }
}

variable "organization_id" {
  type        = string
  description = "Our AWS organisation, for the few things that other accounts may call"

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "The id of an organisation begins with o-."
  }
}

variable "certificate_arn" {
  type        = string
  description = "Certificate of the API's domain name"
}

variable "auth_public_key_parameter" {
  type        = string
  description = "Where the PEM key of the login service is kept, which customer tokens are checked against"
  default     = "/tidewater/auth/public-key"
}
