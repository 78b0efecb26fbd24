"""`python -m services.activities`: the service as a process of its own."""

from services.activities.app import service
from shared.process.serve import serve

if __name__ == "__main__":
    serve(service())
