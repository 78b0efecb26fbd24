"""Pages without a token: the set-up of a password; addresses in links and letters."""
