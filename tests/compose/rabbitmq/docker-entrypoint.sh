#!/bin/sh
# As the image's own: what was given as root runs as the broker's user.
set -e
chown -R rabbitmq:rabbitmq /var/lib/rabbitmq
exec setpriv --reuid rabbitmq --regid rabbitmq --init-groups env RABBITMQ_LOGS=- "$@"
