"""`python -m services.ratings`: the ratings as a process of its own."""

from services.ratings.app import service
from shared.process.serve import serve

if __name__ == "__main__":
    serve(service())
