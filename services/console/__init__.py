"""The web pages in which offices, deputies, tellers and counties work: a client of the services' HTTP contract."""
