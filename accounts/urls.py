from django.urls import path

from accounts import views

urlpatterns = [path("", views.audit_trail, name="audit")]
