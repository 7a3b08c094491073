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

variable "concurrency" {
  description = "Requests that one instance answers at once."
  type        = number
  default     = 80

  validation {
    condition     = var.concurrency >= 1 && var.concurrency <= 1000
    error_message = "concurrency is ${var.concurrency}: it must lie between 1 and 1000."
  }
}

variable "cpu" {
  description = "vCPU of one instance."
  type        = number
  default     = 1

  validation {
    condition     = contains([1, 2, 4, 6, 8], var.cpu) || (var.cpu >= 0.08 && var.cpu < 1)
    error_message = "cpu is ${var.cpu}: use 1, 2, 4, 6 or 8, or from 0.08 to 1."
  }

  validation {
    condition     = var.cpu >= 1 || var.concurrency == 1
    error_message = "cpu is ${var.cpu}: below 1, Cloud Run gives an instance one request at a time, and concurrency is ${var.concurrency}."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the service. Read from state: turning it off takes an apply of its own."
  type        = bool
  default     = true
}

variable "env" {
  description = "Plain environment variables. Anything secret belongs into `secrets`."
  type        = map(string)
  default     = {}

  validation {
    condition = alltrue([
      for key in keys(var.env) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))
    ])
    error_message = "env keys must be letters, digits and underscores, a letter first: ${join(", ", keys(var.env))}."
  }

  validation {
    condition = alltrue([
      for key in keys(var.env) : !can(regex("(?i)SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL", key))
    ])
    error_message = "env holds a key that looks like a secret: ${join(", ", [
      for key in keys(var.env) : key if can(regex("(?i)SECRET|TOKEN|PASSWORD|KEY|DSN|CREDENTIAL", key))
    ])}. Declare it under `secrets`, it is then mounted as a file."
  }

  validation {
    condition     = length(setintersection(keys(var.env), ["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"])) == 0
    error_message = "env must not set PORT, K_SERVICE, K_REVISION or K_CONFIGURATION: Cloud Run sets them itself."
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

variable "ingress" {
  description = "Networks from which the service can be reached; IAM decides who may call it."
  type        = string
  default     = "INGRESS_TRAFFIC_ALL"
  nullable    = false

  validation {
    condition = contains([
      "INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    ], var.ingress)
    error_message = "ingress '${var.ingress}' is none of INGRESS_TRAFFIC_ALL, INGRESS_TRAFFIC_INTERNAL_ONLY, INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER."
  }
}

variable "invokers" {
  description = "E-mail addresses of the service accounts that may call the service."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for email in var.invokers : can(regex("^[^:@\\s]+@[^:@\\s]+$", email))])
    error_message = "invokers must be plain e-mail addresses of service accounts (for everybody, set `public`): ${join(", ", var.invokers)}."
  }
}

variable "labels" {
  description = "Labels of the service."
  type        = map(string)
  default     = {}
}

variable "liveness_path" {
  description = "Path that answers 200 while the process is healthy."
  type        = string
  default     = "/healthz"

  validation {
    condition     = startswith(var.liveness_path, "/")
    error_message = "liveness_path '${var.liveness_path}' must begin with a slash."
  }
}

variable "max_instances" {
  description = "Most instances of the whole service: the ceiling of its bill."
  type        = number
  default     = 2

  validation {
    condition     = var.max_instances >= 1 && var.max_instances <= 1000
    error_message = "max_instances is ${var.max_instances}: it must lie between 1 and 1000."
  }

  validation {
    condition     = var.max_instances >= var.min_instances
    error_message = "max_instances (${var.max_instances}) is below min_instances (${var.min_instances})."
  }
}

variable "memory" {
  description = "Memory of one instance, such as 512Mi or 1Gi."
  type        = string
  default     = "512Mi"

  validation {
    condition     = can(regex("^[1-9][0-9]*(Mi|Gi)$", var.memory))
    error_message = "memory '${var.memory}' must be a number of Mi or Gi, such as 512Mi."
  }
}

variable "min_instances" {
  description = "Instances kept warm; each is paid for around the clock."
  type        = number
  default     = 0

  validation {
    condition     = var.min_instances >= 0 && var.min_instances <= 1000
    error_message = "min_instances is ${var.min_instances}: it must lie between 0 and 1000."
  }
}

variable "name" {
  description = "Name of the service."
  type        = string

  validation {
    condition     = length(var.name) <= 26
    error_message = "name '${var.name}' has ${length(var.name)} characters: at most 26, for `run-NAME` must fit a Google account id of 30."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*[a-z0-9]$", var.name))
    error_message = "name '${var.name}' must be lower-case letters, digits and dashes, a letter first."
  }
}

variable "peers" {
  description = "Addresses of the services that this one calls, by service; read from NAME_URL."
  type        = map(string)
  default     = {}
}

variable "port" {
  description = "Port on which the container listens."
  type        = number
  default     = 8080

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "port is ${var.port}: it must lie between 1 and 65535."
  }
}

variable "project" {
  description = "Google project id."
  type        = string
}

variable "public" {
  description = "Let everybody call the service."
  type        = bool
  default     = false
}

variable "region" {
  description = "Google region."
  type        = string
}

variable "secrets" {
  description = "Version number by short name; NAME is the secret SERVICE-NAME, read at /secrets/NAME/value."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for name in keys(var.secrets) : can(regex("^[a-z][a-z0-9-]*$", name))])
    error_message = "secrets must have names of lower-case letters, digits and dashes: ${join(", ", keys(var.secrets))}."
  }

  validation {
    condition = alltrue([for version in values(var.secrets) : can(regex("^[1-9][0-9]*$", version))])
    error_message = "secrets must pin version numbers, not aliases: ${join(", ", [
      for name, version in var.secrets : "${name}=${version}" if !can(regex("^[1-9][0-9]*$", version))
    ])}. A pinned number is what makes a rotation a revision, and a rollback possible."
  }
}

variable "service_account" {
  description = "E-mail address of the account that the service runs as; its own, never the default one."
  type        = string

  validation {
    condition     = can(regex("@", var.service_account)) && !can(regex("-compute@developer\\.gserviceaccount\\.com$", var.service_account))
    error_message = "service_account '${var.service_account}' must be the service's own account, not the project's default compute account."
  }
}

variable "startup_path" {
  description = "Path that answers 200 once the process can serve."
  type        = string
  default     = "/healthz"

  validation {
    condition     = startswith(var.startup_path, "/")
    error_message = "startup_path '${var.startup_path}' must begin with a slash."
  }
}

variable "startup_seconds" {
  description = "Seconds until a start that has not succeeded has failed, in steps of two."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.startup_seconds >= 1 && var.startup_seconds <= 240
    error_message = "startup_seconds is ${var.startup_seconds}: it must lie between 1 and 240."
  }
}

variable "timeout_seconds" {
  description = "Seconds after which a request is given up."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 3600
    error_message = "timeout_seconds is ${var.timeout_seconds}: it must lie between 1 and 3600."
  }
}
