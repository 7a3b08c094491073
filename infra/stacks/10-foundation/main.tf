locals {
  labels = {
    environment = var.environment.name
    managed-by  = "windlass"
  }

  secrets = merge([
    for name, service in var.services : {
      for secret in service.secrets : "${name}-${secret}" => name
    }
  ]...)

  external = merge([
    for name, service in var.services : {
      for secret in service.external : "${name}-${secret}" => name
    }
  ]...)
}

resource "google_project_service" "this" {
  for_each = setunion(var.apis, var.scheduled ? ["cloudscheduler.googleapis.com"] : [])

  project            = var.environment.project
  service            = each.value
  disable_on_destroy = false
}

resource "google_service_account" "runtime" {
  for_each = var.services

  project      = var.environment.project
  account_id   = "run-${each.key}"
  display_name = "Runs ${each.key}"

  depends_on = [google_project_service.this]
}

# One secret per service and name, readable by that service alone.
module "secrets" {
  source   = "../../modules/secret"
  for_each = local.secrets

  project   = var.environment.project
  secret_id = each.key
  accessors = { (each.value) = google_service_account.runtime[each.value].email }
  labels    = merge(local.labels, { service = each.value })

  depends_on = [google_project_service.this]
}

# A secret that a person fills is there before this stack and stays when it goes: only who reads it is
# decided here.
resource "google_secret_manager_secret_iam_member" "external" {
  for_each = local.external

  project   = var.environment.project
  secret_id = each.key
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${google_service_account.runtime[each.value].email}"

  depends_on = [google_project_service.this]
}

# The database administrator's connection. No runtime account may read it.
module "admin_secret" {
  source = "../../modules/secret"

  project   = var.environment.project
  secret_id = "supabase-admin"
  labels    = local.labels

  depends_on = [google_project_service.this]
}

# Who migrates the databases: an account and a login of its own, for nothing else.
resource "google_service_account" "migrator" {
  project      = var.environment.project
  account_id   = "windlass-migrator"
  display_name = "Migrates databases"

  depends_on = [google_project_service.this]
}

moved {
  from = module.deployer[0].google_service_account.this["migrator"]
  to   = google_service_account.migrator
}

# The connection that owns every service's schema. No runtime account may read it.
module "migrator_secret" {
  source = "../../modules/secret"

  project   = var.environment.project
  secret_id = "supabase-migrator"
  accessors = { migrator = google_service_account.migrator.email }
  labels    = local.labels

  depends_on = [google_project_service.this]
}

# No clean-up policy: a rollback needs the images of every release that the ledger still names.
resource "google_artifact_registry_repository" "images" {
  project       = var.environment.project
  location      = var.environment.region
  repository_id = var.repository
  format        = "DOCKER"
  description   = "Images of the services"
  labels        = local.labels

  depends_on = [google_project_service.this]
}

module "budget" {
  source = "../../modules/budget"
  count  = var.budget == null ? 0 : 1

  project         = var.environment.project
  project_number  = var.budget.project_number
  name            = "windlass ${var.environment.name}"
  billing_account = var.budget.account
  email           = var.budget.email
  amount          = var.budget.amount
  labels          = local.labels

  depends_on = [google_project_service.this]
}

module "deployer" {
  source = "../../modules/deployer"
  count  = var.deployer == null ? 0 : 1

  project             = var.environment.project
  issuer              = var.deployer.issuer
  subject             = var.deployer.subject
  attribute_condition = var.deployer.attribute_condition
  scheduled           = var.scheduled
  buckets             = ["${var.environment.project}-state", "${var.environment.project}-releases"]
  runtime_accounts    = { for name, account in google_service_account.runtime : name => account.name }
  migrator            = google_service_account.migrator

  depends_on = [google_project_service.this]
}
