"""HTTP requests and responses of accounts."""
