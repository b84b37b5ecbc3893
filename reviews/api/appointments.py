"""Appointments and free half hours over the API."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import ListOfPlan, OneOfPlan, PlanView, Refused
from accounts.permissions import Permission
from members.models import Member
from reviews import scheduling
from reviews.models import Appointment


class AppointmentSerializer(serializers.ModelSerializer[Appointment]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    member = serializers.UUIDField(source="member.public_id", read_only=True)
    pharmacist = serializers.CharField(source="pharmacist.full_name", read_only=True)
    starts = serializers.DateTimeField(source="time.lower", read_only=True)
    ends = serializers.DateTimeField(source="time.upper", read_only=True)

    class Meta:
        model = Appointment
        fields = ["id", "member", "pharmacist", "starts", "ends", "status"]
        read_only_fields = fields


class BookSerializer(serializers.Serializer[Any]):
    member = serializers.UUIDField()
    pharmacist = serializers.IntegerField(min_value=1, max_value=2**31)
    starts = serializers.DateTimeField()


class DaySerializer(serializers.Serializer[Any]):
    day = serializers.DateField()


class SlotSerializer(serializers.Serializer[Any]):
    pharmacist = serializers.IntegerField(source="pharmacist.pk")
    pharmacist_name = serializers.CharField(source="pharmacist.full_name")
    starts = serializers.DateTimeField()


class Appointments(ListOfPlan):
    permissions = {"GET": Permission.APPOINTMENTS_READ, "POST": Permission.APPOINTMENTS_BOOK}
    serializer_class = AppointmentSerializer
    where = "appointments"
    queryset = Appointment.objects.none()

    def get_queryset(self) -> Any:
        of_plan = Appointment.objects.filter(plan=self.request.plan).of_who_takes_part()
        return of_plan.select_related("member", "pharmacist")

    @extend_schema(request=BookSerializer, responses={201: AppointmentSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        asked = BookSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(AppointmentSerializer(self.book(**asked.validated_data)).data, status=201)

    def book(self, member: Any, pharmacist: int, starts: Any) -> Appointment:
        chosen = get_object_or_404(scheduling.pharmacists(self.plan), pk=pharmacist)
        person = get_object_or_404(Member.objects.of_plan(self.plan).select_related("plan"), public_id=member)
        try:
            return scheduling.book(
                member=person, pharmacist=chosen, starts=starts, now=timezone.now(), by=self.request.user
            )
        except scheduling.SlotProblem as problem:
            raise Refused(str(problem)) from None


class OneAppointment(OneOfPlan):
    permissions = {"GET": Permission.APPOINTMENTS_READ}
    serializer_class = AppointmentSerializer
    queryset = Appointment.objects.none()

    def get_queryset(self) -> Any:
        of_plan = Appointment.objects.filter(plan=self.request.plan).of_who_takes_part()
        return of_plan.select_related("member", "pharmacist")


class FreeSlots(PlanView):
    permissions = {"GET": Permission.APPOINTMENTS_BOOK}
    serializer_class = SlotSerializer
    pagination_class = None

    @extend_schema(parameters=[OpenApiParameter("day", str, required=True)], responses=SlotSerializer(many=True))
    def get(self, request: Request, **kwargs: Any) -> Response:
        asked = DaySerializer(data=request.GET)
        asked.is_valid(raise_exception=True)
        slots = scheduling.free_slots(self.plan, asked.validated_data["day"], now=timezone.now())
        return Response(SlotSerializer(slots, many=True).data)


class ChangeAppointment(PlanView):
    permissions = {"POST": Permission.APPOINTMENTS_BOOK}
    serializer_class = AppointmentSerializer
    queryset = Appointment.objects.none()

    def get_queryset(self) -> Any:
        return Appointment.objects.filter(plan=self.request.plan).select_related("member", "pharmacist", "plan")


class CancelAppointment(ChangeAppointment):
    @extend_schema(request=None, responses=AppointmentSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        changed = scheduling.cancel(appointment=self.get_object(), by=request.user)
        return Response(AppointmentSerializer(changed).data)


class NoShow(ChangeAppointment):
    @extend_schema(request=None, responses=AppointmentSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        appointment = self.get_object()
        try:
            changed = scheduling.note_no_show(appointment=appointment, now=timezone.now(), by=request.user)
        except scheduling.SlotProblem as problem:
            raise Refused(str(problem)) from None
        return Response(AppointmentSerializer(changed).data)
