"""Published criteria never change but to be closed; their conditions not at all. Transitions are append-only."""

from django.db import migrations

PUBLISHED = """
CREATE FUNCTION refuse_change_of_published_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    -- Closing shortens the period to the days it was in force; nothing else may differ.
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'closed' AND NEW.effective <@ OLD.effective
       AND (to_jsonb(NEW) - 'status' - 'effective') = (to_jsonb(OLD) - 'status' - 'effective') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER published_criteria_never_change BEFORE UPDATE OR DELETE ON eligibility_criteria
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_criteria();

CREATE FUNCTION refuse_change_of_published_conditions() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.criteria_id ELSE NEW.criteria_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM eligibility_criteria WHERE id = owner AND status <> 'draft') THEN
        RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_conditions_never_change BEFORE INSERT OR UPDATE OR DELETE ON eligibility_criteriacondition
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_conditions();

CREATE FUNCTION refuse_change_of_published_codes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    listed bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.criteriacondition_id ELSE NEW.criteriacondition_id END;
BEGIN
    IF EXISTS (
        SELECT 1 FROM eligibility_criteriacondition condition JOIN eligibility_criteria c ON c.id = condition.criteria_id
        WHERE condition.id = listed AND c.status <> 'draft'
    ) THEN
        RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_codes_never_change BEFORE INSERT OR UPDATE OR DELETE ON eligibility_criteriacondition_coded_as
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_codes();
"""

TRANSITIONS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON eligibility_enrollmenttransition
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0001_initial"), ("accounts", "0002_append_only")]
    operations = [
        migrations.RunSQL(
            PUBLISHED,
            """
            DROP TRIGGER published_criteria_never_change ON eligibility_criteria;
            DROP TRIGGER published_conditions_never_change ON eligibility_criteriacondition;
            DROP TRIGGER published_codes_never_change ON eligibility_criteriacondition_coded_as;
            DROP FUNCTION refuse_change_of_published_criteria();
            DROP FUNCTION refuse_change_of_published_conditions();
            DROP FUNCTION refuse_change_of_published_codes();
            """,
        ),
        migrations.RunSQL(TRANSITIONS, "DROP TRIGGER append_only ON eligibility_enrollmenttransition"),
    ]
