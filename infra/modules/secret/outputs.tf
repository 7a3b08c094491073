output "secret_id" {
  description = "Name of the secret; whoever reads it can be sure that its accessors are let in."
  value       = google_secret_manager_secret.this.secret_id

  depends_on = [google_secret_manager_secret_iam_member.accessor]
}
