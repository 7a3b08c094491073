variable "apis" {
  description = "Google APIs that the environment needs; they stay enabled when the stack is destroyed."
  type        = set(string)
  default = [
    "artifactregistry.googleapis.com",
    "billingbudgets.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
  ]
}

variable "budget" {
  description = "Billing account and address of the budget; null where no billing account is configured."
  type = object({
    account        = string
    project_number = string
    email          = optional(string)
    amount         = optional(number, 100)
  })
  default = null
}

variable "deployer" {
  description = "Workload that deploys without a key file; null leaves deploying to your own credentials."
  type = object({
    issuer              = string
    subject             = string
    attribute_condition = string
  })
  default = null
}

variable "environment" {
  description = "Environment and the one project that it owns."
  type = object({
    name    = string
    project = string
    region  = string
  })

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.environment.project))
    error_message = "environment.project '${var.environment.project}' is not a Google project id."
  }
}

variable "repository" {
  description = "Artifact Registry repository of the services' images."
  type        = string
  default     = "services"
}

variable "scheduled" {
  description = "Jobs run by a schedule: Cloud Scheduler is needed."
  type        = bool
  default     = false
}

variable "services" {
  description = "Short names of each service's secrets, by service; `external` ones are made elsewhere."
  type = map(object({
    secrets  = set(string)
    external = optional(set(string), [])
  }))

  validation {
    condition     = alltrue([for name in keys(var.services) : length(name) <= 26])
    error_message = "services has a name over 26 characters: ${join(", ", [for name in keys(var.services) : name if length(name) > 26])}. `run-NAME` must fit a Google account id of 30."
  }

  validation {
    condition     = alltrue([for name in keys(var.services) : can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", name))])
    error_message = "services must have names of lower-case letters, digits and dashes, a letter first: ${join(", ", keys(var.services))}."
  }

  # `a` with the secret `b-c` and `a-b` with the secret `c` would share one secret.
  validation {
    condition = length(distinct(concat(["supabase-admin", "supabase-migrator"], flatten([
      for name, service in var.services : [
        for secret in concat(tolist(service.secrets), tolist(service.external)) : "${name}-${secret}"
      ]
      ])))) == 2 + sum(concat([0], [
      for service in values(var.services) : length(service.secrets) + length(service.external)
    ]))
    error_message = "services declare two secrets with one full name (SERVICE-SECRET, supabase-admin or supabase-migrator): rename one."
  }
}
