"""Django's settings: one migration history now, the web later. No secret stands in this file.

``DATABASE_URL`` names the database, ``GONGJI_SECRET_KEY`` signs sessions (``project.secret`` says what happens without).
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

DATABASES = databases(os.environ.get("DATABASE_URL"))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
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
    "gongji.gateway",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
]
ROOT_URLCONF = "gongji.project.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True
LOGGING_CONFIG = None
