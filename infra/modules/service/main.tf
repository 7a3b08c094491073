locals {
  # NAME_URL, dashes become underscores: URLs hold an account-wide hash, so they cannot be guessed.
  peer_env = { for name, url in var.peers : "${replace(upper(name), "-", "_")}_URL" => url }

  # A revision that has not started four minutes after its probe gave up will not; the default is twenty.
  patience = "${4 + ceil(var.startup_seconds / 60)}m"
}

# There is no `traffic` block on purpose: the attribute is computed, the Run API owns it. Windlass binds
# it to revisions by name before an apply, which then only makes a new one, without traffic.
# There is no postcondition on the ready revision either: after a failed revision it would refuse
# the very plan that mends it. The deploy's verify step asks the Run API instead.
resource "google_cloud_run_v2_service" "this" {
  name                = var.name
  project             = var.project
  location            = var.region
  ingress             = var.ingress
  labels              = var.labels
  deletion_protection = var.deletion_protection

  scaling {
    # An explicit 0 shows a difference on every plan (provider issue 25457).
    min_instance_count = var.min_instances > 0 ? var.min_instances : null
    max_instance_count = var.max_instances
  }

  template {
    service_account                  = var.service_account
    max_instance_request_concurrency = var.concurrency
    # Less than one vCPU is only to be had in the first generation.
    execution_environment = var.cpu < 1 ? "EXECUTION_ENVIRONMENT_GEN1" : null
    timeout               = "${var.timeout_seconds}s"

    containers {
      image   = var.image
      command = var.command
      args    = var.args

      ports {
        container_port = var.port
      }

      resources {
        # Written out: inside an explicit block its default is false, which costs five times more.
        cpu_idle          = true
        startup_cpu_boost = true
        limits = {
          cpu    = tostring(var.cpu)
          memory = var.memory
        }
      }

      dynamic "env" {
        for_each = merge(var.env, local.peer_env)
        content {
          name  = env.key
          value = env.value
        }
      }

      dynamic "volume_mounts" {
        for_each = var.secrets
        content {
          name       = volume_mounts.key
          mount_path = "/secrets/${volume_mounts.key}"
        }
      }

      startup_probe {
        period_seconds    = 2
        timeout_seconds   = 2
        failure_threshold = ceil(var.startup_seconds / 2)
        http_get {
          path = var.startup_path
          port = var.port
        }
      }

      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3
        http_get {
          path = var.liveness_path
          port = var.port
        }
      }
    }

    dynamic "volumes" {
      for_each = var.secrets
      content {
        name = volumes.key
        secret {
          secret       = "${var.name}-${volumes.key}"
          default_mode = 292 # 0444
          items {
            path    = "value"
            version = volumes.value
            mode    = 292 # 0444
          }
        }
      }
    }
  }

  timeouts {
    create = local.patience
    update = local.patience
    delete = "5m"
  }

  lifecycle {
    ignore_changes = [client, client_version, template[0].revision, template[0].labels]
  }
}
