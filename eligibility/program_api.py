"""What the page of a plan year says, over the API, by the same action as the page."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import PlanView, Refused
from accounts.permissions import Permission
from eligibility.edition import StaleEdition
from eligibility.models import Accreditation, Criteria, PhoneHours, PhoneLine, Program
from eligibility.program import edition_of, facts_of
from eligibility.program_change import change, problems_of


class HoursSerializer(serializers.ModelSerializer[PhoneHours]):
    from_month = serializers.IntegerField(min_value=1, max_value=12)
    to_month = serializers.IntegerField(min_value=1, max_value=12)

    class Meta:
        model = PhoneHours
        fields = PhoneHours.FACTS
        extra_kwargs = {"days": {"required": True}}


class LineSerializer(serializers.ModelSerializer[PhoneLine]):
    hours = HoursSerializer(many=True)

    class Meta:
        model = PhoneLine
        fields = [*PhoneLine.FACTS, "hours"]
        extra_kwargs = {name: {"required": True} for name in PhoneLine.FACTS}


class AccreditationSerializer(serializers.ModelSerializer[Accreditation]):
    class Meta:
        model = Accreditation
        fields = Accreditation.FACTS
        extra_kwargs = {"since": {"required": True}}


class ProgramSerializer(serializers.ModelSerializer[Program]):
    """All facts are sent together. `edition` is the one that was read; another answers 409."""

    lines = LineSerializer(many=True)
    accreditations = AccreditationSerializer(many=True)
    channels = serializers.ListField(child=serializers.ChoiceField(Program.Channel.choices), allow_empty=False)
    edition = serializers.CharField(max_length=16)

    class Meta:
        model = Program
        fields = [*Program.FACTS, "lines", "accreditations", "edition"]
        extra_kwargs = {name: {"required": True} for name in Program.FACTS}

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        if problems := problems_of(given):
            raise serializers.ValidationError(problems)
        return given


class ProgramOfCriteria(PlanView):
    """The facts of the public page beside the criteria; only those of a draft can be changed."""

    permissions = {"GET": Permission.CRITERIA_READ, "POST": Permission.CRITERIA_EDIT}
    serializer_class = ProgramSerializer
    queryset = Criteria.objects.none()

    def get_queryset(self) -> Any:
        return Criteria.objects.filter(plan=self.request.plan).select_related("program", "plan")

    @extend_schema(responses=ProgramSerializer)
    def get(self, request: Request, **kwargs: Any) -> Response:
        return Response(shown(self.get_object().program))

    @extend_schema(responses=ProgramSerializer)
    def post(self, request: Request, **kwargs: Any) -> Response:
        program = self.get_object().program
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        facts = dict(asked.validated_data)
        try:
            changed = change(program=program, edition=facts.pop("edition"), facts=facts, by=request.user)
        except StaleEdition:
            raise Refused("Somebody saved the page after it was read. Read it again.") from None
        return Response(shown(changed))


def shown(program: Program) -> Any:
    return ProgramSerializer(facts_of(program) | {"edition": edition_of(program)}).data
