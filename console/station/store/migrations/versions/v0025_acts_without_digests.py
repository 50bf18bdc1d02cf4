"""No unkeyed digest is left of what acts said: a duress word was found by a list of words (I9)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_DIGEST = 65
"""A colon and 64 hex digits at the end."""


def upgrade() -> None:
    # The rows stay: an act that is sent again must not happen twice (I11).
    op.get_bind().execute(
        sa.text(f"UPDATE act SET what = substr(what, 1, length(what) - {_DIGEST}) WHERE length(what) > {_DIGEST}")
    )


def downgrade() -> None:
    """Nothing: what an earlier version compares is not there, so that an act sent again is refused there."""
