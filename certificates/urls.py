"""Addresses under ``/certificates/``."""

from django.urls import path

from certificates import credential_views, views
from certificates.sharing import views as sharing

urlpatterns = [
    path("", views.look_up, name="certificate-lookup"),
    path("file/", views.check_file, name="certificate-file"),
    path("<str:number>/", views.show_certificate, name="certificate"),
    path("<str:number>/pdf", views.download_pdf, name="certificate-pdf"),
    path("<str:number>/share/", sharing.switch, name="certificate-share"),
    path("<str:number>/shared/<str:token>/", sharing.show_shared, name="certificate-shared"),
    path("<str:number>/shared/<str:token>/picture.png", sharing.show_picture, name="certificate-picture"),
    path("<str:number>/shared/<str:token>/pdf", sharing.download_shared, name="certificate-shared-pdf"),
    path("<str:number>/credential.json", credential_views.show_credential, name="certificate-credential"),
]
