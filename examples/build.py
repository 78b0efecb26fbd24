"""Makes the workbooks and the list of columns in README.md from the tables: `python -m examples.build`."""

from examples.describe import README, described

if __name__ == "__main__":
    README.write_text(described(README.read_text("utf-8")), "utf-8")
