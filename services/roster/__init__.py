"""The roster service 名册: who is a deputy, on any date."""
