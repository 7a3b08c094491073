"""Habits, the days on which they were done, and row level security."""

from alembic import op

revision = "habits_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table habits.habits (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      name text not null,
      created_at timestamptz not null default now()
    );
    alter table habits.habits enable row level security, force row level security;
    create policy own on habits.habits to habits_service using ({OWN}) with check ({OWN});

    create table habits.checks (
      habit_id uuid not null references habits.habits on delete cascade,
      user_id uuid not null,
      day date not null default current_date,
      primary key (habit_id, day)
    );
    alter table habits.checks enable row level security, force row level security;
    create policy own on habits.checks to habits_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table habits.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on habits.alembic_version from habits_service;
    create policy owner_moves on habits.alembic_version to habits_owner
      using (true) with check (true);
    create policy service_reads on habits.alembic_version for select to habits_service
      using (true);
"""

DOWN = """
    drop policy service_reads on habits.alembic_version;
    drop policy owner_moves on habits.alembic_version;
    grant insert, update, delete on habits.alembic_version to habits_service;
    alter table habits.alembic_version no force row level security, disable row level security;
    drop table habits.checks;
    drop table habits.habits;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
