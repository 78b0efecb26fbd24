"""HTTP endpoints that every service offers beside its own."""
