"""The activities service: what was planned, held, raised and answered."""
