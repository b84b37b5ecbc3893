from django.urls import path

from claims import views

urlpatterns = [
    path("", views.loads, name="loads"),
    path("start/", views.start, name="start-load"),
    path("<uuid:load_id>/", views.one, name="load"),
    path("files/<uuid:file_id>/", views.file, name="load-file"),
    path("files/<uuid:file_id>/rejected/", views.rejected_rows, name="rejected-rows"),
]
