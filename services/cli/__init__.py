"""The `lvzhi` command: what clerks and operators type."""
