# No revisions here: on an update the provider keeps their old names in the plan, so Terraform stores
# these in the outputs, and the next plan would not be empty. Ask the Run API for them.
output "uri" {
  description = "Address of the service; whoever reads it can be sure that its callers are let in."
  value       = google_cloud_run_v2_service.this.uri

  depends_on = [
    google_cloud_run_v2_service_iam_member.invoker,
    google_cloud_run_v2_service_iam_member.public,
  ]
}
