"""Loads over the API: send files, see how far the load is, and what became of each record."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api import AFTER, ListOfPlan, PlanView
from accounts.api_access import BoundedJsonParser
from accounts.permissions import Permission
from claims import freshness, load_queue
from claims.forms import LoadForm
from claims.models import Load, LoadFile, RejectedRow
from mtm.lib.paging import newest_first
from mtm.lib.uploads import take_files


class LoadFileSerializer(serializers.ModelSerializer[LoadFile]):
    id = serializers.UUIDField(source="public_id", read_only=True)

    class Meta:
        model = LoadFile
        fields = [
            *("id", "name", "kind", "sha256", "received", "accepted", "duplicate", "rejected", "received_cost"),
            *("accepted_cost", "duplicate_cost", "rejected_cost", "rejected_by_reason", "fills", "unmapped_ndc"),
            *("claims_through", "notes", "findings"),
        ]
        read_only_fields = fields


class ProgressSerializer(serializers.Serializer[Any]):
    step = serializers.CharField()
    percent = serializers.IntegerField()


class LoadSerializer(serializers.ModelSerializer[Load]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    progress = ProgressSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = Load
        fields = ["id", "feed", "status", "problem", "ignored", "requested_at", "finished_at", "progress"]
        read_only_fields = fields


class OneLoadSerializer(LoadSerializer):
    files = LoadFileSerializer(many=True, read_only=True)

    class Meta(LoadSerializer.Meta):
        fields = [*LoadSerializer.Meta.fields, "files"]


class AskSerializer(serializers.Serializer[Any]):
    """What the form of the page takes; several files are sent as several parts named `files`."""

    format = serializers.CharField()
    files = serializers.ListField(child=serializers.FileField(), required=False)
    named = serializers.ListField(child=serializers.CharField(), required=False, help_text="files in the plan's inbox")
    encoding = serializers.CharField(required=False, help_text="utf-8 or cp1252")
    unended = serializers.BooleanField(required=False)
    mapping = serializers.CharField(required=False, help_text="csv only: a mapping that ships with the program")
    members_from_claims = serializers.BooleanField(required=False)


class NamedSerializer(serializers.Serializer[Any]):
    """Files that lie ready in the plan's inbox on the server."""

    format = serializers.CharField()
    named = serializers.ListField(child=serializers.CharField())
    encoding = serializers.CharField(required=False)
    unended = serializers.BooleanField(required=False)
    mapping = serializers.CharField(required=False, help_text="csv only: a mapping that ships with the program")
    members_from_claims = serializers.BooleanField(required=False)


class Loads(ListOfPlan):
    """Newest first."""

    permissions = {"GET": Permission.LOADS_READ, "POST": Permission.LOADS_START}
    serializer_class = LoadSerializer
    parser_classes = [MultiPartParser, BoundedJsonParser]
    queryset = Load.objects.none()

    def initialize_request(self, request: Any, *args: Any, **kwargs: Any) -> Request:
        take_files(request)
        return super().initialize_request(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Uploads that were not kept lie in temporary files, which go when they are closed."""
        uploaded = getattr(request._request, "_files", None)
        for _, files in uploaded.lists() if uploaded else ():
            for file in files:
                file.close()
        return super().finalize_response(request, response, *args, **kwargs)

    def get_queryset(self) -> Any:
        return Load.objects.filter(plan=self.request.plan).select_related("progress")

    @extend_schema(parameters=[AFTER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = newest_first(self.get_queryset(), before=request.GET.get("after"))
        return Response({"results": self.get_serializer(page.rows, many=True).data, "next": page.after})

    @extend_schema(
        request={"multipart/form-data": AskSerializer, "application/json": NamedSerializer},
        responses={202: LoadSerializer},
    )
    def post(self, request: Request, **kwargs: Any) -> Response:
        if not isinstance(request.data, dict):
            raise ValidationError("Send the fields by name.")
        form = LoadForm(request.data, request.FILES, inbox=load_queue.in_inbox(self.plan))
        if not form.is_valid():
            raise ValidationError(form.errors)
        load = load_queue.ask(
            plan=self.plan,
            feed=form.cleaned_data["format"],
            as_of=timezone.localdate(),
            uploads=form.cleaned_data["files"],
            named=form.cleaned_data.get("named", []),
            options=form.options,
            by=request.user,
        )
        return Response(LoadSerializer(load).data, status=202)


class OneLoad(PlanView):
    permissions = {"GET": Permission.LOADS_READ}
    serializer_class = OneLoadSerializer
    queryset = Load.objects.none()

    def get_queryset(self) -> Any:
        return Load.objects.filter(plan=self.request.plan).select_related("progress").prefetch_related("files")

    @extend_schema(responses=OneLoadSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(self.get_serializer(self.get_object()).data)


class RejectedRowSerializer(serializers.ModelSerializer[RejectedRow]):
    class Meta:
        model = RejectedRow
        fields = ["line", "reason", "raw"]


class RejectedRows(PlanView):
    """The rejected rows of a file as they were sent, by line; `after` is the line of the last one seen.

    A page ends with the last row of a line, so it may have more than a thousand.
    """

    permissions = {"GET": Permission.LOADS_START}
    serializer_class = RejectedRowSerializer
    pagination_class = None
    queryset = LoadFile.objects.none()

    def get_queryset(self) -> Any:
        return LoadFile.objects.filter(plan=self.request.plan)

    @extend_schema(responses=RejectedRowSerializer(many=True), parameters=[AFTER])
    def get(self, request: Request, **kwargs: Any) -> Response:
        file = self.get_object()
        after = request.GET.get("after", "0")
        first = int(after) if after.isdecimal() and len(after) < 10 else 0
        rows = whole_lines(file.rejected_rows.filter(line__gt=first))
        audit.record(audit.Kind.REJECTED_READ, by=request.user, plan=self.plan, subject=file)
        return Response(self.get_serializer(rows, many=True).data)


MOST = 1_000


def whole_lines(rows: QuerySet[RejectedRow]) -> QuerySet[RejectedRow]:
    """The first so many, and what else their last line has: the next page begins behind that line."""
    last = rows.values_list("line", flat=True)[MOST - 1 : MOST].first()
    return rows if last is None else rows.filter(line__lte=last)


class HeldSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    feed = serializers.CharField()
    files = serializers.IntegerField()
    accepted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    fills = serializers.IntegerField()
    unmapped_ndc = serializers.IntegerField()
    loaded_at = serializers.DateTimeField()
    claims_through = serializers.DateField(allow_null=True)


class Freshness(PlanView):
    """What the plan's files hold, and how far their claims go."""

    permissions = {"GET": Permission.DATA_FRESHNESS}
    serializer_class = HeldSerializer
    pagination_class = None
    queryset = LoadFile.objects.none()

    @extend_schema(responses=HeldSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(HeldSerializer(freshness.of_plan(self.plan), many=True).data)
