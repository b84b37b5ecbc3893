"""Simulations of drafts over the API: make one, and read who would enter, leave and stay."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.access import can
from accounts.api import AFTER, ListOfPlan, PlanView, Refused
from accounts.permissions import Permission
from eligibility.criteria_api import CriteriaView
from eligibility.editor import trial_day
from eligibility.models import Criteria, Determination, SimulatedMember, Simulation
from eligibility.simulation import simulate
from mtm.lib.paging import newest_first
from mtm.lib.web import one_of

CHANGE = OpenApiParameter("change", enum=SimulatedMember.Change.values, required=False)


class MissSerializer(serializers.Serializer[Any]):
    lacking = serializers.CharField()
    members = serializers.IntegerField()


class SimulationSerializer(serializers.ModelSerializer[Simulation]):
    """Members by outcome, by path and by what alone they lack; the work that is expected."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    criteria = serializers.UUIDField(source="criteria.public_id", read_only=True)
    outcomes = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    paths = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    misses = serializers.SerializerMethodField()
    reviews = serializers.IntegerField(read_only=True)
    hours = serializers.IntegerField(read_only=True)

    class Meta:
        model = Simulation
        fields = [
            *("id", "criteria", "edition", "as_of", "made_at", "accepting", "minutes", "outcomes", "paths", "misses"),
            *("reviews", "hours"),
        ]
        read_only_fields = fields

    @extend_schema_field(MissSerializer(many=True))
    def get_misses(self, simulation: Simulation) -> Any:
        return [{"lacking": lacking, "members": members} for lacking, members in simulation.misses]


class BasisSerializer(serializers.Serializer[Any]):
    """On what the expected work rests."""

    accepting = serializers.IntegerField(min_value=0, max_value=100, default=60, help_text="percent of members")
    minutes = serializers.IntegerField(min_value=1, max_value=600, default=60, help_text="of work for a review")


class SimulatedMemberSerializer(serializers.ModelSerializer[SimulatedMember]):
    """The path only for those who may open the chart: it tells who is at risk (minimum necessary)."""

    member = serializers.UUIDField(source="member.public_id", read_only=True)
    path = serializers.ChoiceField(Determination.Path.choices, read_only=True, allow_null=True)

    class Meta:
        model = SimulatedMember
        fields = ["member", "change", "path"]
        read_only_fields = fields

    def to_representation(self, instance: SimulatedMember) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return shown if can(self.context["request"], Permission.MEMBERS_CHART) else shown | {"path": None}


class SimulationList(serializers.Serializer[Any]):
    results = SimulationSerializer(many=True)


class SimulationsOfCriteria(CriteriaView):
    """The latest first."""

    permissions = {"GET": Permission.CRITERIA_READ, "POST": Permission.CRITERIA_EDIT}
    serializer_class = BasisSerializer

    @extend_schema(responses=SimulationList)
    def get(self, request: Request, **kwargs: Any) -> Response:
        found = self.get_object().simulations.select_related("criteria")
        return Response({"results": SimulationSerializer(found, many=True).data})

    @extend_schema(responses={201: SimulationSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        found, basis = self.get_object(), self.sent(request)
        if found.status != Criteria.Status.DRAFT:
            raise Refused("These criteria are no longer a draft. Start a new version to try a change.")
        as_of = trial_day(found.plan_year, timezone.localdate())
        made = simulate(draft=found, as_of=as_of, by=request.user, **basis)
        return Response(SimulationSerializer(made).data, status=201)


class SimulationView(PlanView):
    permissions = {"GET": Permission.CRITERIA_READ}
    queryset = Simulation.objects.none()

    def get_queryset(self) -> Any:
        return Simulation.objects.filter(plan=self.request.plan).select_related("criteria")


class OneSimulation(SimulationView):
    serializer_class = SimulationSerializer

    @extend_schema(responses=SimulationSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(SimulationSerializer(self.get_object()).data)


@extend_schema_view(get=extend_schema(parameters=[CHANGE, AFTER]))
class MembersOfSimulation(SimulationView, ListOfPlan):
    """For those who may also find members."""

    serializer_class = SimulatedMemberSerializer

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not can(request, Permission.MEMBERS_FIND):
            raise PermissionDenied
        found = self.get_object().members.select_related("member")
        if change := one_of(request.GET.get("change"), SimulatedMember.Change.values):
            found = found.filter(change=change)
        page = newest_first(found, before=request.GET.get("after"))
        audit.record_listed(
            (row.member_id for row in page.rows), by=request.user, plan=self.plan, where="API simulation"
        )
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": page.after})
