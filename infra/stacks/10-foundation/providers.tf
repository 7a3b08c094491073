provider "google" {
  project = var.environment.project
  region  = var.environment.region

  # Budgets refuse user credentials that name no project to charge.
  billing_project       = var.environment.project
  user_project_override = true

  poll_interval = "1s"
  batching {
    enable_batching = false
  }
}
