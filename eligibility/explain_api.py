"""Why, or why not, over the API: the same tree as the page."""

from datetime import date
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import PlanView, Refused
from accounts.permissions import Permission
from eligibility.explain import NothingToExplain, explain
from eligibility.why import Node
from members.models import Member


class ClaimSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    day = serializers.DateField()
    code = serializers.CharField()
    what = serializers.CharField()
    cost = serializers.DecimalField(max_digits=12, decimal_places=2, allow_null=True)


class NodeSerializer(serializers.Serializer[Any]):
    """A test and how deep it stands in the tree; those that follow with a greater depth are its parts."""

    depth = serializers.IntegerField()
    text = serializers.CharField()
    met = serializers.BooleanField(allow_null=True)
    claims = ClaimSerializer(many=True)


class WhySerializer(serializers.Serializer[Any]):
    criteria = serializers.UUIDField(source="criteria.public_id")
    as_of = serializers.DateField()
    outcome = serializers.CharField(source="trace.outcome")
    path = serializers.CharField(source="trace.path")
    misses = serializers.ListField(child=serializers.CharField())
    still_holds = serializers.BooleanField()
    changed = serializers.ListField(child=serializers.CharField())
    stored_reasons = serializers.ListField(child=serializers.CharField())
    tests = serializers.SerializerMethodField()

    @extend_schema_field(NodeSerializer(many=True))
    def get_tests(self, found: Any) -> list[dict[str, Any]]:
        return [shown(depth, node) for depth, node in found.root.walk()]


def shown(depth: int, node: Node) -> dict[str, Any]:
    claims = ClaimSerializer(node.claims, many=True).data
    return {"depth": depth, "text": node.text, "met": node.met, "claims": claims}


class DaySerializer(serializers.Serializer[Any]):
    on = serializers.DateField(default=timezone.localdate)

    def validate_on(self, day: Any) -> Any:
        if not date(2000, 1, 1) <= day <= timezone.localdate():
            raise serializers.ValidationError("Give a day from 2000 to today.")
        return day


ON = OpenApiParameter("on", type=date, required=False, description="day of the decision; else today")


class Why(PlanView):
    permissions = {"GET": Permission.MEMBERS_CHART}
    serializer_class = WhySerializer
    pagination_class = None
    queryset = Member.objects.none()

    def get_queryset(self) -> Any:
        return Member.objects.filter(plan=self.request.plan).select_related("plan")

    @extend_schema(parameters=[ON])
    def get(self, request: Request, **kwargs: Any) -> Response:
        member = self.get_object()
        self.read_of(member.pk)
        asked = DaySerializer(data=request.GET)
        asked.is_valid(raise_exception=True)
        try:
            found = explain(member=member, on=asked.validated_data["on"])
        except NothingToExplain as nothing:
            raise Refused(str(nothing)) from None
        return Response(WhySerializer(found).data)
