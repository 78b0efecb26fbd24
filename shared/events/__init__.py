"""What happens to events between the log and a handler: relay, inbox, consumer, dead letters."""
