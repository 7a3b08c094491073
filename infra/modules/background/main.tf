locals {
  # What runs in it is the same for the thing itself and for its trial.
  env = merge(var.env, { for name, url in var.peers : "${replace(upper(name), "-", "_")}_URL" => url })

  limits = {
    cpu    = tostring(var.cpu)
    memory = var.memory
  }
}

# The candidate: what the smoke test runs once, before anything of it counts. A job's promotion copies
# its template to the job itself.
resource "google_cloud_run_v2_job" "candidate" {
  name                = "${var.name}-candidate"
  project             = var.project
  location            = var.region
  labels              = var.labels
  deletion_protection = false

  template {
    task_count  = 1
    parallelism = 1

    template {
      service_account = var.service_account
      max_retries     = var.kind == "job" ? var.retries : 0
      timeout         = "${var.timeout_seconds}s"

      containers {
        image   = var.image
        command = var.command
        args    = var.args

        resources {
          limits = local.limits
        }

        dynamic "env" {
          for_each = local.env
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
  }

  lifecycle {
    ignore_changes = [client, client_version]
  }
}

# What the schedule runs. Its template is the Run API's after the first apply, as traffic is: an apply must
# not change what runs next before it is tested.
resource "google_cloud_run_v2_job" "this" {
  count = var.kind == "job" ? 1 : 0

  name                = var.name
  project             = var.project
  location            = var.region
  labels              = var.labels
  deletion_protection = false

  template {
    task_count  = 1
    parallelism = 1

    template {
      service_account = var.service_account
      max_retries     = var.retries
      timeout         = "${var.timeout_seconds}s"

      containers {
        image   = var.image
        command = var.command
        args    = var.args

        resources {
          limits = local.limits
        }

        dynamic "env" {
          for_each = local.env
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
  }

  lifecycle {
    ignore_changes = [client, client_version, template]
  }
}

# Made paused: the promotion sets the schedule and resumes it, an undo sets the one before.
resource "google_cloud_scheduler_job" "this" {
  count = var.kind == "job" && var.schedule != null ? 1 : 0

  name        = var.name
  project     = var.project
  region      = var.region
  description = "Runs the job ${var.name}"
  schedule    = var.schedule
  time_zone   = var.time_zone
  paused      = true

  attempt_deadline = "180s" # written out: its default comes back as a difference

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/projects/${var.project}/locations/${var.region}/jobs/${var.name}:run"

    oauth_token {
      service_account_email = var.service_account
      scope                 = "https://www.googleapis.com/auth/cloud-platform"
    }
  }

  lifecycle {
    ignore_changes = [schedule, time_zone, paused]
  }

  depends_on = [google_cloud_run_v2_job_iam_member.schedule]
}

# The schedule runs the job as the job's own account; nobody else is let in.
resource "google_cloud_run_v2_job_iam_member" "schedule" {
  count = var.kind == "job" && var.schedule != null ? 1 : 0

  project  = google_cloud_run_v2_job.this[0].project
  location = google_cloud_run_v2_job.this[0].location
  name     = google_cloud_run_v2_job.this[0].name
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.service_account}"
}

# Without instances at first. Which revision has how many is the Run API's: Windlass names the revision
# before an apply, which then only makes a new one, without instances.
resource "google_cloud_run_v2_worker_pool" "this" {
  count = var.kind == "worker" ? 1 : 0

  name                = var.name
  project             = var.project
  location            = var.region
  labels              = var.labels
  deletion_protection = false

  scaling {
    manual_instance_count = 0
  }

  template {
    service_account = var.service_account

    containers {
      image   = var.image
      command = var.command
      args    = var.args

      resources {
        limits = local.limits
      }

      dynamic "env" {
        for_each = local.env
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

  lifecycle {
    ignore_changes = [client, client_version, scaling, instance_splits]
  }
}
