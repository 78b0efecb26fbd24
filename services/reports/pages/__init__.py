"""Public pages of deputies and stations."""
