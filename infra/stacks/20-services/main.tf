locals {
  labels = {
    environment = var.environment.name
    managed-by  = "windlass"
  }

  accounts = {
    for name in concat(keys(var.services), keys(var.background)) : name => "run-${name}@${var.environment.project}.iam.gserviceaccount.com"
  }

  calls = merge(
    { for name, service in var.services : name => service.calls },
    { for name, one in var.background : name => toset(keys(one.peers)) },
  )

  invokers = {
    for name in keys(var.services) : name => toset([
      for caller, calls in local.calls : local.accounts[caller] if contains(calls, name)
    ])
  }
}

# Who calls whom does not matter here: an address is known before its service is there. Windlass writes
# the `moved` blocks beside this file (src/stacks/moved-services.ts): once there were two modules.
module "services" {
  source   = "../../modules/service"
  for_each = var.services

  name                = each.key
  project             = var.environment.project
  region              = var.environment.region
  image               = each.value.image
  cpu                 = each.value.cpu
  memory              = each.value.memory
  min_instances       = each.value.min
  max_instances       = each.value.max
  concurrency         = each.value.concurrency
  port                = each.value.port
  env                 = each.value.env
  peers               = each.value.peers
  secrets             = each.value.secrets
  startup_path        = each.value.startup_path
  liveness_path       = each.value.liveness_path
  startup_seconds     = each.value.startup_seconds
  timeout_seconds     = each.value.timeout_seconds
  command             = each.value.command
  args                = each.value.args
  ingress             = each.value.ingress
  public              = each.value.public
  invokers            = local.invokers[each.key]
  service_account     = local.accounts[each.key]
  deletion_protection = var.deletion_protection
  labels              = merge(local.labels, { service = each.key })
}

# Jobs and workers: what has no address. What is promoted of them, and when it runs, is not Terraform's.
module "background" {
  source   = "../../modules/background"
  for_each = var.background

  name            = each.key
  kind            = each.value.kind
  project         = var.environment.project
  region          = var.environment.region
  image           = each.value.image
  cpu             = each.value.cpu
  memory          = each.value.memory
  env             = each.value.env
  peers           = each.value.peers
  secrets         = each.value.secrets
  command         = each.value.command
  args            = each.value.args
  schedule        = each.value.schedule
  time_zone       = each.value.time_zone
  retries         = each.value.retries
  timeout_seconds = each.value.timeout_seconds
  service_account = local.accounts[each.key]
  labels          = merge(local.labels, { service = each.key })
}
