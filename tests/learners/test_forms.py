"""The profile form."""

from learners.forms import ProfileForm


def test_profile_form_tidies_the_name():
    form = ProfileForm({"name": " Ann\x0b Lee ", "time_zone": ""})
    assert form.is_valid()
    assert form.cleaned_data == {"name": "Ann Lee", "time_zone": ""}


def test_profile_form_offers_the_sites_zone_first():
    assert ProfileForm().fields["time_zone"].choices[0] == ("", "Same as the site")
