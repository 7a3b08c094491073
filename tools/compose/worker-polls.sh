# True while this very container asks the task queue for work.
set -eu
PATH=/app/tools/python/.venv/bin:$PATH
temporal task-queue describe --task-queue "$WINDLASS_TASK_QUEUE" | grep -q "@$(hostname)"
