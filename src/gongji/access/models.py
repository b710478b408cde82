"""Tables of the room as Django's migrations know them; the room itself reads and writes by the statements in ``sql/``."""

from django.db import models


class Account(models.Model):
    """Somebody who may sign in. ``generation`` moves on with every change of roles, password, factor or state: sessions of an
    earlier one are over with their next request. ``totp_step`` is the last step whose code was taken.
    """

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(db_default=True, default=True)
    generation = models.IntegerField(db_default=1, default=1)
    psn_no = models.CharField(max_length=30, db_default="", default="")
    institution = models.CharField(max_length=12, db_default="", default="")
    staff_code = models.CharField(max_length=30, db_default="", default="")
    area = models.CharField(max_length=6, db_default="", default="")
    created_at = models.DateTimeField()
    password = models.CharField(max_length=128, db_default="", default="")
    must_change = models.BooleanField(db_default=False, default=False)
    totp_sealed = models.BinaryField(null=True)
    totp_step = models.BigIntegerField(db_default=0, default=0)

    class Meta:
        db_table = "access_account"
        constraints = [
            models.UniqueConstraint(
                fields=["psn_no"], condition=~models.Q(psn_no=""), name="access_account_of_person"
            )
        ]


class Grant(models.Model):
    """A role that an account holds now; its history stands in the events."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)

    class Meta:
        db_table = "access_grant"
        constraints = [models.UniqueConstraint(fields=["account", "role"], name="access_grant_once")]


class Session(models.Model):
    """A session by the digest of its token: who reads the table cannot use it."""

    digest = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="sessions")
    generation = models.IntegerField()
    complete = models.BooleanField()
    factor = models.BooleanField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_s = models.IntegerField()
    address = models.CharField(max_length=64)
    agent = models.CharField(max_length=120)
    pending_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "access_session"
