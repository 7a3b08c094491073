variable "attribute_condition" {
  description = "CEL condition on the token's claims; without one, every user of the issuer could come in."
  type        = string

  validation {
    condition     = can(regex("assertion\\.", var.attribute_condition))
    error_message = "attribute_condition '${var.attribute_condition}' must test a claim of the token (assertion.NAME)."
  }
}

variable "buckets" {
  description = "State and release buckets, by name."
  type        = set(string)
}

variable "issuer" {
  description = "OIDC issuer whose tokens are exchanged for the accounts' own."
  type        = string

  validation {
    condition     = startswith(var.issuer, "https://")
    error_message = "issuer '${var.issuer}' must be an https address."
  }
}

variable "migrator" {
  description = "Account that migrates databases; it is made beside the secret that only it reads."
  type = object({
    email  = string
    member = string
    name   = string
  })
}

variable "project" {
  description = "Google project id."
  type        = string
}

variable "runtime_accounts" {
  description = "Resource names of the services' accounts, by service: those that the deployer may attach."
  type        = map(string)
}

variable "scheduled" {
  description = "Jobs run by a schedule: the deployer sets it."
  type        = bool
  default     = false
}

variable "subject" {
  description = "Value of the token's `sub` claim that may act as the accounts."
  type        = string

  validation {
    condition     = length(var.subject) > 0 && var.subject != "*"
    error_message = "subject '${var.subject}' must name one workload."
  }
}
