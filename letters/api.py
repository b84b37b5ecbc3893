"""Letters over the API."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import audit
from accounts.api import AFTER, ListOfPlan, OneOfPlan, PlanView, Refused
from accounts.permissions import Permission
from letters import actions
from letters.models import Letter
from mtm.lib.web import one_of


class LetterSerializer(serializers.ModelSerializer[Letter]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    member = serializers.UUIDField(source="member.public_id", read_only=True)

    class Meta:
        model = Letter
        fields = ["id", "member", "kind", "status", "due_on", "mailed_on", "template_revision", "pdf_sha256"]
        read_only_fields = fields


FILTERS = [OpenApiParameter("status", enum=Letter.Status.values, required=False), AFTER]


@extend_schema_view(get=extend_schema(parameters=FILTERS))
class Letters(ListOfPlan):
    permissions = {"GET": Permission.LETTERS_READ}
    serializer_class = LetterSerializer
    order = ("due_on", "pk")
    where = "letters"
    queryset = Letter.objects.none()

    def get_queryset(self) -> Any:
        found = Letter.objects.filter(plan=self.request.plan).not_stopped().defer("pdf").select_related("member")
        status = one_of(self.request.GET.get("status"), Letter.Status.values)
        return found.filter(status=status) if status else found


class OneLetter(OneOfPlan):
    permissions = {"GET": Permission.LETTERS_READ}
    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> Any:
        return Letter.objects.filter(plan=self.request.plan).defer("pdf").select_related("member")


class LetterPdf(PlanView):
    """The PDF of a letter that has been rendered."""

    permissions = {"GET": Permission.LETTERS_READ}
    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> Any:
        return Letter.objects.filter(plan=self.request.plan)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        letter = self.get_object()
        if not letter.pdf:
            raise Refused("This letter has no PDF yet.")
        audit.record(audit.Kind.LETTER_READ, by=request.user, plan=self.plan, subject=letter, detail={"pdf": True})
        return HttpResponse(bytes(letter.pdf), content_type="application/pdf")


class ChangeLetter(PlanView):
    permissions = {"POST": Permission.LETTERS_RELEASE}
    serializer_class = LetterSerializer
    queryset = Letter.objects.none()

    def get_queryset(self) -> Any:
        return Letter.objects.filter(plan=self.request.plan).select_related("member", "plan")


class MailLetter(ChangeLetter):
    @extend_schema(request=None, responses=LetterSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        changed = actions.mark_mailed(letter=self.get_object(), on=timezone.localdate(), by=request.user)
        return Response(LetterSerializer(changed).data)


class VoidLetter(ChangeLetter):
    @extend_schema(request=None, responses=LetterSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        return Response(LetterSerializer(actions.void(letter=self.get_object(), by=request.user)).data)
