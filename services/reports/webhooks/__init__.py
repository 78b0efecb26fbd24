"""Webhooks: events of the log pushed to receivers by the Standard Webhooks specification."""
