output "name" {
  description = "Name of the job or the worker pool."
  value       = var.name
}
