# Nobody is granted anything: whoever may see the billing account may see its budgets, and Google
# itself lets billing-budget-alert@system.gserviceaccount.com publish once a budget names the topic.
# For that, whoever sets the budget needs pubsub.topics.setIamPolicy.
