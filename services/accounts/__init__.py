"""账号: accounts of people, API clients, tokens, and the audit."""
