# Starts the worker. Terraform outlives a worker that stops, under its supervisor, but not the
# container: so the script ends only when the supervisors of this home have ended.
set -eu
code=$(cd "$(dirname "$0")/../.." && pwd)
home=${WINDLASS_HOME:?}

supervised() {
  for line in /proc/[0-9]*/cmdline; do
    if tr '\0' ' ' 2>/dev/null <"$line" | grep -qF "/src/terraform/supervisor.ts $home/"; then
      return 0
    fi
  done 2>/dev/null
  return 1
}

node "$code/src/worker.ts" &
worker=$!
trap 'kill -TERM "$worker" 2>/dev/null || :' TERM INT
status=0
wait "$worker" || status=$?
while kill -0 "$worker" 2>/dev/null; do # a signal ended the waiting, not yet the worker
  status=0
  wait "$worker" || status=$?
done
while supervised; do sleep 1; done
exit "$status"
