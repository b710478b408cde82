"""Providers (定点医药机构): institutions, their agreements and classes by date, their credentials."""

from gongji.providers.register import EPC, Certificate, Channel, Credential, Place, StaffDay
from gongji.providers.values import Provider, ProviderBook, ProviderDay, ProviderState

__all__ = [
    "EPC",
    "Certificate",
    "Channel",
    "Credential",
    "Place",
    "Provider",
    "ProviderBook",
    "ProviderDay",
    "ProviderState",
    "StaffDay",
]
