"""The services and the processes that compose them."""
