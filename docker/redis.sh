#!/bin/sh
# Redis with its password from a file: on the command line everybody on the machine could read it.
# Nothing is written to disk: what waits stands in the database, and the sweep wakes the workers again.
set -eu
redis="${1:-redis-server}"
port="${2:-6379}"
printf 'port %s\nrequirepass %s\nsave ""\nappendonly no\nmaxmemory 256mb\nmaxmemory-policy noeviction\n' \
    "$port" "$(cat "$REDIS_PASSWORD_FILE")" | exec "$redis" -
