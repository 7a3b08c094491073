variable "args" {
  description = "Arguments in place of the image's CMD."
  type        = list(string)
  default     = null
}

variable "command" {
  description = "What is started in place of the image's ENTRYPOINT."
  type        = list(string)
  default     = null
}

variable "cpu" {
  description = "vCPU of a task or an instance."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 4, 6, 8], var.cpu)
    error_message = "cpu is ${var.cpu}: a job or a worker has 1, 2, 4, 6 or 8."
  }
}

variable "env" {
  description = "Plain environment variables. Anything secret belongs into `secrets`."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for key in keys(var.env) : !can(regex("(?i)SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL", key))
    ])
    error_message = "env holds a key that looks like a secret: ${join(", ", [
      for key in keys(var.env) : key if can(regex("(?i)SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL", key))
    ])}. Declare it under `secrets`, it is then mounted as a file."
  }
}

variable "image" {
  description = "Image reference with its digest (REGISTRY/PATH@sha256:HEX)."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "image '${var.image}' must name a digest (...@sha256:<64 hex digits>): a tag can change under your feet."
  }
}

variable "kind" {
  description = "job: runs and ends; worker: runs all the time."
  type        = string

  validation {
    condition     = contains(["job", "worker"], var.kind)
    error_message = "kind '${var.kind}' is neither job nor worker."
  }
}

variable "labels" {
  description = "Labels of the job or the worker pool."
  type        = map(string)
  default     = {}
}

variable "memory" {
  description = "Memory of a task or an instance, such as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"

  validation {
    condition     = can(regex("^[1-9][0-9]*(Mi|Gi)$", var.memory))
    error_message = "memory '${var.memory}' must be a number of Mi or Gi, such as 512Mi."
  }
}

variable "name" {
  description = "Name of the job or the worker pool."
  type        = string

  validation {
    condition     = length(var.name) <= 26 && can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name))
    error_message = "name '${var.name}' must be at most 26 lower-case letters, digits and dashes, a letter first."
  }
}

variable "peers" {
  description = "Addresses of the services that this one calls, by service; read from NAME_URL."
  type        = map(string)
  default     = {}
}

variable "project" {
  description = "Google project id."
  type        = string
}

variable "region" {
  description = "Google region."
  type        = string
}

variable "retries" {
  description = "How often a failed task is tried again."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.retries >= 0 && var.retries <= 10
    error_message = "retries is ${var.retries}: it must lie between 0 and 10."
  }
}

variable "schedule" {
  description = "When the job runs, as a unix-cron line; null = whenever somebody starts it."
  type        = string
  default     = null
}

variable "secrets" {
  description = "Version number by short name; NAME is the secret SERVICE-NAME, read at /secrets/NAME/value."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for version in values(var.secrets) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "secrets must pin version numbers, not aliases."
  }
}

variable "service_account" {
  description = "E-mail address of the account that it runs as; its own, never the default one."
  type        = string

  validation {
    condition     = can(regex("@", var.service_account)) && !can(regex("-compute@developer\\.gserviceaccount\\.com$", var.service_account))
    error_message = "service_account '${var.service_account}' must be its own account, not the project's default compute account."
  }
}

variable "time_zone" {
  description = "Time zone of the schedule, as the tz database names it."
  type        = string
  default     = "Etc/UTC"
  nullable    = false
}

variable "timeout_seconds" {
  description = "Seconds after which a task is given up."
  type        = number
  default     = 600
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 604800
    error_message = "timeout_seconds is ${var.timeout_seconds}: it must lie between 1 and 604800."
  }
}
