"""sum profiles of the whole country."""

from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    # the later months would only be added up again when a score changes
    op.execute(
        "INSERT INTO profile_sums (month, trait, dimension, region_id, tier, key,"
        " halls, total_milli, squares_milli)"
        " SELECT month, trait, dimension, '', tier, key, sum(halls),"
        " sum(total_milli), sum(squares_milli) FROM profile_sums"
        " GROUP BY month, trait, dimension, tier, key"
    )


def downgrade():
    op.execute("DELETE FROM profile_sums WHERE region_id = ''")
