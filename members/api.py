"""Members over the API: what is needed to find and call them, nothing clinical."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api import ListOfPlan, OneOfPlan, PlanView
from accounts.permissions import Permission
from members.models import Member


class MemberSerializer(serializers.ModelSerializer[Member]):
    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = Member
        fields = ["id", "source_id", "first_name", "last_name", "birth_date", "phone", "language"]


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
    serializer_class = MemberSerializer
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
