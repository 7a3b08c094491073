# True while this very container asks the task queue for work.
set -eu
PATH=/app/tools/python/.venv/bin:$PATH
# The other mode lists the workers that have no version, and ours have one.
temporal task-queue describe --legacy-mode --task-queue "$WINDLASS_TASK_QUEUE" | grep -q "@$(hostname)"
