"""Criteria over the API: drafting, saving, trying, review and publishing by the same actions as the pages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import AFTER, ListOfPlan, PlanView, Refused
from accounts.permissions import Permission
from claims.models import Condition
from eligibility import criteria as actions
from eligibility import editor
from eligibility.criteria_forms import CriteriaForm, NewDraftForm, refuse_twice
from eligibility.difference import of_typed
from eligibility.edition import StaleEdition, edition_of
from eligibility.models import Criteria
from eligibility.reasons import rule_in_words, values_of
from eligibility.rules import VISITS, from_values
from mtm.lib.paging import newest_first

READ, EDIT = Permission.CRITERIA_READ, Permission.CRITERIA_EDIT
CHANGED = "Somebody saved it after it was read. Read it again."


class ListedSerializer(serializers.Serializer[Any]):
    """A condition as the plan prints it, and the codes of the conditions behind it."""

    label = serializers.CharField(max_length=120)
    coded_as = serializers.ListField(child=serializers.CharField(max_length=40), allow_empty=False)
    visits = serializers.IntegerField(min_value=1, max_value=3, default=VISITS)


class VersionSerializer(serializers.ModelSerializer[Criteria]):
    """Which version it is and where it stands."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    first_on = serializers.DateField(source="effective.lower", allow_null=True, read_only=True)
    ends_before = serializers.DateField(source="effective.upper", allow_null=True, read_only=True)

    class Meta:
        model = Criteria
        fields = ["id", "plan_year", "version", "status", "first_on", "ends_before", "sent_at", "published_at"]
        read_only_fields = fields


class DraftSerializer(serializers.ModelSerializer[Criteria]):
    """What a draft may change; all of it is sent together, with the edition that was read."""

    beyond_list = serializers.ChoiceField(Criteria.BeyondList.choices)
    drug_list = serializers.ListField(child=serializers.CharField(max_length=120))
    conditions = ListedSerializer(many=True, max_length=40)
    edition = serializers.CharField(max_length=16)

    class Meta:
        model = Criteria
        fields = [*Criteria.SETTINGS, "starts_on", "reason", "conditions", "edition"]
        extra_kwargs = {name: {"required": True} for name in (*Criteria.SETTINGS, "starts_on", "reason")}

    def validate_conditions(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        try:
            refuse_twice(row["label"] for row in rows)
        except ValidationError as problem:
            raise serializers.ValidationError(problem.messages) from None
        known = set(Condition.objects.values_list("code", flat=True))
        if unknown := sorted({code for row in rows for code in row["coded_as"]} - known):
            raise serializers.ValidationError(f"No coded condition is called: {', '.join(unknown)}.")
        return rows

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """By the form of the page, so that both refuse the same with the same words."""
        form = CriteriaForm(given | {"drug_list": ",".join(given["drug_list"])})
        listed = [(row["label"], row["coded_as"], row["visits"]) for row in given["conditions"]]
        if not (form.is_valid() and editor.is_long_enough(form, len(listed))):
            raise serializers.ValidationError(errors_of(form))
        return {"form": form, "listed": listed, "edition": given["edition"]}


class CriteriaSerializer(VersionSerializer):
    """One version whole, with the rule as members read it."""

    beyond_list = serializers.ChoiceField(Criteria.BeyondList.choices, read_only=True)
    conditions = serializers.SerializerMethodField()
    edition = serializers.SerializerMethodField()
    whole_edition = serializers.SerializerMethodField(help_text="with the program page; asked for by publishing")
    rule = serializers.SerializerMethodField()
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)
    is_simulated = serializers.SerializerMethodField()

    class Meta:
        model = Criteria
        fields = [
            *(*VersionSerializer.Meta.fields, *Criteria.SETTINGS, "starts_on", "reason", "conditions", "edition"),
            *("whole_edition", "rule", "warnings", "is_simulated"),
        ]
        read_only_fields = fields

    @extend_schema_field(ListedSerializer(many=True))
    def get_conditions(self, criteria: Criteria) -> Any:
        rows = editor.listed_of(criteria)
        return [{"label": label, "coded_as": codes, "visits": visits} for label, codes, visits in rows]

    def get_edition(self, criteria: Criteria) -> str:
        return edition_of(criteria)

    def get_whole_edition(self, criteria: Criteria) -> str:
        return actions.whole_edition(criteria)

    def get_is_simulated(self, criteria: Criteria) -> bool:
        return actions.is_simulated(criteria)

    def get_rule(self, criteria: Criteria) -> list[str]:
        return rule_in_words(values_of(criteria), [label for label, _, _ in editor.listed_of(criteria)])


class StartSerializer(serializers.Serializer[Any]):
    start_from = serializers.CharField(max_length=60, help_text="preset:NAME, or copy:ID of criteria of the plan")
    plan_year = serializers.IntegerField()


class EditionSerializer(serializers.Serializer[Any]):
    edition = serializers.CharField(max_length=32, help_text="the whole edition that was read")


class TrialLineSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()
    members = serializers.IntegerField()
    in_force = serializers.IntegerField(allow_null=True, help_text="by the criteria in force on the same day")


class TrialSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    members = serializers.IntegerField()
    lines = TrialLineSerializer(many=True)


class AllCriteria(ListOfPlan):
    """Every version, the latest first; a new one starts from a preset or a copy."""

    permissions = {"GET": READ, "POST": EDIT}
    serializer_class = VersionSerializer
    queryset = Criteria.objects.none()

    def get_queryset(self) -> Any:
        return Criteria.objects.filter(plan=self.request.plan)

    @extend_schema(parameters=[AFTER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = newest_first(self.get_queryset(), before=request.GET.get("after"))
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": page.after})

    @extend_schema(request=StartSerializer, responses={201: CriteriaSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        asked = StartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        form = NewDraftForm(asked.validated_data, plan=self.plan, today=timezone.localdate())
        if not form.is_valid():
            raise serializers.ValidationError(errors_of(form))
        draft = actions.draft_from(plan=self.plan, by=request.user, **form.cleaned_data)
        return Response(whole(draft), status=201)


class CriteriaView(PlanView):
    serializer_class: Any = CriteriaSerializer
    queryset = Criteria.objects.none()

    def get_queryset(self) -> Any:
        return Criteria.objects.filter(plan=self.request.plan).select_related("plan", "sent_by")

    def sent(self, request: Request) -> Any:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return asked.validated_data


class OneCriteria(CriteriaView):
    permissions = {"GET": READ, "POST": EDIT}
    serializer_class = DraftSerializer

    @extend_schema(responses=CriteriaSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(whole(self.get_object()))

    @extend_schema(responses=CriteriaSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Save a draft. What saving would change in what somebody else saved stands in the refusal."""
        found, sent = self.get_object(), self.sent(request)
        form, listed = sent["form"], sent["listed"]
        try:
            actions.change(
                draft=found,
                edition=sent["edition"],
                fields=form.all_values,
                conditions=editor.coded(listed),
                visits={label: visits for label, _, visits in listed},
                by=request.user,
            )
        except StaleEdition:
            differs = "; ".join(of_typed(form.typed, listed, found)) or "nothing"
            raise Refused(f"{CHANGED} What yours would change: {differs}.") from None
        return Response(whole(found))


class TryCriteria(CriteriaView):
    """How many members the values sent would make eligible; nothing is decided or saved."""

    permissions = {"POST": EDIT}
    serializer_class = DraftSerializer

    @extend_schema(responses=TrialSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        found, sent = self.get_object(), self.sent(request)
        rules = from_values(str(found), found.plan_year, sent["form"].rule_values, sent["listed"])
        trial = editor.trial_of(found, rules, timezone.localdate())["trial"]
        lines = [dict(zip(("label", "members", "in_force"), line, strict=True)) for line in trial["lines"]]
        return Response(TrialSerializer(trial | {"lines": lines}).data)


class SendCriteria(CriteriaView):
    permissions = {"POST": EDIT}

    @extend_schema(request=None, responses=CriteriaSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Hand the draft to a second person."""
        try:
            return Response(whole(actions.send_for_review(draft=self.get_object(), by=request.user)))
        except actions.CriteriaProblem as problem:
            raise Refused(str(problem)) from None


class GiveBackCriteria(CriteriaView):
    permissions = {"POST": EDIT}

    @extend_schema(request=None, responses=CriteriaSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return Response(whole(actions.give_back(draft=self.get_object(), by=request.user)))


class PublishCriteria(CriteriaView):
    permissions = {"POST": Permission.CRITERIA_PUBLISH}
    serializer_class = EditionSerializer

    @extend_schema(responses=CriteriaSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Put in force for good what was sent for review; by a second person."""
        found, today = self.get_object(), timezone.localdate()
        try:
            found = actions.publish(draft=found, on=today, by=request.user, **self.sent(request))
        except StaleEdition:
            raise Refused(CHANGED) from None
        except actions.CriteriaProblem as problem:
            raise Refused(str(problem)) from None
        return Response(whole(found))


def whole(criteria: Criteria) -> Any:
    criteria.refresh_from_db()
    return CriteriaSerializer(criteria).data


def errors_of(form: Any) -> dict[str, list[str]]:
    return {name: [str(each) for each in errors] for name, errors in form.errors.items()}
