output "accounts" {
  description = "E-mail addresses of the accounts, by role: deployer, planner, migrator."
  value       = merge({ for name, account in google_service_account.this : name => account.email }, { migrator = var.migrator.email })
}

output "provider" {
  description = "Resource name of the identity provider, the audience of a token exchange."
  value       = google_iam_workload_identity_pool_provider.this.name
}
