"""Settings: every value that an installation may change comes from the environment (docs/settings.md)."""

import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from reviewhub.environment import env
from reviewhub.periodic import CELERY_BEAT_SCHEDULE  # noqa: F401 - a setting of Celery
from reviewhub.sign_in import *  # noqa: F403 - settings of allauth
from reviewhub.sign_in import SOCIALACCOUNT_PROVIDERS
from reviewhub.ui.csp import CONTENT_SECURITY_POLICY  # noqa: F401 - a setting of django-csp

BASE_DIR = Path(__file__).resolve().parent.parent

DATA_DIR = Path(env.str("REVIEWHUB_DATA", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)
FILES_DIR = DATA_DIR / "files"


def secret_key() -> str:
    """The key from the environment or a file; an embedded installation makes its own once and keeps it."""
    if key := env.str("SECRET_KEY", default=""):
        if key.startswith("change-me"):
            raise ImproperlyConfigured("SECRET_KEY is still the sample. Put 50 random characters there.")
        return key
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(get_random_secret_key())
    return kept.read_text().strip()


SECRET_KEY = secret_key()
DEBUG = env.bool("DEBUG", default=False)
# The public address: links in mails are made from it, never from the Host header of a request.
BASE_URL = env.str("BASE_URL", default="http://127.0.0.1:8000").rstrip("/")
LOCAL_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[*LOCAL_HOSTS, urlsplit(BASE_URL).hostname or "localhost"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[BASE_URL])
HTTPS = env.bool("HTTPS", default=BASE_URL.startswith("https://"))
# The address that `serve` bound; demo sign-in exists on loopback only.
BIND_HOST = env.str("REVIEWHUB_BIND_HOST", default="")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "reviewhub",
    "reviewhub.ui",
    "reviewhub.health",
    "reviewhub.people",
    "reviewhub.api",
    "reviewhub.notices",
    "metrics",
    "okr",
    "actions",
    "meetings",
]

MIDDLEWARE = [
    "reviewhub.ui.headers.HeadersMiddleware",
    "reviewhub.health.web.requests.ClientAddressMiddleware",
    "reviewhub.health.web.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "reviewhub.people.web.middleware.SessionCookieMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "reviewhub.people.web.middleware.SessionEndMiddleware",
    "reviewhub.people.preferences.PreferencesMiddleware",
    "reviewhub.people.web.kept_forms.EntranceMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "reviewhub.ui.addresses.NamelessMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "reviewhub.ui.htmx.SignedOutMiddleware",
    "reviewhub.people.web.middleware.SecondFactorMiddleware",
    "reviewhub.api.middleware.ApiMiddleware",
]

ROOT_URLCONF = "reviewhub.urls"
WSGI_APPLICATION = "reviewhub.wsgi.application"
ASGI_APPLICATION = "reviewhub.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials", "reviewhub.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "reviewhub.shell.shell",
            ],
        },
    }
]

# --- Database -------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'reviewhub.sqlite3'}")}
if DATABASES["default"].get("ENGINE", "").rpartition(".")[2] not in ("sqlite3", "postgresql"):
    raise ImproperlyConfigured("DATABASE_URL begins with neither postgres:// nor sqlite:///.")
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Django's defaults answered 194 of 200 concurrent submissions with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
    }
else:
    DATABASES["default"]["PASSWORD"] = env.str("DATABASE_PASSWORD", default=DATABASES["default"]["PASSWORD"])
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0)
    # Without the check, 2 of 10 requests after a restart of the database answered 500; with it none.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The included columns of the roll-up index help PostgreSQL; SQLite does without them.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
# Whether a domain joins the browsers' preload list is for its owner to say.
SILENCED_SYSTEM_CHECKS += ["security.W021"]

# --- People ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
if OIDC_ISSUER := env.str("OIDC_ISSUER", default=""):
    SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"].append(
        {
            "provider_id": "company",
            "name": env.str("OIDC_NAME", default="OpenID Connect"),
            "client_id": env.str("OIDC_CLIENT_ID"),
            "secret": env.str("OIDC_CLIENT_SECRET", default=""),
            "settings": {"server_url": OIDC_ISSUER.rstrip("/")},
        }
    )
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:  # a neighbouring host or a plain connection cannot set cookies with these names
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrftoken"

# --- Mail -------------------------------------------------------------------------------------------------
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = 10  # seconds to connect; a mail server that is silent may not hold a worker
EMAIL_CONVERSATION_SECONDS = 30  # for all of it, however slowly it answers
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND",
    default=f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend",
)
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", default="ReviewHub <reviewhub@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Message-IDs end in this domain and stay the same over every attempt; so many letters a second leave by one channel.
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="reviewhub.localdomain")
MAIL_PER_SECOND = env.float("MAIL_PER_SECOND", default=5.0)
# Chat goes to the hosts of known services, and to these: "hooks.example.com", ".example.com", "hooks.example.com:8443".
WEBHOOK_ALLOWED_HOSTS = env.list("WEBHOOK_ALLOWED_HOSTS", default=[])
WEBHOOK_LOOPBACK = env.bool("WEBHOOK_LOOPBACK", default=False)  # tests only: 127.0.0.1, plain HTTP too

# --- Languages, zones, formats ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "reviewhub_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # of the server; people and the company have their own

# --- Files ------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FILES_DIR}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or env.bool("REVIEWHUB_PLAIN_STATIC", default=False)
        else "reviewhub.ui.storage.HashedStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or env.bool("REVIEWHUB_PLAIN_STATIC", default=False)
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 21

# Limits of an uploaded file (robustness: "limits are settings").
INTAKE_LIMITS = {
    "csv_bytes": env.int("MAX_CSV_BYTES", default=256 * 2**20),
    "csv_rows": env.int("MAX_CSV_ROWS", default=2_000_000),
    "xlsx_bytes": env.int("MAX_XLSX_BYTES", default=32 * 2**20),
    "xlsx_unpacked_bytes": env.int("MAX_XLSX_UNPACKED_BYTES", default=512 * 2**20),
    "xlsx_rows": env.int("MAX_XLSX_ROWS", default=500_000),
    "columns": env.int("MAX_COLUMNS", default=200),
}

# Where sources may look: one folder of the server, hosts like those of WEBHOOK_ALLOWED_HOSTS; secrets by name.
SOURCES_ROOT = env.str("SOURCES_ROOT", default=str(DATA_DIR / "sources"))
SOURCE_STABLE_S = env.int("SOURCE_STABLE_S", default=30)
SOURCE_ALLOWED_HOSTS = env.list("SOURCE_ALLOWED_HOSTS", default=[])
SOURCE_SECRETS_DIR = env.str("SOURCE_SECRETS_DIR", default="")

# --- Background work ----------------------------------------------------------------------------------------
REDIS_URL = env.str("REDIS_URL", default="")
if password := env.str("REDIS_PASSWORD", default=""):
    REDIS_URL = REDIS_URL.replace("://", f"://:{quote(password, safe='')}@", 1)
if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "socket_connect_timeout": 5}
else:
    BROKER_DIR = DATA_DIR / "broker"
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.2,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_DEFAULT_QUEUE = "reviewhub"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SYNC_EVERY = 1  # written down after every tick: its age tells whether beat lives
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Security -----------------------------------------------------------------------------------------------
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = ["^healthz$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
TRUSTED_PROXY = env.bool("TRUSTED_PROXY", default=False)
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- Logs and figures -------------------------------------------------------------------------------------
LOG_FORMAT = env.str("LOG_FORMAT", default="plain")
if LOG_FORMAT not in ("plain", "json"):
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it can be plain or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"()": "reviewhub.health.logs.Plain"},
        "json": {"()": "reviewhub.health.logs.Json"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "stream": sys.stderr}
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        # One line a request where lines are read by machines; on a terminal they would be noise.
        "reviewhub.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        # They bring handlers of their own, which know neither the format nor the masks.
        "django": {"handlers": [], "propagate": True},
        "uvicorn": {"handlers": [], "propagate": True, "level": "WARNING"},
        # Its own lines name whole addresses; the request log does not.
        "uvicorn.access": {"handlers": [], "propagate": False},
    },
}
# Touched by every tick that a worker carries out, for the health check of its container.
WORKER_ALIVE_FILE = env.str("WORKER_ALIVE_FILE", default="")
# Where backups are kept, so that `doctor` can tell how old the newest is.
BACKUP_DIR = env.str("BACKUP_DIR", default="")
# Figures for Prometheus at /metrics, for those who bear this token; without one the page does not exist.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
if METRICS_TOKEN:
    INSTALLED_APPS.append("django_prometheus")
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]
