output "latest_created_revision" {
  description = "Full name of the newest revision, ready or not."
  value       = google_cloud_run_v2_service.this.latest_created_revision
}

output "latest_ready_revision" {
  description = "Full name of the newest revision that became ready."
  value       = google_cloud_run_v2_service.this.latest_ready_revision
}

output "uri" {
  description = "Address of the service; whoever reads it can be sure that its callers are let in."
  value       = google_cloud_run_v2_service.this.uri

  depends_on = [
    google_cloud_run_v2_service_iam_member.invoker,
    google_cloud_run_v2_service_iam_member.public,
  ]
}
