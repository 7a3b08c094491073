resource "google_monitoring_notification_channel" "email" {
  count = var.email == null ? 0 : 1

  project      = var.project
  display_name = "Budget of ${var.name}"
  type         = "email"
  labels = {
    email_address = var.email
  }
}

# Google publishes here several times a day, whether or not a threshold was exceeded.
resource "google_pubsub_topic" "this" {
  project = var.project
  name    = "windlass-budget"
  labels  = var.labels
}

# Read by the drift check, which tells the webhook what is news.
resource "google_pubsub_subscription" "this" {
  project = var.project
  name    = "windlass-budget"
  topic   = google_pubsub_topic.this.id
  labels  = var.labels

  ack_deadline_seconds       = 60
  message_retention_duration = "604800s"

  # Never: by default a month in which nobody pulls would be its end.
  expiration_policy {
    ttl = ""
  }
}

resource "google_billing_budget" "this" {
  billing_account = var.billing_account
  display_name    = var.name

  budget_filter {
    projects = ["projects/${var.project_number}"]
  }

  amount {
    specified_amount {
      currency_code = "USD"
      units         = tostring(var.amount)
    }
  }

  dynamic "threshold_rules" {
    for_each = var.thresholds
    content {
      threshold_percent = threshold_rules.value
      spend_basis       = "CURRENT_SPEND"
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    pubsub_topic                     = google_pubsub_topic.this.id
    schema_version                   = "1.0"
    monitoring_notification_channels = var.email == null ? null : google_monitoring_notification_channel.email[*].name
    disable_default_iam_recipients   = false
  }
}
