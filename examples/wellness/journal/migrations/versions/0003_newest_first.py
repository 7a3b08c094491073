"""An index for the newest entries of a user, built without holding up writers."""

from alembic import op

revision = "journal_0003"
down_revision = "journal_0002"
windlass = "expand"


def upgrade() -> None:
    # Outside a transaction: a build that was interrupted is dropped and made anew.
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists journal.entries_newest")
        op.execute(
            "create index concurrently entries_newest on journal.entries (user_id, written_at desc)"
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.execute("drop index concurrently if exists journal.entries_newest")
