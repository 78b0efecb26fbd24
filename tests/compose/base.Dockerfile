# Stands in for python:3.11-slim where no image can be fetched: Debian by debootstrap, with Debian's Python.
FROM lvzhi-test/debian
RUN apt-get update -qq \
    && apt-get install -qq -y --no-install-recommends python3 python3-venv python-is-python3 >/dev/null \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
