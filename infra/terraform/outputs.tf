output "accounts" {
  description = "Service accounts by function: who runs it, and who pushes to it."
  value = merge(
    { for name, function in module.event_functions : name => function.accounts },
    { api = { push = null, runtime = module.api.account_id } },
  )
}

output "api_uri" {
  description = "Where the API answers."
  value       = module.api.uri
}

output "buckets" {
  description = "Names of the buckets by purpose."
  value       = { for purpose, bucket in module.buckets : purpose => bucket.name }
}

output "database_users" {
  description = "Who owns the schema, and who the functions are."
  value       = { admin = module.database.admin, app = local._app_user }
}

output "subscriptions" {
  description = "By subscription, the one that keeps its dead letters."
  value = {
    for name, feed in local._feeds :
    module.event_functions[feed.function].subscriptions[feed.topic] =>
    module.event_functions[feed.function].dead_letters[feed.topic].name
  }
}
