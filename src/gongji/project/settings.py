"""Django's settings: one migration history, and the web. No secret stands in this file.

``DATABASE_URL`` names the database, ``GONGJI_SECRET_KEY`` signs what a browser keeps of an OIDC sign-in under way
(``project.secret`` says what happens without),
``GONGJI_HOSTS`` the names under which the web is reached. In a serving worker ``GONGJI_SERVE_DSN`` is the database.
``GONGJI_HTTPS=0`` lets the cookies of a demonstration travel without TLS.
"""

import os
from pathlib import Path

from gongji.project.dbtools import databases
from gongji.project.secret import secret_key

SECRET_KEY = secret_key(os.environ, Path.cwd())
DEBUG = os.environ.get("GONGJI_DEBUG") == "1"
ALLOWED_HOSTS = [
    host for host in os.environ.get("GONGJI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host
]

DATABASES = databases(os.environ.get("GONGJI_SERVE_DSN") or os.environ.get("DATABASE_URL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django_htmx",
    "gongji.access",
    "gongji.catalog",
    "gongji.providers",
    "gongji.members",
    "gongji.ledger",
    "gongji.lawbook",
    "gongji.accounts",
    "gongji.encounters",
    "gongji.stock",
    "gongji.prescriptions",
    "gongji.settlement",
    "gongji.claims",
    "gongji.supervision",
    "gongji.gateway",
    "gongji.web",
    "gongji.portal",
    "gongji.desk",
    "gongji.console",
]
MIDDLEWARE = [
    "gongji.web.middleware.headers",
    "django.middleware.security.SecurityMiddleware",
    "gongji.web.middleware.pages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "gongji.project.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.csrf"],
            "builtins": ["gongji.web.templatetags.gongji", "django.templatetags.static"],
        },
    }
]
STATIC_URL = "/static/"

HTTPS = os.environ.get("GONGJI_HTTPS", "1") != "0"
# __Host-: a browser takes such a cookie from this host alone, over TLS, for every path
SESSION_COOKIE_NAME = "__Host-gongji_session" if HTTPS else "gongji_session"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "gongji.web.errors.csrf_failure"
CSRF_COOKIE_NAME = "__Host-gongji_csrf" if HTTPS else "gongji_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOGGING_CONFIG = None
