"""Determinations and enrollments over the API, by the same actions as the pages."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.access import can
from accounts.api import AFTER, ListOfPlan, OneOfPlan, PlanView
from accounts.permissions import Permission
from eligibility import enrollment
from eligibility.models import Determination, Enrollment
from eligibility.roster import PATHS, asked, roster
from members.api import WordsSerializer
from mtm.lib.web import one_of


class DeterminationSerializer(serializers.ModelSerializer[Determination]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    member = serializers.UUIDField(source="member.public_id", read_only=True)
    criteria = serializers.UUIDField(source="criteria.public_id", read_only=True)
    conditions = serializers.JSONField(read_only=True, allow_null=True)
    drugs = serializers.JSONField(read_only=True, allow_null=True)

    class Meta:
        model = Determination
        fields = [
            *("id", "member", "criteria", "as_of", "outcome", "path", "conditions", "drugs", "drug_count"),
            *("drug_cost", "reasons"),
        ]
        read_only_fields = fields

    def to_representation(self, instance: Determination) -> dict[str, Any]:
        """Conditions and drugs only for those who may open the chart; the others see the numbers (minimum necessary)."""
        shown = super().to_representation(instance)
        if not can(self.context["request"], Permission.MEMBERS_CHART):
            shown |= {"conditions": None, "drugs": None}
        return shown


class EnrollmentSerializer(serializers.ModelSerializer[Enrollment]):
    """How and why a member left is empty while they take part."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    member = serializers.UUIDField(source="member.public_id", read_only=True)
    opt_out_channel = serializers.ChoiceField([("", "none"), *Enrollment.Channel.choices], read_only=True)
    end_reason = serializers.ChoiceField([("", "none"), *Enrollment.EndReason.choices], read_only=True)

    class Meta:
        model = Enrollment
        fields = [
            *("id", "member", "plan_year", "status", "enrolled_on", "ends_on", "ended_on", "cmr_offer_due_on"),
            *("opted_out_on", "opt_out_channel", "opt_out_lasts", "end_reason"),
        ]
        read_only_fields = fields


class FoundEnrollmentsSerializer(serializers.Serializer[Any]):
    results = EnrollmentSerializer(many=True)


class OptOutSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=200)
    on = serializers.DateField()
    channel = serializers.ChoiceField(Enrollment.Channel.choices, default=Enrollment.Channel.PHONE)
    code = serializers.ChoiceField(Enrollment.EndReason.choices, default=Enrollment.EndReason.REQUEST)
    lasts = serializers.ChoiceField(Enrollment.Lasts.choices, default=Enrollment.Lasts.YEAR)


OUTCOME = OpenApiParameter("outcome", enum=Determination.Outcome.values, required=False)
ROSTER = [
    OpenApiParameter("status", enum=Enrollment.Status.values, required=False),
    OpenApiParameter("year", int, required=False, description="plan year"),
    OpenApiParameter("language", required=False),
    OpenApiParameter("path", enum=[path for path, _ in PATHS], required=False, description="for who sees charts"),
    OpenApiParameter("at_risk", enum=["1"], required=False, description="for who sees charts"),
]


@extend_schema_view(get=extend_schema(parameters=[OUTCOME, AFTER]))
class Determinations(ListOfPlan):
    permissions = {"GET": Permission.DETERMINATIONS_READ}
    serializer_class = DeterminationSerializer
    where = "determinations"
    queryset = Determination.objects.none()

    def get_queryset(self) -> Any:
        found = Determination.objects.filter(plan=self.request.plan).select_related("member", "criteria")
        outcome = one_of(self.request.GET.get("outcome"), Determination.Outcome.values)
        return found.filter(outcome=outcome) if outcome else found


class OneDetermination(OneOfPlan):
    permissions = {"GET": Permission.DETERMINATIONS_READ}
    serializer_class = DeterminationSerializer
    queryset = Determination.objects.none()

    def get_queryset(self) -> Any:
        return Determination.objects.filter(plan=self.request.plan).select_related("member", "criteria")


@extend_schema_view(get=extend_schema(parameters=[*ROSTER, AFTER]))
class Enrollments(ListOfPlan):
    permissions = {"GET": Permission.MEMBERS_FIND}
    serializer_class = EnrollmentSerializer
    where = "enrollments"
    queryset = Enrollment.objects.none()

    def get_queryset(self) -> Any:
        return enrollments(self.request)


class SearchEnrollments(PlanView):
    """By names or number, which are posted so that they never stand in an address; with the filters of the list."""

    permissions = {"POST": Permission.MEMBERS_FIND}
    serializer_class = WordsSerializer

    @extend_schema(parameters=ROSTER, responses=FoundEnrollmentsSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        sent = self.get_serializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = enrollments(request, **sent.validated_data).order_by("pk")[:50]
        members = [row.member_id for row in found]
        audit.record_listed(members, by=request.user, plan=self.plan, where="API enrollment search")
        return Response({"results": EnrollmentSerializer(found, many=True).data})


def enrollments(request: Any, words: str = "") -> Any:
    """The roster as asked for; by path and risk only for those who see charts."""
    clinical = can(request, Permission.MEMBERS_CHART)
    if not clinical and (request.GET.get("path") or request.GET.get("at_risk")):
        raise PermissionDenied
    return roster(request.plan, asked(request.plan, request.GET, words=words, clinical=clinical), timezone.localdate())


class OneEnrollment(OneOfPlan):
    permissions = {"GET": Permission.MEMBERS_FIND}
    serializer_class = EnrollmentSerializer
    queryset = Enrollment.objects.none()

    def get_queryset(self) -> Any:
        return Enrollment.objects.filter(plan=self.request.plan).select_related("member", "plan")


class ChangeEnrollment(PlanView):
    permissions = {"POST": Permission.ENROLLMENT_OPT_OUT}
    queryset = Enrollment.objects.none()

    def get_queryset(self) -> Any:
        return Enrollment.objects.filter(plan=self.request.plan).select_related("member", "plan")


class OptOut(ChangeEnrollment):
    serializer_class = OptOutSerializer

    @extend_schema(responses=EnrollmentSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        found = self.get_object()
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        if not found.enrolled_on <= asked.validated_data["on"] <= timezone.localdate():
            raise serializers.ValidationError({"on": ["Give a day from the enrollment to today."]})
        changed = enrollment.opt_out(enrollment=found, by=request.user, **asked.validated_data)
        return Response(EnrollmentSerializer(changed).data)


class OptBackIn(ChangeEnrollment):
    serializer_class = EnrollmentSerializer

    @extend_schema(request=None, responses=EnrollmentSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        changed = enrollment.opt_back_in(enrollment=self.get_object(), by=request.user)
        return Response(EnrollmentSerializer(changed).data)
