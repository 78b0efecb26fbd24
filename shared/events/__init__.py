"""Delivery of events from the log to handlers: relay, inbox, consumer, dead letters."""
