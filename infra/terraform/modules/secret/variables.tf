variable "generation" {
  description = "Raise it to write the value again, as a new version."
  type        = number
  nullable    = false
}

variable "name" {
  description = "Name of the secret."
  type        = string
  nullable    = false
}

variable "region" {
  description = "Where it is kept."
  type        = string
  nullable    = false
}

variable "value" {
  description = "What is kept secret."
  type        = string
  ephemeral   = true
  nullable    = false
  sensitive   = true
}
