"""`python -m services.reports`: the reports service as a process of its own."""

from services.reports.app import service
from shared.process.serve import serve

if __name__ == "__main__":
    serve(service())
