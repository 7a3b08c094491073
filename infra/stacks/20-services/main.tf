locals {
  labels = {
    environment = var.environment.name
    managed-by  = "windlass"
  }

  accounts = {
    for name in keys(var.services) : name => "run-${name}@${var.environment.project}.iam.gserviceaccount.com"
  }

  callers = { for name, service in var.services : name => service if length(service.calls) > 0 }
  callees = { for name, service in var.services : name => service if length(service.calls) == 0 }

  invokers = {
    for name in keys(var.services) : name => toset([
      for caller, service in var.services : local.accounts[caller] if contains(service.calls, name)
    ])
  }
}

# A service that begins or ceases to call others changes its tier. Windlass writes the `moved` blocks
# beside this file (src/stacks/moved-tiers.ts), so that it stays the same service.
module "callees" {
  source   = "../../modules/service"
  for_each = local.callees

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

# The callers: they need the addresses of the callees, which exist only after those.
module "callers" {
  source   = "../../modules/service"
  for_each = local.callers

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
  peers               = { for callee in each.value.calls : callee => module.callees[callee].uri }
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
