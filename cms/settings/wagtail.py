"""Wagtail: site name, custom file models, search, uploads; nothing that calls out to the internet."""

from zoneinfo import available_timezones

from cms.settings.env import BASE_URL

WAGTAIL_SITE_NAME = "Coursewright"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_AUTOSAVE_INTERVAL = 3000
WAGTAIL_FINISH_WORKFLOW_ACTION = "courses.approval.publish_approved"
# The study routes take ASCII slugs.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILIMAGES_IMAGE_MODEL = "courses.CourseImage"
WAGTAILIMAGES_IMAGE_FORM_BASE = "courses.image_forms.ImageForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "courses.CourseDocument"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILMEDIA = {"MEDIA_MODEL": "courses.CourseMedia"}
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "cms.search"}}
WAGTAIL_PASSWORD_RESET_ENABLED = False
# Changing an address is for allauth, which has the new one confirmed.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
# Without the names that only this machine knows ("localtime"): browsers stop at them.
WAGTAIL_USER_TIME_ZONES = sorted(name for name in available_timezones() if name == "UTC" or "/" in name)
TAGGIT_CASE_INSENSITIVE = True
WAGTAILEMBEDS_FINDERS = [{"class": "wagtail.embeds.finders.oembed"}]
