"""The activities service 履职: what was planned, held, raised and answered."""
