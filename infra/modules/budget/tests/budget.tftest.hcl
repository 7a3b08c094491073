mock_provider "google" {}

variables {
  billing_account = "012345-6789AB-CDEF01"
  name            = "windlass staging"
  project         = "wellness-staging"
  project_number  = "17"
}

run "warns_at_each_threshold_and_of_the_forecast" {
  command = plan

  assert {
    condition = [
      for rule in google_billing_budget.this.threshold_rules : "${rule.threshold_percent} ${rule.spend_basis}"
    ] == ["0.5 CURRENT_SPEND", "0.75 CURRENT_SPEND", "0.9 CURRENT_SPEND", "1 CURRENT_SPEND", "1 FORECASTED_SPEND"]
    error_message = "The thresholds are 50, 75, 90 and 100 %, and the forecast."
  }

  assert {
    condition     = google_billing_budget.this.amount[0].specified_amount[0].units == "100"
    error_message = "The budget is 100 dollars."
  }

  assert {
    condition     = length(google_monitoring_notification_channel.email) == 0
    error_message = "Without an address there is no channel."
  }
}

run "publishes_to_a_topic_whose_messages_wait_a_week" {
  command = apply

  variables {
    labels = { environment = "staging" }
  }

  assert {
    condition = (
      google_billing_budget.this.all_updates_rule[0].pubsub_topic == google_pubsub_topic.this.id &&
      google_billing_budget.this.all_updates_rule[0].schema_version == "1.0"
    )
    error_message = "The budget must publish, also where nobody has an address."
  }

  assert {
    condition = (
      google_pubsub_topic_iam_member.publisher.role == "roles/pubsub.publisher" &&
      google_pubsub_topic_iam_member.publisher.topic == "windlass-budget"
    )
    error_message = "Google's budgets must be let publish, also to a topic that was made anew."
  }

  assert {
    condition     = google_pubsub_subscription.this.topic == google_pubsub_topic.this.id
    error_message = "What is published must wait in the subscription."
  }

  assert {
    condition     = google_pubsub_subscription.this.message_retention_duration == "604800s"
    error_message = "A message must outlive some missed checks."
  }

  assert {
    condition     = google_pubsub_subscription.this.expiration_policy[0].ttl == ""
    error_message = "The subscription must never expire."
  }

  assert {
    condition = (
      google_pubsub_topic.this.labels.environment == "staging" &&
      google_pubsub_subscription.this.labels.environment == "staging"
    )
    error_message = "Both carry the labels."
  }
}

run "writes_to_the_address" {
  command = plan

  variables {
    email = "ops@example.com"
  }

  assert {
    condition     = google_monitoring_notification_channel.email[0].labels.email_address == "ops@example.com"
    error_message = "The channel must have the address."
  }
}
