"""Settings. Everything that differs between machines is an environment variable; .env.example lists them all."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0") == "1"


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).split(",") if word]


def required(name: str, why: str) -> str:
    if not (value := os.environ.get(name)):
        raise ImproperlyConfigured(f"{name} is not set: {why}. See .env.example.")
    return value


def database(url: str) -> dict[str, object]:
    """A PostgreSQL URL as Django wants it; a unix socket directory goes in ?host=."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgresql:// (no other database will do).")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


# Modes: a demo is labelled on every page and has known passwords; production has neither.
DEMO = flag("MTM_DEMO")
DEBUG = flag("MTM_DEBUG")
HTTPS = flag("MTM_HTTPS")

SECRET_KEY = required("MTM_SECRET_KEY", "it signs sessions; any 50 random characters")
SECRET_KEY_FALLBACKS = words("MTM_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = words("MTM_ALLOWED_HOSTS", "127.0.0.1,localhost")
CSRF_TRUSTED_ORIGINS = words("MTM_CSRF_TRUSTED_ORIGINS")
DATABASES = {"default": database(required("DATABASE_URL", "PostgreSQL holds everything"))}
REDIS_URL = required("REDIS_URL", "Celery is told through it that there is work")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "accounts",
    "members",
    "claims",
    "eligibility",
    "reviews",
    "letters",
    "mtm.apps.MtmConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mtm.middleware.RequestId",
    "csp.middleware.CSPMiddleware",
    "mtm.middleware.SecurityHeaders",
    "mtm.middleware.PlainRequests",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.IdleSession",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mtm.middleware.Problems",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "mtm.urls"
WSGI_APPLICATION = "mtm.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.static", "mtm.lib.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mtm.context.shell",
            ],
        },
    }
]

# Language, time and money
LANGUAGE_CODE = "en-us"
TIME_ZONE = os.environ.get("MTM_TIME_ZONE", "America/New_York")
USE_I18N = True
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Static files: hashed names, compressed only where an image is built.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("MTM_STATIC_ROOT", BASE_DIR / "var" / "static"))
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
if flag("MTM_PLAIN_STATIC"):
    HASHED = "django.contrib.staticfiles.storage.StaticFilesStorage"
elif DEMO:
    HASHED = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": HASHED},
}
WHITENOISE_USE_FINDERS = flag("MTM_PLAIN_STATIC")

# Signing in: password, then a one-time code for those who have set one up. 164.312(a)(2)(iii): automatic logoff.
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
SHORTEST_PASSWORD = {"min_length": number("MTM_PASSWORD_LENGTH", 15)}
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": SHORTEST_PASSWORD,
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "accounts.adapter.StaffOnlyAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# django-axes counts failed sign-ins in the database; allauth's own limiter would need a shared cache.
ACCOUNT_RATE_LIMITS = {"login_failed": False, "login": False}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "MTM"
AXES_FAILURE_LIMIT = number("MTM_LOCKOUT_ATTEMPTS", 5)
AXES_COOLOFF_TIME = timedelta(seconds=number("MTM_LOCKOUT_SECONDS", 900))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.adapter.name_for_lockout"
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

IDLE_SECONDS = number("MTM_IDLE_SECONDS", 15 * 60)
SESSION_COOKIE_AGE = number("MTM_SESSION_SECONDS", 12 * 60 * 60)
SESSION_COOKIE_NAME = "__Host-mtm" if HTTPS else "mtm"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-mtm-csrf" if HTTPS else "mtm-csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
# Gone when the browser closes: Django's default would keep it for a year, past any session.
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "mtm.views.csrf_failure"

# What browsers are told
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("MTM_BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
# Files of loads: where uploads wait, where files lie that are named instead.
LOAD_FOLDER = os.environ.get("MTM_LOAD_FOLDER", str(BASE_DIR / "var" / "loads"))
LOAD_INBOX = os.environ.get("MTM_LOAD_INBOX", str(BASE_DIR / "var" / "inbox"))
# Files are taken only where a view asks for them (mtm.lib.uploads).
FILE_UPLOAD_TEMP_DIR = LOAD_FOLDER
# The folder is made when the first file comes (mtm.lib.uploads); a checkout that never loads needs none.
SILENCED_SYSTEM_CHECKS = ["files.E001"]
FILE_UPLOAD_HANDLERS = ["mtm.lib.uploads.NoFiles"]
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_MEMORY_SIZE = number("MTM_MAX_BODY_BYTES", 5 * 1024 * 1024)

# Work in the background: PostgreSQL holds what is to be done, the broker only rings the bell.
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": number("MTM_TASK_VISIBILITY_SECONDS", 600)}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "claims.*": {"queue": "loads"},
    "eligibility.*": {"queue": "sweeps"},
    "reviews.*": {"queue": "sweeps"},
    "letters.*": {"queue": "letters"},
}
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SOFT_TIME_LIMIT = number("MTM_TASK_SOFT_SECONDS", 240)
CELERY_TASK_TIME_LIMIT = number("MTM_TASK_SECONDS", 300)
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
SWEEP_SHARD_MEMBERS = number("MTM_SWEEP_SHARD_MEMBERS", 25_000)
SWEEP_LEASE_SECONDS = number("MTM_SWEEP_LEASE_SECONDS", 60)
SWEEP_TICK_SECONDS = number("MTM_SWEEP_TICK_SECONDS", 15)
SWEEP_TRIES = number("MTM_SWEEP_TRIES", 3)
SWEEP_WAIT_SECONDS = number("MTM_SWEEP_WAIT_SECONDS", 600)
UPLOAD_BYTES = number("MTM_UPLOAD_BYTES", 256 * 1024 * 1024)
LOAD_SECONDS = number("MTM_LOAD_SECONDS", 4 * 60 * 60)
LOAD_TICK_SECONDS = number("MTM_LOAD_TICK_SECONDS", 15)
LOAD_LINE_BYTES = number("MTM_LOAD_LINE_BYTES", 100_000)
LOAD_COLUMNS = number("MTM_LOAD_COLUMNS", 1_000)
LOAD_ROWS = number("MTM_LOAD_ROWS", 1_000_000_000)
LOAD_UNPACKED_BYTES = number("MTM_LOAD_UNPACKED_BYTES", 64 * 1024 * 1024 * 1024)
LOAD_ARCHIVE_FILES = number("MTM_LOAD_ARCHIVE_FILES", 1_000)
ELIGIBILITY_TICK_SECONDS = number("MTM_ELIGIBILITY_TICK_SECONDS", 60)
LETTER_TICK_SECONDS = number("MTM_LETTER_TICK_SECONDS", 15)

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.api_access.SessionOr401"],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api_access.DeclaredPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["accounts.api_access.BoundedJsonParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "accounts.api_access.KeysetPagination",
    "EXCEPTION_HANDLER": "accounts.api.problem_handler",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MTM API",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AlertOutcome": "reviews.models.Alert.Outcome",
        "AlertStatus": "reviews.models.Alert.Status",
        "DeterminationOutcome": "eligibility.models.Determination.Outcome",
        "EnrollmentStatus": "eligibility.models.Enrollment.Status",
        "AppointmentStatus": "reviews.models.Appointment.Status",
        "LetterStatus": "letters.models.Letter.Status",
        "SweepStatus": "reviews.models.SweepRun.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "accounts.api.add_problems",
    ],
}

EMAIL_BACKEND = os.environ.get("MTM_EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "mtm.lib.logging.RequestIdFilter"}},
    "formatters": {"json": {"()": "mtm.lib.logging.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["request_id"]}},
    "root": {"handlers": ["console"], "level": os.environ.get("MTM_LOG_LEVEL", "INFO")},
    "loggers": {name: {"level": "ERROR"} for name in ("axes", "weasyprint", "fontTools", "pikepdf")},
}
