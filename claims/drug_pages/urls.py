from django.urls import path

from claims.drug_pages import views

urlpatterns = [
    path("unmapped/", views.unmapped_list, name="unmapped-ndcs"),
    path("unmapped/<ndc:ndc>/", views.map_one, name="map-ndc"),
    path("mappings/<uuid:mapping_id>/withdraw/", views.withdraw_mapping, name="withdraw-mapping"),
]
