"""The facts of a program's page. They freeze with their criteria; plan years already there get a page to start from."""

import re

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


# How each table leads to the criteria it belongs to.
OWNERS = {
    "program": "c.id IN (OLD.criteria_id, NEW.criteria_id)",
    "phoneline": "p.id IN (OLD.program_id, NEW.program_id)",
    "accreditation": "p.id IN (OLD.program_id, NEW.program_id)",
    "phonehours": "p.id IN (SELECT program_id FROM eligibility_phoneline WHERE id IN (OLD.line_id, NEW.line_id))",
}
FROZEN = """
CREATE FUNCTION refuse_change_of_published_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM eligibility_criteria c LEFT JOIN eligibility_program p ON p.criteria_id = c.id
        WHERE c.status <> 'draft' AND {owner}
    ) THEN
        RAISE EXCEPTION 'published criteria never change: make a new version' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_{table}_never_changes BEFORE INSERT OR UPDATE OR DELETE ON eligibility_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_published_{table}();
"""
THAWED = """
DROP TRIGGER published_{table}_never_changes ON eligibility_{table};
DROP FUNCTION refuse_change_of_published_{table}();
"""


def give_every_plan_year_a_page(apps, schema_editor):
    """With what is known of the plan: its name, and its number where it is one."""
    model = {name: apps.get_model("eligibility", name) for name in ("Criteria", "Program", "PhoneLine")}
    for criteria in model["Criteria"].objects.filter(program=None).select_related("plan"):
        plan = criteria.plan
        program = model["Program"].objects.create(
            criteria=criteria, plan=plan, sponsor=plan.name or plan.code, channels=["phone", "mail"]
        )
        number = plan.phone if re.fullmatch("[0-9-]{10,20}", plan.phone) else ""
        model["PhoneLine"].objects.create(
            program=program, plan=plan, purpose="questions", number=number, on_card=not number, tty=plan.tty
        )


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_append_only'),
        ('eligibility', '0007_enrollment_ends'),
    ]

    operations = [
        migrations.CreateModel(
            name='Program',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(default='Medication Therapy Management', max_length=80, verbose_name='name of the program')),
                ('name_es', models.CharField(default='Administración de la terapia con medicamentos', max_length=80, verbose_name='name in Spanish')),
                ('abbreviation', models.CharField(blank=True, help_text='such as MTM or MTMP', max_length=10)),
                ('sponsor', models.CharField(max_length=120, verbose_name='who offers it')),
                ('pharmacy_benefit_manager', models.CharField(blank=True, max_length=80)),
                ('vendor', models.CharField(blank=True, max_length=80, verbose_name='MTM vendor')),
                ('in_all_drug_plans', models.BooleanField(default=False, verbose_name='part of every Medicare plan of the sponsor with drugs')),
                ('at_risk_program', models.CharField(blank=True, max_length=120, verbose_name='what the at-risk program is called')),
                ('developed_with_doctors', models.BooleanField(default=False, verbose_name='pharmacists and doctors developed it')),
                ('staff', models.CharField(choices=[('pharmacists', 'Pharmacists'), ('team', 'Pharmacists and qualified pharmacy staff'), ('providers', 'Pharmacists or other health care providers')], default='pharmacists', max_length=12, verbose_name='who works with members')),
                ('interns', models.BooleanField(default=False, verbose_name="interns under a pharmacist's direct supervision do reviews too")),
                ('welcome_letter', models.CharField(choices=[('plain', 'How to get started'), ('findings', "What a pharmacist found in the member's records, and to call for a review")], default='plain', max_length=10, verbose_name='the first letter says')),
                ('welcome_call', models.BooleanField(default=False, verbose_name='a welcome call follows the letter')),
                ('appointment_form', models.BooleanField(default=False, verbose_name='an appointment form is enclosed')),
                ('by_phone', models.BooleanField(default=True, verbose_name='reviews by phone')),
                ('face_to_face', models.BooleanField(default=False, verbose_name='reviews face to face')),
                ('by_video', models.BooleanField(default=False, verbose_name='reviews by video')),
                ('slot_minutes', models.PositiveSmallIntegerField(default=30, verbose_name='minutes a review takes')),
                ('review_on_problem_call', models.BooleanField(default=False, verbose_name='a call about a problem may become the review')),
                ('action_plan_label', models.CharField(default='Recommended To-Do List', max_length=80, verbose_name='action plan is called')),
                ('action_plan_label_es', models.CharField(default='Lista de tareas recomendadas', max_length=80, verbose_name='action plan in Spanish')),
                ('medication_list_label', models.CharField(default='Personal Medication List', max_length=80, verbose_name='list is called')),
                ('medication_list_label_es', models.CharField(default='Lista personal de medicamentos', max_length=80, verbose_name='list in Spanish')),
                ('hand_delivery', models.BooleanField(default=False, verbose_name='documents may be handed over')),
                ('delivery_days', models.PositiveSmallIntegerField(default=14, verbose_name='days until documents are sent')),
                ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('phone', 'Phone'), ('mail', 'Mail'), ('fax', 'Fax'), ('in_person', 'In person'), ('text', 'Text message'), ('email', 'E-mail'), ('data', 'Electronic data exchange')], max_length=10), default=list, size=None, verbose_name='how members and doctors are reached about problems')),
                ('plan_types', models.CharField(blank=True, help_text='HMO and PPO', max_length=40, verbose_name='contract statement: kind of plan')),
                ('joint_product', models.CharField(blank=True, max_length=80, verbose_name='plan of a joint enterprise')),
                ('joint_entities', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), blank=True, default=list, size=None, verbose_name='companies of the joint enterprise')),
                ('contracts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), blank=True, default=list, size=None, verbose_name='other contracts')),
                ('material_ids', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None, verbose_name='material ids')),
                ('disclaimer', models.TextField(blank=True, max_length=1500, verbose_name='other legal text')),
                ('disclaimer_es', models.TextField(blank=True, max_length=1500, verbose_name='other legal text in Spanish')),
                ('updated_on', models.DateField(blank=True, help_text='empty: the day of publishing', null=True, verbose_name='page last updated')),
                ('criteria', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='program', to='eligibility.criteria')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.plan')),
            ],
        ),
        migrations.CreateModel(
            name='PhoneLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('questions', 'Questions, a time for a review, and leaving the program'), ('complaints', 'Complaints')], max_length=12)),
                ('label', models.CharField(blank=True, max_length=80, verbose_name='who answers')),
                ('number', models.CharField(blank=True, max_length=20)),
                ('on_card', models.BooleanField(default=False, verbose_name='the number is on the member ID card')),
                ('tty', models.CharField(blank=True, default='711', max_length=20, verbose_name='TTY')),
                ('time_zone', models.CharField(choices=[('America/New_York', 'Eastern'), ('America/Chicago', 'Central'), ('America/Denver', 'Mountain'), ('America/Los_Angeles', 'Pacific'), ('America/Anchorage', 'Alaska'), ('Pacific/Honolulu', 'Hawaii'), ('America/Puerto_Rico', 'Atlantic')], default='America/New_York', max_length=40)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.plan')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='eligibility.program')),
            ],
            options={
                'ordering': ['-purpose'],
            },
        ),
        migrations.CreateModel(
            name='Accreditation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('body', models.CharField(max_length=60, verbose_name='accrediting body')),
                ('name', models.CharField(max_length=120, verbose_name='what for')),
                ('since', models.DateField(blank=True, null=True)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.plan')),
                ('program', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accreditations', to='eligibility.program')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PhoneHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_month', models.PositiveSmallIntegerField(default=1)),
                ('to_month', models.PositiveSmallIntegerField(default=12)),
                ('days', models.CharField(choices=[('mon_fri', 'Monday to Friday'), ('mon_sat', 'Monday to Saturday'), ('all', 'Every day')], default='mon_fri', max_length=8)),
                ('opens', models.TimeField()),
                ('closes', models.TimeField()),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.plan')),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='eligibility.phoneline')),
            ],
            options={
                'ordering': ['from_month'],
                'constraints': [models.UniqueConstraint(fields=('line', 'from_month', 'days'), name='a_season_of_a_line_stands_once'), models.CheckConstraint(condition=models.Q(('from_month__range', (1, 12)), ('to_month__range', (1, 12))), name='seasons_are_months'), models.CheckConstraint(condition=models.Q(('opens__lt', models.F('closes'))), name='a_line_opens_and_closes')],
            },
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('by_phone', True), ('face_to_face', True), ('by_video', True), _connector='OR'), name='a_review_takes_place_in_some_way'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('slot_minutes__range', (10, 120))), name='a_review_takes_minutes'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('delivery_days__range', (1, 14))), name='documents_go_out_within_14_days'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(('channels__contained_by', ['phone', 'mail', 'fax', 'in_person', 'text', 'email', 'data'])), name='program_channels_are_known'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('joint_entities', []), ('joint_product', '')), models.Q(models.Q(('joint_product', ''), _negated=True), ('joint_entities__len__gt', 0)), _connector='OR'), name='a_joint_enterprise_names_plan_and_companies'),
        ),
        migrations.AddConstraint(
            model_name='program',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('name', ''), _negated=True), models.Q(('name_es', ''), _negated=True), models.Q(('sponsor', ''), _negated=True)), name='a_program_has_a_name_and_a_sponsor'),
        ),
        migrations.AddConstraint(
            model_name='phoneline',
            constraint=models.UniqueConstraint(fields=('program', 'purpose'), name='one_line_per_purpose'),
        ),
        migrations.AddConstraint(
            model_name='phoneline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', ''), ('on_card', True)), models.Q(('number__regex', '^[0-9-]{10,20}$'), ('on_card', False)), _connector='OR'), name='a_line_has_a_number_or_is_on_the_card'),
        ),
        migrations.AddConstraint(
            model_name='accreditation',
            constraint=models.UniqueConstraint(fields=('program', 'body', 'name'), name='an_accreditation_stands_once'),
        ),
        migrations.RunPython(give_every_plan_year_a_page, migrations.RunPython.noop),
        *(
            migrations.RunSQL(FROZEN.format(table=table, owner=owner), THAWED.format(table=table))
            for table, owner in OWNERS.items()
        ),
    ]
