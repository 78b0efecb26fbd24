"""The `lvzhi` command line."""
