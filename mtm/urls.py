"""Every address of the site. What belongs to a plan starts with the plan's contract number."""

from django.conf import settings
from django.urls import include, path, register_converter

from mtm import views
from mtm.lib.urls import ContractNumber, DrugCode

register_converter(ContractNumber, "plan")
register_converter(DrugCode, "ndc")

of_a_plan = [
    path("", views.today, name="today"),
    path("audit/", include("accounts.urls")),
    path("members/", include("members.urls")),
    path("members/<uuid:member_id>/", views.chart, name="chart"),
    path("criteria/<uuid:criteria_id>/preview/", views.program_preview, name="program-preview"),
    path("loads/", include("claims.urls")),
    path("drugs/", include("claims.drug_pages.urls")),
    path("", include("eligibility.urls")),
    path("", include("reviews.urls")),
    path("letters/", include("letters.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("blank-medication-list.pdf", views.blank_medication_list, name="blank-medication-list"),
    path("sample-medication-list.pdf", views.sample_medication_list, name="sample-medication-list"),
    path("programs/<plan:plan_code>/", views.program, name="program"),
    path("programs/<plan:plan_code>/<int:plan_year>/", views.program, name="program-of-year"),
    path("keep-alive/", views.keep_alive, name="keep-alive"),
    path("account/", include("accounts.account_urls")),
    path("api/v1/", include("mtm.api_urls")),
    path("<plan:plan_code>/", include(of_a_plan)),
]

if settings.DEMO:
    urlpatterns.insert(0, path("design/", views.design, name="design"))

handler403 = "mtm.views.forbidden"
