"""Addresses in set-up links and letters."""


def set_up(base_url: str, code: str) -> str:
    return f"{base_url.rstrip('/')}/accounts/set-up/{code}"


def letter(base_url: str, code: str) -> str:
    """At the root of the port, short enough to be typed: a page there takes the code and signs in with it."""
    return f"{base_url.rstrip('/')}/l/{code}"
