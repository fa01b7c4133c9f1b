"""Addresses under ``/evidence/``."""

from django.urls import path

from certificates.evidence import views

urlpatterns = [
    path("<int:enrolment_id>/", views.show_evidence, name="evidence"),
    path("<int:enrolment_id>/evidence.json", views.download_json, name="evidence-json"),
    path("<int:enrolment_id>/evidence.pdf", views.download_pdf, name="evidence-pdf"),
]
