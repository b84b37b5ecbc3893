"""What the public page of a plan year says beside its criteria. The rows freeze with the criteria they belong to."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import Plan
from eligibility.models.criteria import Criteria


class Program(models.Model):
    """The facts of the program in a plan year, as members read them (42 CFR 423.2265(b)(13))."""

    class Letter(models.TextChoices):
        PLAIN = "plain", "How to get started"
        FINDINGS = "findings", "What a pharmacist found in the member's records, and to call for a review"

    class Staff(models.TextChoices):
        PHARMACISTS = "pharmacists", "Pharmacists"
        TEAM = "team", "Pharmacists and qualified pharmacy staff"
        PROVIDERS = "providers", "Pharmacists or other health care providers"

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone"
        MAIL = "mail", "Mail"
        FAX = "fax", "Fax"
        IN_PERSON = "in_person", "In person"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        DATA = "data", "Electronic data exchange"

    class Submission(models.TextChoices):
        NOT_SENT = "not_sent", "Not sent"
        SENT = "sent", "Sent"
        APPROVED = "approved", "Approved"

    criteria = models.OneToOneField(Criteria, on_delete=models.CASCADE, related_name="program")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("name of the program", max_length=80, default="Medication Therapy Management")
    name_es = models.CharField(
        "name in Spanish", max_length=80, default="Administración de la terapia con medicamentos"
    )
    abbreviation = models.CharField(max_length=10, blank=True, help_text="such as MTM or MTMP")
    sponsor = models.CharField("who offers it", max_length=120)
    pharmacy_benefit_manager = models.CharField(max_length=80, blank=True)
    vendor = models.CharField("MTM vendor", max_length=80, blank=True)
    in_all_drug_plans = models.BooleanField("part of every Medicare plan of the sponsor with drugs", default=False)
    at_risk_program = models.CharField("what the at-risk program is called", max_length=120, blank=True)
    developed_with_doctors = models.BooleanField("pharmacists and doctors developed it", default=False)
    staff = models.CharField("who works with members", max_length=12, choices=Staff.choices, default=Staff.PHARMACISTS)
    interns = models.BooleanField("interns under a pharmacist's direct supervision do reviews too", default=False)
    welcome_letter = models.CharField("the first letter says", max_length=10, choices=Letter.choices, default="plain")
    welcome_call = models.BooleanField("a welcome call follows the letter", default=False)
    appointment_form = models.BooleanField("an appointment form is enclosed", default=False)
    by_phone = models.BooleanField("reviews by phone", default=True)
    face_to_face = models.BooleanField("reviews face to face", default=False)
    by_video = models.BooleanField("reviews by video", default=False)
    slot_minutes = models.PositiveSmallIntegerField("minutes a review takes", default=30)
    review_on_problem_call = models.BooleanField("a call about a problem may become the review", default=False)
    action_plan_label = models.CharField("action plan is called", max_length=80, default="Recommended To-Do List")
    action_plan_label_es = models.CharField(
        "action plan in Spanish", max_length=80, default="Lista de tareas recomendadas"
    )
    medication_list_label = models.CharField("list is called", max_length=80, default="Personal Medication List")
    medication_list_label_es = models.CharField(
        "list in Spanish", max_length=80, default="Lista personal de medicamentos"
    )
    hand_delivery = models.BooleanField("documents may be handed over", default=False)
    delivery_days = models.PositiveSmallIntegerField("days until documents are sent", default=14)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        verbose_name="how members and doctors are reached about problems",
        default=list,
    )
    plan_types = models.CharField(
        "contract statement: kind of plan", max_length=40, blank=True, help_text="HMO and PPO"
    )
    joint_product = models.CharField("plan of a joint enterprise", max_length=80, blank=True)
    joint_entities = ArrayField(
        models.CharField(max_length=120), verbose_name="companies of the joint enterprise", default=list, blank=True
    )
    contracts = ArrayField(models.CharField(max_length=5), verbose_name="other contracts", default=list, blank=True)
    material_ids = ArrayField(models.CharField(max_length=40), verbose_name="material ids", default=list, blank=True)
    disclaimer = models.TextField("other legal text", max_length=1500, blank=True)
    disclaimer_es = models.TextField("other legal text in Spanish", max_length=1500, blank=True)
    updated_on = models.DateField("page last updated", null=True, blank=True, help_text="empty: the day of publishing")
    # What CMS was told, and what the program rests on; the public page does not show these.
    benefit_packages = ArrayField(
        models.CharField(max_length=7),
        verbose_name="plan benefit packages",
        default=list,
        blank=True,
        help_text="such as 001, 002; empty: all of the contract",
    )
    submission_id = models.CharField("HPMS submission", max_length=40, blank=True)
    submission_status = models.CharField(max_length=10, choices=Submission.choices, default=Submission.NOT_SENT)
    approval_evidence = models.CharField("where the approval is kept", max_length=200, blank=True)
    expanded_criteria = models.CharField("who is targeted beyond the CMS rule", max_length=300, blank=True)
    drug_reference = models.CharField("drug reference and its version", max_length=120, blank=True)
    at_risk_source = models.CharField("where at-risk beneficiaries are told of", max_length=120, blank=True)
    template_revision = models.CharField("revision of the standard format", max_length=40, blank=True)
    template_verified = models.BooleanField("the wording was compared with the form of CMS", default=False)
    envelope_statement = models.CharField("what stands on the envelope", max_length=200, blank=True)
    safe_disposal_source = models.CharField("where take-back sites are taken from", max_length=200, blank=True)

    # What a draft may change; a copy takes over all but the day and what was filed.
    FACTS = (
        *("name", "name_es", "abbreviation", "sponsor", "pharmacy_benefit_manager", "vendor", "in_all_drug_plans"),
        *("at_risk_program", "developed_with_doctors", "staff", "interns", "welcome_letter", "welcome_call"),
        *("appointment_form", "by_phone", "face_to_face", "by_video", "slot_minutes", "review_on_problem_call"),
        *("action_plan_label", "action_plan_label_es", "medication_list_label", "medication_list_label_es"),
        *("hand_delivery", "delivery_days", "channels", "plan_types", "joint_product", "joint_entities", "contracts"),
        *("material_ids", "disclaimer", "disclaimer_es", "updated_on"),
        *("benefit_packages", "submission_id", "submission_status", "approval_evidence", "expanded_criteria"),
        *("drug_reference", "at_risk_source", "template_revision", "template_verified"),
        *("envelope_statement", "safe_disposal_source"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by_phone=True) | models.Q(face_to_face=True) | models.Q(by_video=True),
                name="a_review_takes_place_in_some_way",
            ),
            models.CheckConstraint(condition=models.Q(slot_minutes__range=(10, 120)), name="a_review_takes_minutes"),
            models.CheckConstraint(
                condition=models.Q(delivery_days__range=(1, 14)), name="documents_go_out_within_14_days"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    channels__contained_by=["phone", "mail", "fax", "in_person", "text", "email", "data"]
                ),
                name="program_channels_are_known",
            ),
            models.CheckConstraint(
                condition=models.Q(joint_product="", joint_entities=[])
                | ~models.Q(joint_product="") & models.Q(joint_entities__len__gt=0),
                name="a_joint_enterprise_names_plan_and_companies",
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(name_es="") & ~models.Q(sponsor=""),
                name="a_program_has_a_name_and_a_sponsor",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PhoneLine(models.Model):
    """A number members may call, and for what. Lines of different purposes are never mixed."""

    class Purpose(models.TextChoices):
        QUESTIONS = "questions", "Questions, a time for a review, and leaving the program"
        COMPLAINTS = "complaints", "Complaints"

    class Zone(models.TextChoices):
        EASTERN = "America/New_York", "Eastern"
        CENTRAL = "America/Chicago", "Central"
        MOUNTAIN = "America/Denver", "Mountain"
        PACIFIC = "America/Los_Angeles", "Pacific"
        ALASKA = "America/Anchorage", "Alaska"
        HAWAII = "Pacific/Honolulu", "Hawaii"
        ATLANTIC = "America/Puerto_Rico", "Atlantic"

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="lines")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    label = models.CharField("who answers", max_length=80, blank=True)
    number = models.CharField(max_length=20, blank=True)
    on_card = models.BooleanField("the number is on the member ID card", default=False)
    tty = models.CharField("TTY", max_length=20, blank=True, default="711")
    time_zone = models.CharField(max_length=40, choices=Zone.choices, default=Zone.EASTERN)

    FACTS = ("purpose", "label", "number", "on_card", "tty", "time_zone")

    class Meta:
        ordering = ["-purpose"]  # questions first
        constraints = [
            models.UniqueConstraint(fields=["program", "purpose"], name="one_line_per_purpose"),
            models.CheckConstraint(
                condition=models.Q(on_card=True, number="") | models.Q(on_card=False, number__regex=r"^[0-9-]{10,20}$"),
                name="a_line_has_a_number_or_is_on_the_card",
            ),
        ]

    def __str__(self) -> str:
        return self.number or "on the card"


class PhoneHours(models.Model):
    """When a line is answered, in its own time zone. A season may run over the new year: October to March."""

    class Days(models.TextChoices):
        WORKDAYS = "mon_fri", "Monday to Friday"
        WITH_SATURDAY = "mon_sat", "Monday to Saturday"
        ALL = "all", "Every day"

    line = models.ForeignKey(PhoneLine, on_delete=models.CASCADE, related_name="hours")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    from_month = models.PositiveSmallIntegerField(default=1)
    to_month = models.PositiveSmallIntegerField(default=12)
    days = models.CharField(max_length=8, choices=Days.choices, default=Days.WORKDAYS)
    opens = models.TimeField()
    closes = models.TimeField()

    FACTS = ("from_month", "to_month", "days", "opens", "closes")

    class Meta:
        ordering = ["from_month"]
        constraints = [
            models.UniqueConstraint(fields=["line", "from_month", "days"], name="a_season_of_a_line_stands_once"),
            models.CheckConstraint(
                condition=models.Q(from_month__range=(1, 12), to_month__range=(1, 12)), name="seasons_are_months"
            ),
            models.CheckConstraint(condition=models.Q(opens__lt=models.F("closes")), name="a_line_opens_and_closes"),
        ]

    def __str__(self) -> str:
        return f"{self.days} {self.opens} to {self.closes}"


class Accreditation(models.Model):
    """What an accrediting body has said of the program, and since when."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="accreditations")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+")
    body = models.CharField("accrediting body", max_length=60)
    name = models.CharField("what for", max_length=120)
    since = models.DateField(null=True, blank=True)

    FACTS = ("body", "name", "since")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["program", "body", "name"], name="an_accreditation_stands_once"),
        ]

    def __str__(self) -> str:
        return f"{self.body}: {self.name}"
