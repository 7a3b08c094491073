variable "accessors" {
  description = "E-mail addresses of the service accounts that may read the secret's values, by service."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for email in values(var.accessors) : can(regex("^[^:@\\s]+@[^:@\\s]+$", email))])
    error_message = "accessors must be plain e-mail addresses of service accounts: ${join(", ", values(var.accessors))}."
  }
}

variable "labels" {
  description = "Labels of the secret."
  type        = map(string)
  default     = {}
}

variable "project" {
  description = "Google project id."
  type        = string
}

variable "secret_id" {
  description = "Name of the secret."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,254}$", var.secret_id))
    error_message = "secret_id '${var.secret_id}' must be lower-case letters, digits and dashes, a letter first, at most 255 characters."
  }
}
