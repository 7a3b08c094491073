"""The journal and its row level security."""

from alembic import op

revision = "journal_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table journal.entries (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      body text not null,
      written_at timestamptz not null default now()
    );
    alter table journal.entries enable row level security, force row level security;
    create policy own on journal.entries to journal_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table journal.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on journal.alembic_version from journal_service;
    create policy owner_moves on journal.alembic_version to journal_owner
      using (true) with check (true);
    create policy service_reads on journal.alembic_version for select to journal_service
      using (true);
"""

DOWN = """
    drop policy service_reads on journal.alembic_version;
    drop policy owner_moves on journal.alembic_version;
    grant insert, update, delete on journal.alembic_version to journal_service;
    alter table journal.alembic_version no force row level security, disable row level security;
    drop table journal.entries;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
