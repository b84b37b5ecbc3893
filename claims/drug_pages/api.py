"""Unknown NDCs and mappings by hand over the API, by the same actions as the pages. They hold no member data."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import AFTER, ListOfPlan, PlanView, Refused
from accounts.permissions import Permission
from claims import unmapped
from claims.drug_mapping import MappingProblem, map_ndc, unknown_names, withdraw
from claims.models import PlanDrugMapping
from mtm.lib.paging import newest_first

DIGITS = OpenApiParameter("ndc", description="digits of the code, with or without hyphens", required=False)
LAST = OpenApiParameter("after", description="`next` of the page before: the last code on it", required=False)


class TotalSerializer(serializers.Serializer[Any]):
    how = serializers.ChoiceField(choices=list(unmapped.HOW))
    ndcs = serializers.IntegerField()
    fills = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=14, decimal_places=2)


class UnmappedSerializer(serializers.Serializer[Any]):
    ndc = serializers.CharField()
    label = serializers.CharField()
    fills = serializers.IntegerField()
    members = serializers.IntegerField()
    cost = serializers.DecimalField(max_digits=14, decimal_places=2)
    last_filled_on = serializers.DateField()


class ListingSerializer(serializers.Serializer[Any]):
    """`totals` are of all fills of the plan; `matching` codes have the digits that were asked for."""

    totals = TotalSerializer(many=True)
    matching = serializers.IntegerField()
    results = UnmappedSerializer(source="rows", many=True)
    next = serializers.CharField(source="after", allow_null=True)


class MappingSerializer(serializers.ModelSerializer[PlanDrugMapping]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    ingredients = serializers.SlugRelatedField(slug_field="name", many=True, read_only=True)
    mapped_by = serializers.CharField(source="mapped_by.full_name", read_only=True)
    withdrawn_by = serializers.CharField(source="withdrawn_by.full_name", default=None, read_only=True, allow_null=True)

    class Meta:
        model = PlanDrugMapping
        fields = [
            *("id", "ndc", "ingredients", "strength", "form", "reason", "mapped_by", "mapped_at"),
            *("withdrawn_by", "withdrawn_at"),
        ]
        read_only_fields = fields


class MapSerializer(serializers.Serializer[Any]):
    ndc = serializers.RegexField(r"^[0-9]{11}\Z")
    ingredients = serializers.ListField(child=serializers.CharField(max_length=120), min_length=1, max_length=20)
    strength = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    form = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    reason = serializers.CharField(max_length=200)

    def validate_ingredients(self, names: list[str]) -> list[str]:
        if unknown := unknown_names(names):
            raise serializers.ValidationError(f"There is no ingredient {unknown[0]!r}.")
        return names

    def validate_ndc(self, ndc: str) -> str:
        if not unmapped.is_of_plan(self.context["plan"], ndc):
            raise serializers.ValidationError("No fill of the plan has this code.")
        return ndc


class UnmappedNdcs(PlanView):
    """NDCs of the plan's fills without known ingredients, most fills first."""

    permissions = {"GET": Permission.LOADS_READ}
    serializer_class = ListingSerializer

    @extend_schema(parameters=[DIGITS, LAST], responses=ListingSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        digits = unmapped.digits_of(request.GET.get("ndc", "")[:40])
        listing = unmapped.of_plan(self.plan, digits=digits, after=request.GET.get("after"))
        return Response(ListingSerializer(listing).data)


class Mappings(ListOfPlan):
    """What the plan mapped by hand, newest first, withdrawn ones too."""

    permissions = {"GET": Permission.LOADS_READ, "POST": Permission.DRUGS_MAP}
    serializer_class = MappingSerializer
    queryset = PlanDrugMapping.objects.none()

    def get_queryset(self) -> Any:
        found = PlanDrugMapping.objects.filter(plan=self.request.plan).select_related("mapped_by", "withdrawn_by")
        return found.prefetch_related("ingredients")

    @extend_schema(parameters=[AFTER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = newest_first(self.get_queryset(), before=request.GET.get("after"))
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": page.after})

    @extend_schema(request=MapSerializer, responses={201: MappingSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        asked = MapSerializer(data=request.data, context={"plan": self.plan})
        asked.is_valid(raise_exception=True)
        try:
            made = map_ndc(plan=self.plan, at=timezone.now(), by=request.user, **asked.validated_data)
        except MappingProblem as problem:
            raise Refused(str(problem)) from None
        return Response(MappingSerializer(made).data, status=201)


class WithdrawMapping(PlanView):
    permissions = {"POST": Permission.DRUGS_MAP}
    serializer_class = MappingSerializer
    queryset = PlanDrugMapping.objects.none()

    def get_queryset(self) -> Any:
        return PlanDrugMapping.objects.filter(plan=self.request.plan).select_related("plan")

    @extend_schema(request=None, responses=MappingSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        changed = withdraw(mapping=self.get_object(), at=timezone.now(), by=request.user)
        return Response(MappingSerializer(changed).data)
