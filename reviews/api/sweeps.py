"""Sweeps over the API: start one and see how far it is. They hold no member data."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import AFTER, ListOfPlan, PlanView, Refused
from accounts.permissions import Permission
from mtm.lib.paging import newest_first
from reviews import sweep
from reviews.models import SweepRun


class SweepSerializer(serializers.ModelSerializer[SweepRun]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    shards = serializers.IntegerField(source="shards.count", read_only=True)

    class Meta:
        model = SweepRun
        fields = ["id", "quarter", "as_of", "claims_through", "status", "rules", "not_computable", "shards"]
        read_only_fields = fields


class StartSerializer(serializers.Serializer[Any]):
    as_of = serializers.DateField()


class Sweeps(ListOfPlan):
    """Newest first."""

    permissions = {"GET": Permission.SWEEPS_READ, "POST": Permission.SWEEPS_START}
    serializer_class = SweepSerializer
    where = "sweeps"
    queryset = SweepRun.objects.none()

    def get_queryset(self) -> Any:
        return SweepRun.objects.filter(plan=self.request.plan)

    @extend_schema(parameters=[AFTER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = newest_first(self.get_queryset(), before=request.GET.get("after"))
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": page.after})

    @extend_schema(request=StartSerializer, responses={202: SweepSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        asked = StartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            run = sweep.start(plan=self.plan, by=request.user, **asked.validated_data)
        except sweep.SweepProblem as problem:
            raise Refused(str(problem)) from None
        return Response(SweepSerializer(run).data, status=202)


class RetrySweep(PlanView):
    permissions = {"POST": Permission.SWEEPS_START}
    serializer_class = SweepSerializer
    queryset = SweepRun.objects.none()

    def get_queryset(self) -> Any:
        return SweepRun.objects.filter(plan=self.request.plan).select_related("plan")

    @extend_schema(request=None, responses=SweepSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        run = self.get_object()
        sweep.retry_failed(run=run, by=request.user)
        run.refresh_from_db()
        return Response(SweepSerializer(run).data)
