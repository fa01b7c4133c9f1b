"""REST API: authentication, errors, pagination, throttling, schema."""

from corsheaders.defaults import default_headers

from cms.settings.env import env

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.SessionTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # Forms are for views of others, such as wagtail-localize's in the admin; ours say JSON in api.views.
    "DEFAULT_PARSER_CLASSES": [
        "rest_framework.parsers.JSONParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.LimitOffsetPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "api.errors.problem_handler",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.AnonymousThrottle", "api.throttling.LearnerThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "anonymous": env.str("API_ANONYMOUS_RATE", default="120/min"),
        "learner": env.str("API_LEARNER_RATE", default="600/min"),
    },
    # Never believe X-Forwarded-For beyond the proxies the operator declares.
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Coursewright API",
    "DESCRIPTION": (
        "Courses for everyone, study for those who are signed in. Public content carries an ETag and is the same for "
        "all; personal data is never stored by caches. Errors are problem details (RFC 9457) with a code."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "PREPROCESSING_HOOKS": ["api.schema.keep_v1_only"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.complete_schema"],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    # In the order of api/v1/urls.py.
    "SORT_OPERATIONS": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_NAME_OVERRIDES": {
        "CertificateState": "api.v1.certificates.STATUSES",
        "AttemptState": "learners.exams.models.AttemptState",
        "CourseAccess": "courses.enums.CourseAccess",
        "EventState": "learners.progress.events.CLIENT_STATES",
        "EventStatus": "api.v1.progress.EVENT_STATUSES",
        "Level": "courses.enums.Level",
        "ProgressState": "learners.enums.ProgressState",
        "Progression": "courses.enums.Progression",
        "QuestionType": "courses.quizzes.definition.QUESTION_TYPES",
    },
}

CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/(api|_allauth)/.*$"
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_HEADERS = [*default_headers, "if-none-match", "x-preview-token", "x-request-id", "x-session-token"]
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After", "X-Request-ID"]
