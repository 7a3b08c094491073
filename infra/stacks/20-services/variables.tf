variable "background" {
  description = "Jobs and workers: what runs without an address."
  type = map(object({
    kind            = string
    image           = string
    cpu             = number
    memory          = string
    peers           = optional(map(string), {})
    env             = map(string)
    secrets         = map(string)
    command         = optional(list(string))
    args            = optional(list(string))
    schedule        = optional(string)
    time_zone       = optional(string)
    retries         = optional(number)
    timeout_seconds = optional(number)
  }))
  default = {}
}

variable "deletion_protection" {
  description = "Refuse to delete services. Read from state: turning it off takes an apply of its own."
  type        = bool
  default     = true
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

variable "services" {
  description = "What runs: sizes, image digest and pinned secret versions of each service."
  type = map(object({
    image           = string
    cpu             = number
    memory          = string
    min             = number
    max             = number
    concurrency     = number
    port            = number
    public          = bool
    calls           = set(string)
    peers           = optional(map(string), {})
    env             = map(string)
    secrets         = map(string)
    startup_path    = string
    liveness_path   = string
    startup_seconds = optional(number)
    timeout_seconds = optional(number)
    command         = optional(list(string))
    args            = optional(list(string))
    ingress         = optional(string)
  }))

  validation {
    condition = alltrue([
      for service in values(var.services) : length(setsubtract(service.calls, keys(var.services))) == 0
    ])
    error_message = "services call unknown services: ${join(", ", distinct(flatten([
      for service in values(var.services) : tolist(setsubtract(service.calls, keys(var.services)))
    ])))}."
  }

  validation {
    condition = alltrue([
      for service in values(var.services) : service.calls == toset(keys(service.peers))
    ])
    error_message = "services: each callee needs its address in `peers`: ${join(", ", [
      for name, service in var.services : name if service.calls != toset(keys(service.peers))
    ])}."
  }
}
