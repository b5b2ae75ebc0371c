output "accounts" {
  description = "Who the function runs as, and who pushes to it."
  value = {
    push    = google_service_account.push.account_id
    runtime = module.function.account.account_id
  }
}

output "dead_letters" {
  description = "By topic, the subscription that keeps what was given up."
  value = {
    for topic, subscription in google_pubsub_subscription.dead_letter :
    topic => { id = subscription.id, name = subscription.name }
  }
}

output "member" {
  description = "The function as a member of IAM policies."
  value       = module.function.account.member
}

output "subscriptions" {
  description = "By topic, the subscription that feeds the function."
  value = {
    for topic, subscription in google_pubsub_subscription.this :
    topic => subscription.name
  }
}
