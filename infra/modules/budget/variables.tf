variable "amount" {
  description = "USD a month. A budget warns, it does not cap."
  type        = number
  default     = 100

  validation {
    condition     = var.amount >= 1 && floor(var.amount) == var.amount
    error_message = "amount is ${var.amount}: it must be a whole number of dollars, at least 1."
  }
}

variable "billing_account" {
  description = "Billing account, such as 012345-6789AB-CDEF01."
  type        = string

  validation {
    condition     = can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account '${var.billing_account}' must look like 012345-6789AB-CDEF01."
  }
}

variable "email" {
  description = "Address that hears of every threshold; null leaves the billing account's administrators only."
  type        = string
  default     = null

  validation {
    condition     = var.email == null || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.email))
    error_message = "email '${coalesce(var.email, "-")}' is not an e-mail address."
  }
}

variable "labels" {
  description = "Labels of the topic and its subscription."
  type        = map(string)
  default     = {}
}

variable "name" {
  description = "Name shown with the budget."
  type        = string
}

variable "project" {
  description = "Google project id whose cost is watched."
  type        = string
}

variable "project_number" {
  description = "Number of that project: budgets answer with numbers, an id would differ on every plan."
  type        = string

  validation {
    condition     = can(regex("^[0-9]+$", var.project_number))
    error_message = "project_number '${var.project_number}' must be a number."
  }
}

variable "thresholds" {
  description = "Shares of the amount at which a warning is sent."
  type        = list(number)
  default     = [0.5, 0.75, 0.9, 1]

  validation {
    condition     = alltrue([for share in var.thresholds : share > 0 && share <= 2])
    error_message = "thresholds must be shares of the amount between 0 and 2 (0.5 is 50 %): ${join(", ", var.thresholds)}."
  }
}
