variable "indexes" {
  description = "Composite indexes: those of single fields are there by themselves."
  type = list(object({
    collection = string
    fields = list(object({
      array = optional(bool, false)
      order = optional(string, "ASCENDING")
      path  = string
    }))
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for index in var.indexes : length(index.fields) >= 2])
    error_message = "A composite index has two fields or more."
  }
}

variable "location" {
  description = "Where the documents are kept; it can never be changed."
  type        = string
  nullable    = false
}

variable "name" {
  description = "Name of the database; a project has one \"(default)\"."
  type        = string
  default     = "(default)"
  nullable    = false
}
