output "uris" {
  description = "Address of each service. Its revisions are the Run API's to tell (see the module)."
  value       = { for name, service in module.services : name => service.uri }
}
