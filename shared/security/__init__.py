"""Bearer tokens, the signing key, codes that cannot be guessed."""
