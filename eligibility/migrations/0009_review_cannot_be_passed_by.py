"""Criteria are published out of review only, after a simulation; what a simulation said stays as it was said."""

from django.db import migrations

STEPS = "ARRAY['status', 'effective', 'sent_at', 'sent_by_id', 'published_at', 'published_by_id']"
FROM_DRAFT = """
        IF TG_OP = 'UPDATE' AND NEW.status NOT IN ('draft', 'in_review') THEN
            RAISE EXCEPTION 'criteria are published out of review' USING ERRCODE = 'restrict_violation';
        END IF;
        IF TG_OP = 'UPDATE' AND NEW.status = 'in_review'
           AND NOT EXISTS (SELECT 1 FROM eligibility_simulation s WHERE s.criteria_id = NEW.id) THEN
            RAISE EXCEPTION 'criteria go into review after a simulation' USING ERRCODE = 'restrict_violation';
        END IF;
"""


def guard(from_draft: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION refuse_change_of_published_criteria() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' THEN
        {from_draft}
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status = 'in_review' AND NEW.status IN ('draft', 'published')
       AND (to_jsonb(NEW) - {STEPS}) = (to_jsonb(OLD) - {STEPS})
       AND (NEW.status = 'draft' OR NEW.sent_by_id = OLD.sent_by_id) THEN
        RETURN NEW;
    END IF;
    -- Closing shortens the period to the days it was in force; nothing else may differ.
    IF TG_OP = 'UPDATE' AND OLD.status = 'published' AND NEW.status = 'closed' AND NEW.effective <@ OLD.effective
       AND (to_jsonb(NEW) - 'status' - 'effective') = (to_jsonb(OLD) - 'status' - 'effective') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
END $$;
"""


# A draft that is thrown away takes its simulations along; what is in review or published keeps them.
SIMULATIONS = """
CREATE FUNCTION refuse_change_of_simulation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM eligibility_criteria c WHERE c.id = OLD.criteria_id AND c.status <> 'draft'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a simulation never changes: make another' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER simulations_never_change BEFORE UPDATE OR DELETE ON eligibility_simulation
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_simulation();

CREATE FUNCTION refuse_change_of_simulated_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM eligibility_simulation s JOIN eligibility_criteria c ON c.id = s.criteria_id
        WHERE s.id = OLD.simulation_id AND c.status <> 'draft'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a simulation never changes: make another' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER simulated_members_never_change BEFORE UPDATE OR DELETE ON eligibility_simulatedmember
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_simulated_member();
"""
UNGUARDED = """
DROP TRIGGER simulated_members_never_change ON eligibility_simulatedmember;
DROP FUNCTION refuse_change_of_simulated_member;
DROP TRIGGER simulations_never_change ON eligibility_simulation;
DROP FUNCTION refuse_change_of_simulation;
"""


class Migration(migrations.Migration):
    dependencies = [("eligibility", "0008_program")]
    operations = [migrations.RunSQL(guard(FROM_DRAFT), guard("")), migrations.RunSQL(SIMULATIONS, UNGUARDED)]
