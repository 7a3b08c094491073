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
