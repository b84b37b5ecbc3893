from django.urls import path

from claims import views

urlpatterns = [
    path("", views.loads, name="loads"),
    path("<uuid:load_id>/", views.one, name="load"),
]
