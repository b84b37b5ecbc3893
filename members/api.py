"""Members over the API: what is needed to find and call them; of one member also what the chart shows."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.access import can
from accounts.api import ListOfPlan, OneOfPlan, PlanView
from accounts.permissions import Permission
from members import facts
from members.models import ContactPreference, Member, Representative


class MemberSerializer(serializers.ModelSerializer[Member]):
    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Member
        fields = ["id", "source_id", "first_name", "last_name", "birth_date", "phone", "language"]


class PeriodSerializer(serializers.Serializer[Any]):
    what = serializers.CharField()
    first_on = serializers.DateField(allow_null=True)
    last_on = serializers.DateField(allow_null=True)
    note = serializers.CharField(allow_blank=True)


class WishSerializer(serializers.ModelSerializer[ContactPreference]):
    class Meta:
        model = ContactPreference
        fields = ["channel", "wish", "starts_on", "ends_on", "source"]
        read_only_fields = fields


class RepresentativeSerializer(serializers.ModelSerializer[Representative]):
    scope = serializers.CharField(read_only=True)

    class Meta:
        model = Representative
        fields = ["name", "relationship", "scope", "phone", "starts_on", "ends_on"]
        read_only_fields = fields


class WholeMemberSerializer(MemberSerializer):
    """As the chart shows the member; what only some may see is null for the others (minimum necessary)."""

    preferences = serializers.SerializerMethodField()
    representatives = serializers.SerializerMethodField()
    coverage = serializers.SerializerMethodField()
    periods = serializers.SerializerMethodField()
    at_risk = serializers.SerializerMethodField()
    numbers = serializers.SerializerMethodField()

    class Meta:
        model = Member
        fields = [
            *MemberSerializer.Meta.fields,
            *("death_date", "format", "preferences", "representatives", "coverage", "periods", "at_risk", "numbers"),
        ]
        read_only_fields = fields

    def may(self, *permissions: Permission) -> bool:
        return any(can(self.context["request"], permission) for permission in permissions)

    @extend_schema_field(WishSerializer(many=True))
    def get_preferences(self, member: Member) -> Any:
        return WishSerializer(facts.wishes(member, timezone.localdate()), many=True).data

    @extend_schema_field(RepresentativeSerializer(many=True))
    def get_representatives(self, member: Member) -> Any:
        return RepresentativeSerializer(facts.representatives(member, timezone.localdate()), many=True).data

    @extend_schema_field(PeriodSerializer(many=True, allow_null=True))
    def get_coverage(self, member: Member) -> Any:
        if self.may(Permission.MEMBERS_CHART, Permission.DETERMINATIONS_READ):
            return PeriodSerializer(facts.coverage(member), many=True).data
        return None

    @extend_schema_field(PeriodSerializer(many=True, allow_null=True))
    def get_periods(self, member: Member) -> Any:
        return self.clinical(facts.spans, member)

    @extend_schema_field(PeriodSerializer(many=True, allow_null=True))
    def get_at_risk(self, member: Member) -> Any:
        return self.clinical(facts.at_risk, member)

    @extend_schema_field(PeriodSerializer(many=True, allow_null=True))
    def get_numbers(self, member: Member) -> Any:
        return self.clinical(facts.numbers, member)

    def clinical(self, found: Callable[[Member], list[facts.Period]], member: Member) -> Any:
        return PeriodSerializer(found(member), many=True).data if self.may(Permission.MEMBERS_CHART) else None


class WordsSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(max_length=80, help_text="names, or the plan's member number")


class FoundSerializer(serializers.Serializer[Any]):
    results = MemberSerializer(many=True)


class Members(ListOfPlan):
    permissions = {"GET": Permission.MEMBERS_FIND}
    serializer_class = MemberSerializer
    order = ("last_name", "first_name", "pk")
    where = "members"
    queryset = Member.objects.none()

    def get_queryset(self) -> Any:
        return Member.objects.of_plan(self.request.plan)

    def member_of(self, row: Member) -> int:
        return row.pk


class OneMember(OneOfPlan):
    permissions = {"GET": Permission.MEMBERS_FIND}
    serializer_class = WholeMemberSerializer
    queryset = Member.objects.none()

    def get_queryset(self) -> Any:
        return Member.objects.of_plan(self.request.plan)

    def member_of(self, row: Member) -> int:
        return row.pk


class SearchMembers(PlanView):
    """Names are posted, so that they never stand in an address."""

    permissions = {"POST": Permission.MEMBERS_FIND}
    serializer_class = WordsSerializer

    @extend_schema(responses=FoundSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        found = Member.objects.of_plan(self.plan).matching(asked.validated_data["words"]).order_by("pk")[:50]
        audit.record_listed((row.pk for row in found), by=request.user, plan=self.plan, where="API member search")
        return Response({"results": MemberSerializer(found, many=True).data})
