"""One MongoDB database per service: records, the event log, idempotent answers, encrypted fields."""
