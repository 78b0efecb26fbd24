"""Services put together in one process or behind one port."""
