"""A gap is a statement of its own beside the period of the same first day, of which it takes away only its days."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("members.migrations.0011_days_of_each_fact_of_spells_and_mandates").AFTER
# Of one day and start the gap holds on its days; then as before.
AFTER = BEFORE.replace("AND (action <> 'delete' OR ends_on IS NOT NULL);", "AND action <> 'delete';").replace(
    "entry.starts_on DESC, entry.action", "entry.starts_on DESC, entry.action = 'gap' DESC, entry.action"
)
# A deletion that has days was a gap.
GAPS = """
UPDATE members_spanentry SET action = 'gap' WHERE action = 'delete' AND ends_on IS NOT NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""
NO_GAPS = """
UPDATE members_spanentry SET action = 'delete' WHERE action = 'gap';
SET CONSTRAINTS ALL IMMEDIATE;
"""
ONCE, KNOWN = "span_entry_once_per_start", "span_entry_action_is_one_of_ours"
IS_END, IS_GAP = models.When(action="end", then=1), models.When(action="gap", then=2)


class Migration(migrations.Migration):
    dependencies = [("members", "0011_days_of_each_fact_of_spells_and_mandates")]
    operations = [
        migrations.RemoveConstraint("spanentry", ONCE),
        migrations.RemoveConstraint("spanentry", KNOWN),
        migrations.AlterField(
            "spanentry",
            "action",
            models.CharField(
                blank=True,
                choices=[
                    ("", "there is such a period"),
                    ("end", "nothing from the start on, whatever is older says"),
                    ("delete", "there is no period with this start"),
                    ("gap", "no period holds from the start to the last day"),
                ],
                max_length=6,
            ),
        ),
        migrations.RunSQL(GAPS, NO_GAPS),
        migrations.AddConstraint(
            "spanentry",
            models.CheckConstraint(condition=models.Q(action__in=["", "end", "delete", "gap"]), name=KNOWN),
        ),
        migrations.AddConstraint(
            "spanentry",
            models.UniqueConstraint("member", "kind", "starts_on", models.Case(IS_END, IS_GAP, default=0), name=ONCE),
        ),
        migrations.RunSQL(AFTER, BEFORE),
    ]
