"""`python -m services.activities`: the service as a process of its own."""

from services.activities.app import service
from shared.serve import serve

if __name__ == "__main__":
    serve(service())
