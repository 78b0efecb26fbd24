"""The reports service 总结: what the year amounts to."""
