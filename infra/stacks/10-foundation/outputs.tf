output "accounts" {
  description = "E-mail address of the account that each service runs as."
  value       = { for name, account in google_service_account.runtime : name => account.email }
}

output "repository" {
  description = "Prefix of every image reference."
  value       = "${var.environment.region}-docker.pkg.dev/${var.environment.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "secrets" {
  description = "Service that owns each secret, by the secret's full name."
  value       = merge(local.secrets, local.external)
}
