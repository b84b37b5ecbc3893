"""The API: what a staff page does, by the same actions and permissions. The schema is at schema/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from claims import api as claims
from claims.drug_pages import api as drugs
from eligibility import api as eligibility
from eligibility import criteria_api as criteria
from eligibility import explain_api as explanations
from eligibility import program_api as programs
from eligibility import simulation_api as simulations
from letters import api as letters
from members import api as members
from reviews.api import alerts, appointments, sweeps

of_a_plan = [
    path("members/", members.Members.as_view()),
    path("members/search/", members.SearchMembers.as_view()),
    path("members/<uuid:id>/", members.OneMember.as_view()),
    path("members/<uuid:id>/eligibility/", explanations.Why.as_view()),
    path("determinations/", eligibility.Determinations.as_view()),
    path("determinations/<uuid:id>/", eligibility.OneDetermination.as_view()),
    path("criteria/", criteria.AllCriteria.as_view()),
    path("criteria/<uuid:id>/", criteria.OneCriteria.as_view()),
    path("criteria/<uuid:id>/try/", criteria.TryCriteria.as_view()),
    path("criteria/<uuid:id>/send/", criteria.SendCriteria.as_view()),
    path("criteria/<uuid:id>/give-back/", criteria.GiveBackCriteria.as_view()),
    path("criteria/<uuid:id>/publish/", criteria.PublishCriteria.as_view()),
    path("criteria/<uuid:id>/simulations/", simulations.SimulationsOfCriteria.as_view()),
    path("simulations/<uuid:id>/", simulations.OneSimulation.as_view()),
    path("simulations/<uuid:id>/members/", simulations.MembersOfSimulation.as_view()),
    path("criteria/<uuid:id>/program/", programs.ProgramOfCriteria.as_view()),
    path("enrollments/search/", eligibility.SearchEnrollments.as_view()),
    path("enrollments/", eligibility.Enrollments.as_view()),
    path("enrollments/<uuid:id>/", eligibility.OneEnrollment.as_view()),
    path("enrollments/<uuid:id>/opt-out/", eligibility.OptOut.as_view()),
    path("enrollments/<uuid:id>/opt-back-in/", eligibility.OptBackIn.as_view()),
    path("alerts/", alerts.Alerts.as_view()),
    path("alerts/<uuid:id>/", alerts.OneAlert.as_view()),
    path("alerts/<uuid:id>/claim/", alerts.ClaimAlert.as_view()),
    path("alerts/<uuid:id>/release/", alerts.ReleaseAlert.as_view()),
    path("alerts/<uuid:id>/resolve/", alerts.ResolveAlert.as_view()),
    path("appointments/", appointments.Appointments.as_view()),
    path("appointments/free/", appointments.FreeSlots.as_view()),
    path("appointments/<uuid:id>/", appointments.OneAppointment.as_view()),
    path("appointments/<uuid:id>/cancel/", appointments.CancelAppointment.as_view()),
    path("appointments/<uuid:id>/no-show/", appointments.NoShow.as_view()),
    path("unmapped-ndcs/", drugs.UnmappedNdcs.as_view()),
    path("drug-mappings/", drugs.Mappings.as_view()),
    path("drug-mappings/<uuid:id>/withdraw/", drugs.WithdrawMapping.as_view()),
    path("letters/", letters.Letters.as_view()),
    path("letters/<uuid:id>/", letters.OneLetter.as_view()),
    path("letters/<uuid:id>/pdf/", letters.LetterPdf.as_view()),
    path("letters/<uuid:id>/mail/", letters.MailLetter.as_view()),
    path("letters/<uuid:id>/void/", letters.VoidLetter.as_view()),
    path("loads/", claims.Loads.as_view()),
    path("loads/freshness/", claims.Freshness.as_view()),
    path("loads/<uuid:id>/", claims.OneLoad.as_view()),
    path("loads/files/<uuid:id>/rejected/", claims.RejectedRows.as_view()),
    path("sweeps/", sweeps.Sweeps.as_view()),
    path("sweeps/<uuid:id>/retry/", sweeps.RetrySweep.as_view()),
]


class SchemaView(SpectacularAPIView):
    """For anyone who has signed in."""

    permission_classes = [IsAuthenticated]


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("plans/<plan:plan_code>/", include(of_a_plan)),
]
