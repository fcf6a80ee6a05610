#!/bin/sh
# Makes the secrets that docker-compose.yml reads, each once: `sh docker/secrets.sh`. Existing files stay as they are.
# The folder is for its owner alone; the files inside are readable so that the containers' own users can read them.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
for name in secret_key database_password redis_password metrics_token; do
    [ -s "secrets/$name" ] || head -c 2048 /dev/urandom | LC_ALL=C tr -dc 'A-Za-z0-9' | head -c 60 > "secrets/$name"
done
[ -e secrets/email_password ] || : > secrets/email_password
chmod 700 secrets
chmod 444 secrets/*
echo "secrets/ is ready; put the password of your mail account into secrets/email_password."
