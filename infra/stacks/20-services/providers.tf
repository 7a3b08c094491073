provider "google" {
  project = var.environment.project
  region  = var.environment.region

  poll_interval = "1s"
  batching {
    enable_batching = false
  }
}
