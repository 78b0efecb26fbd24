"""The four services and the processes that compose them."""
