"""Accounts and the roles they hold. Django's user model: passwords, sessions and their expiry are Django's work."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by name; making them is the business of ``services``."""


class Account(AbstractBaseUser):
    """Somebody who may sign in. ``generation`` moves on with every change of roles, password or state: sessions of an earlier
    one are over with their next request.
    """

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    generation = models.IntegerField(default=1)
    psn_no = models.CharField(max_length=30, blank=True, default="", db_index=True)
    institution = models.CharField(max_length=12, blank=True, default="")
    staff_code = models.CharField(max_length=30, blank=True, default="")
    area = models.CharField(max_length=6, blank=True, default="")
    created_at = models.DateTimeField()
    totp_sealed = models.BinaryField(null=True)

    USERNAME_FIELD = "username"
    objects = AccountManager()

    class Meta:
        db_table = "access_account"


class Grant(models.Model):
    """A role that an account holds now; its history stands in the events."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)

    class Meta:
        db_table = "access_grant"
        constraints = [models.UniqueConstraint(fields=["account", "role"], name="access_grant_once")]


class WebSession(AbstractBaseSession):
    """A session of the web, with whose it is: so that they can be counted, listed and ended."""

    account_id = models.BigIntegerField(null=True, db_index=True)
    started_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_session"
