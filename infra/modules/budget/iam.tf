# People are granted nothing: whoever may see the billing account may see its budgets. Google itself
# lets its budgets publish when one is told of its topic (whoever does that must be able to set the
# topic's policy), but not again where a topic was lost and made anew under its old name.
resource "google_pubsub_topic_iam_member" "publisher" {
  project = var.project
  topic   = google_pubsub_topic.this.name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:billing-budget-alert@system.gserviceaccount.com"
}
