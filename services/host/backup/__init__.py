"""Backups of a whole installation: taken while it runs, restored into an empty store, tried by a drill."""
