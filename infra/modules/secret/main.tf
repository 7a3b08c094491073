# The container only. Values are added as versions by the deploy, so that none stands in state.
resource "google_secret_manager_secret" "this" {
  project   = var.project
  secret_id = var.secret_id
  labels    = var.labels

  replication {
    auto {}
  }
}
