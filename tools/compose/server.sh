# Starts the server with the password from its secret file. For temporalio/server.
set -eu
POSTGRES_PWD=$(cat /run/secrets/postgres-password)
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
