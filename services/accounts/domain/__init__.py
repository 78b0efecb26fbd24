"""Rules of accounts."""
