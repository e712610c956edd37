"""Cards of phases, and challenges."""

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make its tables and indexes."""
