"""The catalog in PostgreSQL: one transaction, one tenant, one outbox."""
