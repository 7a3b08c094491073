output "services" {
  description = "Address and newest revisions of each service; created differs from ready after a failure."
  value = {
    for name, service in merge(module.callees, module.callers) : name => {
      uri                     = service.uri
      latest_created_revision = service.latest_created_revision
      latest_ready_revision   = service.latest_ready_revision
    }
  }
}
