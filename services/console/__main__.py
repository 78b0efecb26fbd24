"""`python -m services.console`: the console as a process of its own."""

from services.console.app import serve

if __name__ == "__main__":
    serve()
