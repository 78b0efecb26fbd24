# One image for all services and the gateway: the command chooses. Runs as a user without rights.
ARG BASE=python:3.11-slim

FROM ${BASE} AS build
ARG PIP_INDEX_URL=https://pypi.org/simple
WORKDIR /build
RUN python -m venv /opt/lvzhi
COPY requirements-service.txt ./
RUN /opt/lvzhi/bin/pip install --disable-pip-version-check --no-cache-dir --no-compile --require-hashes \
        -r requirements-service.txt
COPY pyproject.toml LICENSE ./
COPY services services
COPY shared shared
COPY recount recount
# Without bytecode a service takes three times as long to start, and the user below may not write any. Bytecode that names
# its source by time would differ from build to build.
RUN /opt/lvzhi/bin/pip install --disable-pip-version-check --no-compile --no-deps --no-build-isolation . \
    && python -m compileall -q -f -j 0 --invalidation-mode unchecked-hash /opt/lvzhi/lib \
    && /opt/lvzhi/bin/lvzhi licences > /opt/lvzhi/LICENCES.txt \
    && /opt/lvzhi/bin/pip uninstall --disable-pip-version-check -q -y setuptools pip

FROM ${BASE}
# For PDF: --build-arg PACKAGES="fonts-noto-cjk" is enough for slips; for documents
# PACKAGES="libreoffice-writer-nogui fonts-noto-cjk fonts-arphic-ukai fonts-liberation2"
ARG PACKAGES=""
# The day on which the user was made, as /etc/shadow has it.
ARG SOURCE_DATE_EPOCH
RUN if [ -n "$PACKAGES" ]; then \
        apt-get update && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; \
    fi \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/lvzhi lvzhi \
    && install -d -o lvzhi -g lvzhi -m 700 /data \
    && install -d -o lvzhi -g lvzhi -m 700 /data/box-keys \
    # Where volumes are mounted that a restore writes: an empty volume takes its owner from here.
    && for name in roster activities ratings reports accounts; do \
        install -d -o lvzhi -g lvzhi -m 700 "/keys/$name"; \
    done
COPY --from=build /opt/lvzhi /opt/lvzhi
ENV PATH=/opt/lvzhi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    LVZHI_HOST=0.0.0.0 \
    LVZHI_PORT=8080 \
    LVZHI_DATA_DIR=/data \
    LVZHI_GATEWAY_HOST=0.0.0.0 \
    LVZHI_GATEWAY_PORT=8080
USER lvzhi
WORKDIR /var/lib/lvzhi
VOLUME /data
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
CMD ["python", "-m", "services.host.gateway"]
