"""Bearer tokens, the signing key, and random codes."""
