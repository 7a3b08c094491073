/** One resource of each type that needs no running service; the variable `title` changes most of them. */
export const foundation = `
data "google_project" "this" {}
resource "google_project_service" "run" {
  for_each = toset(["run.googleapis.com", "iam.googleapis.com"])
  service  = each.value
}
resource "google_service_account" "users" {
  account_id   = "run-users"
  display_name = var.title
}
resource "google_service_account_iam_member" "attach" {
  service_account_id = google_service_account.users.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.users.member
}
resource "google_project_iam_member" "viewer" {
  for_each = toset(["roles/viewer", "roles/run.viewer", "roles/logging.logWriter"])
  project  = data.google_project.this.project_id
  role     = each.value
  member   = google_service_account.users.member
}
resource "google_secret_manager_secret" "db" {
  secret_id   = "users-database"
  labels      = { team = var.title }
  annotations = { note = "one" }
  replication {
    auto {}
  }
  timeouts {
    create = "5m"
  }
}
resource "google_secret_manager_secret_iam_member" "db" {
  secret_id = google_secret_manager_secret.db.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.users.member
}
resource "google_artifact_registry_repository" "images" {
  repository_id = "images"
  location      = "us-central1"
  format        = "DOCKER"
  description   = var.title
  cleanup_policies {
    id     = "keep"
    action = "KEEP"
    most_recent_versions {
      keep_count = 5
    }
  }
}
resource "google_artifact_registry_repository_iam_member" "reader" {
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.users.member
}
resource "google_monitoring_notification_channel" "mail" {
  display_name = var.title
  type         = "email"
  labels       = { email_address = "ops@example.com" }
}
resource "google_pubsub_topic" "budget" {
  name   = "budget"
  labels = { team = var.title }
}
resource "google_pubsub_topic_iam_member" "publisher" {
  topic  = google_pubsub_topic.budget.name
  role   = "roles/pubsub.publisher"
  member = google_service_account.users.member
}
resource "google_pubsub_subscription" "budget" {
  name                 = "budget"
  topic                = google_pubsub_topic.budget.name
  labels               = { team = var.title }
  ack_deadline_seconds = 60
  expiration_policy {
    ttl = ""
  }
}
resource "google_billing_budget" "all" {
  billing_account = "012345-6789AB-CDEF01"
  display_name    = var.title
  budget_filter {
    projects = ["projects/\${data.google_project.this.number}"]
  }
  amount {
    specified_amount {
      currency_code = "USD"
      units         = "100"
    }
  }
  threshold_rules {
    threshold_percent = 0.75
  }
  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }
  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.mail.name]
    pubsub_topic                     = google_pubsub_topic.budget.id
  }
}
resource "google_iam_workload_identity_pool" "ci" {
  workload_identity_pool_id = "ci-pool"
  display_name              = var.title
}
resource "google_iam_workload_identity_pool_provider" "ci" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "issuer"
  attribute_condition                = "assertion.sub == '\${var.title}'"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  oidc {
    issuer_uri = "https://issuer.example.com"
  }
}
resource "google_storage_bucket" "files" {
  name                        = "demo-prod-files"
  location                    = "US"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = { team = var.title }
  versioning {
    enabled = true
  }
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions = 3
      with_state         = "ARCHIVED"
    }
  }
}
resource "google_storage_bucket_iam_member" "reader" {
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.users.member
}
variable "title" { default = "first" }
output "number" { value = data.google_project.this.number }
`;
