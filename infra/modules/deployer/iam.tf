locals {
  accounts = {
    deployer = {
      title = "Applies plans"
      roles = concat(var.scheduled ? ["roles/cloudscheduler.admin"] : [], [
        "roles/artifactregistry.admin",
        "roles/iam.serviceAccountAdmin",
        "roles/monitoring.notificationChannelEditor",
        "roles/pubsub.admin", # no lesser one may let Google's budgets publish; it also pulls what they say
        "roles/run.admin",
        "roles/secretmanager.admin",
        "roles/serviceusage.serviceUsageAdmin",
      ])
      bucket_role = "roles/storage.objectAdmin"
    }
    planner = {
      title = "Reads and plans"
      roles = concat(var.scheduled ? ["roles/cloudscheduler.viewer"] : [], [
        "roles/artifactregistry.reader",
        "roles/iam.securityReviewer",
        "roles/monitoring.viewer",
        "roles/pubsub.viewer",
        "roles/run.viewer",
        "roles/secretmanager.viewer",
        "roles/serviceusage.serviceUsageConsumer",
      ])
      bucket_role = "roles/storage.objectViewer"
    }
  }

  # The migrator is made beside its secret. It reads releases; the rest its database login may do.
  members      = merge({ for name, account in google_service_account.this : name => account.member }, { migrator = var.migrator.member })
  names        = merge({ for name, account in google_service_account.this : name => account.name }, { migrator = var.migrator.name })
  bucket_grant = merge({ for name, account in local.accounts : name => account.bucket_role }, { migrator = "roles/storage.objectViewer" })

  project_roles = merge([
    for name, account in local.accounts : {
      for role in account.roles : "${name} ${role}" => { account = name, role = role }
    }
  ]...)

  bucket_roles = merge([
    for name, role in local.bucket_grant : {
      for bucket in var.buckets : "${name} ${bucket}" => { account = name, bucket = bucket, role = role }
    }
  ]...)

  workload = "principal://iam.googleapis.com/${google_iam_workload_identity_pool.this.name}/subject/${var.subject}"
}

resource "google_project_iam_member" "this" {
  for_each = local.project_roles

  project = var.project
  role    = each.value.role
  member  = google_service_account.this[each.value.account].member
}

resource "google_storage_bucket_iam_member" "this" {
  for_each = local.bucket_roles

  bucket = each.value.bucket
  role   = each.value.role
  member = local.members[each.value.account]
}

# Per account, not on the project: the deployer can attach the runtime accounts and no others.
resource "google_service_account_iam_member" "attach" {
  for_each = var.runtime_accounts

  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.this["deployer"].member
}

# The deploy asks as each account whether it can read its secrets, and calls services as the gateway:
# it needs their short-lived tokens. The planner and the migrator do not.
resource "google_service_account_iam_member" "ask_as" {
  for_each = var.runtime_accounts

  service_account_id = each.value
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.this["deployer"].member
}

resource "google_service_account_iam_member" "workload" {
  for_each = local.names

  service_account_id = each.value
  role               = "roles/iam.workloadIdentityUser"
  member             = local.workload
}
