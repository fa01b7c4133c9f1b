"""The site's URLs and the bare views beside them."""

from django.urls import path

from cms.benchmarks import views
from cms.urls import urlpatterns as site

urlpatterns = [
    path("bench/document/<int:pk>/", views.bare_document),
    path("bench/select/<int:pk>/", views.bare_select),
    path("bench/upsert/", views.bare_upsert),
    *site,
]
