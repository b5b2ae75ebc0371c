output "account_id" {
  description = "Who the function runs as."
  value       = module.function.account.account_id
}

output "invokers" {
  description = "Who may call it."
  value       = toset([for grant in google_cloud_run_service_iam_member.invoker : grant.member])
}

output "member" {
  description = "The function as a member of IAM policies."
  value       = module.function.account.member
}

output "uri" {
  description = "Where it answers."
  value       = module.function.uri
}
