"""What every API view shares: the plan of the address, pages by key, reads written down, plain problems."""

from typing import Any

from django.core.exceptions import PermissionDenied, TooManyFilesSent
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts import audit
from accounts.permissions import Permission
from mtm.lib.paging import Page, keyset
from mtm.lib.transitions import TransitionNotAllowed
from mtm.lib.uploads import TOO_MANY

AFTER = OpenApiParameter("after", description="`next` of the page before", required=False)


class PlanView(GenericAPIView):
    """A view of one plan. `permissions` maps each allowed method to what it needs."""

    permissions: dict[str, Permission] = {}
    lookup_field = "public_id"
    lookup_url_kwarg = "id"

    @property
    def plan(self) -> Any:
        return self.request.plan

    def read_of(self, member_id: int, **detail: Any) -> None:
        kind = audit.Kind.MEMBER_READ
        audit.record(kind, by=self.request.user, plan=self.plan, member_id=member_id, detail={"where": "API", **detail})


class ListOfPlan(PlanView, ListAPIView):
    """Rows by key: `order` are the columns, the last of them unique. What the list showed is written down."""

    order: tuple[str, ...] = ("pk",)
    where = ""

    @extend_schema(parameters=[AFTER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = keyset(self.filter_queryset(self.get_queryset()), by=self.order, after=request.GET.get("after"))
        self.note(page)
        rows = self.get_serializer(page.rows, many=True).data
        return Response({"results": rows, "next": page.after})

    def note(self, page: Page) -> None:
        members = [self.member_of(row) for row in page.rows]
        audit.record_listed(members, by=self.request.user, plan=self.plan, where=f"API {self.where}")

    def member_of(self, row: Any) -> int:
        return int(row.member_id)


class OneOfPlan(PlanView, RetrieveAPIView):
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        self.read_of(self.member_of(row))
        return Response(self.get_serializer(row).data)

    def member_of(self, row: Any) -> int:
        return int(row.member_id)


class Refused(exceptions.APIException):
    """Understood, and not possible as things stand."""

    status_code = status.HTTP_409_CONFLICT


def problem_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal as {detail, fields?}: 401, 403, 404, 409 for a lost race, 422 for fields."""
    if isinstance(problem, TransitionNotAllowed):
        last = f" The last step was taken by {problem.who}." if problem.who else ""
        problem = Refused(f"{problem}. Someone else was faster, or this step is not possible now.{last}")
    if isinstance(problem, TooManyFilesSent):
        problem = exceptions.ValidationError({"files": [TOO_MANY]})
    if isinstance(problem, exceptions.ValidationError):
        return Response({"detail": "Please check these fields.", "fields": by_field(problem.detail)}, status=422)
    if isinstance(problem, (Http404, PermissionDenied)):
        problem = exceptions.NotFound() if isinstance(problem, Http404) else exceptions.PermissionDenied()
    return exception_handler(problem, context)


def by_field(detail: Any) -> dict[str, list[str]]:
    if not isinstance(detail, dict):
        return {"non_field_errors": [str(item) for item in detail]}
    return {name: [str(item) for item in flat(errors)] for name, errors in detail.items()}


def flat(errors: Any) -> list[Any]:
    return list(errors) if isinstance(errors, (list, tuple)) else [errors]


def add_problems(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Schema hook: every operation may answer with the problems above."""
    reference = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    result["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            codes = ["400", "401", "403", "404", "405", "406", "415", "422"]
            codes += ["409"] if method == "post" or path.endswith("/pdf/") else []
            for code in codes:
                operation["responses"].setdefault(code, {"description": "Refused", **reference})
    return result


PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
    },
}
