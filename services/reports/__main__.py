"""`python -m services.reports`: the reports service as a process of its own."""

from services.reports.app import build
from services.reports.settings import Settings
from shared.process.serve import serve

if __name__ == "__main__":
    serve(build, Settings)
