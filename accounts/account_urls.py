"""Signing in and out, passwords and one-time codes: allauth's pages, but only those that staff need."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.urls import path

from accounts import views
from accounts.access import half_signed_in, public, signed_in

urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", signed_in(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", signed_in(account.password_change), name="account_change_password"),
    path("codes/", signed_in(mfa.index), name="mfa_index"),
    path("codes/authenticate/", half_signed_in(mfa.authenticate), name="mfa_authenticate"),
    path("codes/reauthenticate/", signed_in(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("codes/totp/activate/", signed_in(views.activate_totp), name="mfa_activate_totp"),
    path("codes/totp/deactivate/", signed_in(views.deactivate_totp), name="mfa_deactivate_totp"),
    path("codes/recovery/", signed_in(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/recovery/generate/", signed_in(views.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("codes/recovery/download/", signed_in(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
