"""Providers (定点医药机构): institutions, their agreements and classes by date, their credentials."""

from gongji.providers.values import Credential, Provider, ProviderBook, ProviderDay, ProviderState

__all__ = ["Credential", "Provider", "ProviderBook", "ProviderDay", "ProviderState"]
