"""Django's sessions in a table of our own, which knows whose a session is."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from gongji.access.models import WebSession
from gongji.access.signedin import ACCOUNT

__all__ = ["SessionStore"]


class SessionStore(DatabaseStore):
    """The database backend over ``WebSession``."""

    @classmethod
    def get_model_class(cls) -> type[WebSession]:
        return WebSession

    def create_model_instance(self, data: dict[str, Any]) -> WebSession:
        made = super().create_model_instance(data)
        assert isinstance(made, WebSession)
        made.account_id = data.get(ACCOUNT)
        return made
