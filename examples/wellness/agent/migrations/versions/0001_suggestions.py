"""Suggestions and their row level security."""

from alembic import op

revision = "agent_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table agent.suggestions (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      sentence text not null,
      given_at timestamptz not null default now()
    );
    alter table agent.suggestions enable row level security, force row level security;
    create policy own on agent.suggestions to agent_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table agent.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on agent.alembic_version from agent_service;
    create policy owner_moves on agent.alembic_version to agent_owner
      using (true) with check (true);
    create policy service_reads on agent.alembic_version for select to agent_service
      using (true);
"""

DOWN = """
    drop policy service_reads on agent.alembic_version;
    drop policy owner_moves on agent.alembic_version;
    grant insert, update, delete on agent.alembic_version to agent_service;
    alter table agent.alembic_version no force row level security, disable row level security;
    drop table agent.suggestions;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
