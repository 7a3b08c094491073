# No key files: a workload of the issuer exchanges its own token for one of these accounts.
resource "google_iam_workload_identity_pool" "this" {
  project                   = var.project
  workload_identity_pool_id = "windlass"
  display_name              = "Windlass"
}

resource "google_iam_workload_identity_pool_provider" "this" {
  project                            = var.project
  workload_identity_pool_id          = google_iam_workload_identity_pool.this.workload_identity_pool_id
  workload_identity_pool_provider_id = "issuer"
  attribute_condition                = var.attribute_condition
  attribute_mapping = {
    "google.subject" = "assertion.sub"
  }

  oidc {
    issuer_uri = var.issuer
  }
}

resource "google_service_account" "this" {
  for_each = local.accounts

  project      = var.project
  account_id   = "windlass-${each.key}"
  display_name = each.value.title
}
