"""HTTP door of accounts."""
