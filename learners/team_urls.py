"""Addresses under /team/."""

from django.urls import path

from learners.views import reopening, team

urlpatterns = [
    path("", team.show_team, name="team"),
    path("people/<int:person_id>/", team.show_person, name="team-person"),
    path("enrolments/<int:enrolment_id>/extend/", team.extend, name="team-extend"),
    path(
        "enrolments/<int:enrolment_id>/lessons/<uuid:lesson_id>/blocks/<uuid:block_id>/reopen/",
        reopening.reopen,
        name="team-reopen",
    ),
    path("companies/<slug:slug>/", team.show_company, name="team-company"),
    path("companies/<slug:slug>/rules/", team.set_rule, name="team-rule"),
    path("companies/<slug:slug>/rules/<int:rule_id>/remove/", team.remove_rule, name="team-rule-remove"),
]
