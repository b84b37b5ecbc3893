"""What is in review may only be given back or published as it is; published criteria may only be closed, as before."""

from django.db import migrations

STEPS = "ARRAY['status', 'effective', 'sent_at', 'sent_by_id', 'published_at', 'published_by_id']"
IN_REVIEW = f"""
    IF TG_OP = 'UPDATE' AND OLD.status = 'in_review' AND NEW.status IN ('draft', 'published')
       AND (to_jsonb(NEW) - {STEPS}) = (to_jsonb(OLD) - {STEPS})
       AND (NEW.status = 'draft' OR NEW.sent_by_id = OLD.sent_by_id) THEN
        RETURN NEW;
    END IF;
"""


def guard(in_review: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION refuse_change_of_published_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    {in_review}
    -- Closing shortens the period to the days it was in force; nothing else may differ.
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'closed' AND NEW.effective <@ OLD.effective
       AND (to_jsonb(NEW) - 'status' - 'effective') = (to_jsonb(OLD) - 'status' - 'effective') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0005_review_and_simulation")]
    operations = [migrations.RunSQL(guard(IN_REVIEW), guard(""))]
