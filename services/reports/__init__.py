"""The reports service 总结: closings, figures, findings, reports and their documents."""
