"""Addresses under ``/certificates/``."""

from django.urls import path

from certificates import credential_views, views

urlpatterns = [
    path("", views.look_up, name="certificate-lookup"),
    path("<str:number>/", views.show_certificate, name="certificate"),
    path("<str:number>/pdf", views.download_pdf, name="certificate-pdf"),
    path("<str:number>/credential.json", credential_views.show_credential, name="certificate-credential"),
]
