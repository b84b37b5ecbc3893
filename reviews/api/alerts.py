"""Alerts over the API: the queue, one alert, and working it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import AFTER, ListOfPlan, OneOfPlan, PlanView
from accounts.permissions import Permission
from mtm.lib.web import one_of
from reviews import alerts
from reviews.models import Alert


class AlertSerializer(serializers.ModelSerializer[Alert]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    member = serializers.UUIDField(source="member.public_id", read_only=True)
    claimed_by = serializers.CharField(source="claimed_by.full_name", default=None, read_only=True, allow_null=True)
    outcome = serializers.ChoiceField(choices=Alert.Outcome.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Alert
        fields = [
            *("id", "member", "rule", "rule_version", "quarter", "category", "severity", "headline", "why_now"),
            *("evidence", "due_on", "status", "claimed_by", "outcome", "note"),
        ]
        read_only_fields = fields


class ResolveSerializer(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Alert.Outcome.choices)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if missing := alerts.missing_note(attrs["outcome"], attrs["note"]):
            raise serializers.ValidationError({"note": missing})
        return attrs


FILTERS = [
    OpenApiParameter("severity", int, enum=Alert.Severity.values, required=False),
    OpenApiParameter("category", enum=Alert.Category.values, required=False),
    AFTER,
]


@extend_schema_view(get=extend_schema(parameters=FILTERS))
class Alerts(ListOfPlan):
    """The queue: open and claimed alerts of members who take part now, most urgent first."""

    permissions = {"GET": Permission.ALERTS_READ}
    serializer_class = AlertSerializer
    order = ("severity", "due_on", "pk")
    where = "alerts"
    queryset = Alert.objects.none()

    def get_queryset(self) -> Any:
        found = Alert.objects.in_queue(self.request.plan).select_related("member", "claimed_by")
        for name, allowed in (("severity", Alert.Severity.values), ("category", Alert.Category.values)):
            if value := one_of(self.request.GET.get(name), allowed):
                found = found.filter(**{name: value})
        return found


class OneAlert(OneOfPlan):
    permissions = {"GET": Permission.ALERTS_READ}
    serializer_class = AlertSerializer
    queryset = Alert.objects.none()

    def get_queryset(self) -> Any:
        return Alert.objects.of_plan(self.request.plan).select_related("member", "claimed_by")


class WorkAlert(PlanView):
    permissions = {"POST": Permission.ALERTS_WORK}
    serializer_class = AlertSerializer
    queryset = Alert.objects.none()

    def get_queryset(self) -> Any:
        return Alert.objects.of_plan(self.request.plan).select_related("member", "plan", "claimed_by")


class ClaimAlert(WorkAlert):
    @extend_schema(request=None, responses=AlertSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return Response(AlertSerializer(alerts.claim(alert=self.get_object(), by=request.user)).data)


class ReleaseAlert(WorkAlert):
    @extend_schema(request=None, responses=AlertSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return Response(AlertSerializer(alerts.release(alert=self.get_object(), by=request.user)).data)


class ResolveAlert(WorkAlert):
    @extend_schema(request=ResolveSerializer, responses=AlertSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        found = self.get_object()
        asked = ResolveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(AlertSerializer(alerts.resolve(alert=found, by=request.user, **asked.validated_data)).data)
