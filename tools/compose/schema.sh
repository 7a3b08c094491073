# Creates and updates Temporal's two databases; safe to run again. For temporalio/admin-tools.
set -eu
SQL_PASSWORD=$(cat /run/secrets/postgres-password)
export SQL_PASSWORD

tool() {
  database=$1
  shift
  temporal-sql-tool --plugin "$DB" --endpoint "$POSTGRES_SEEDS" --port "$DB_PORT" \
    --user "$POSTGRES_USER" --database "$database" "$@"
}

prepare() {
  tool "$1" create-database
  tool "$1" setup-schema --version 0.0
  tool "$1" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
