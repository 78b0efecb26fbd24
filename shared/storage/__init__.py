"""Storage of a service in its MongoDB database: records, event log, idempotency, encrypted fields."""
