"""`python -m services.roster`: the roster as a process of its own."""

from services.roster.app import service
from shared.process.serve import serve

if __name__ == "__main__":
    serve(service())
