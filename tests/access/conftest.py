from tests.web.fixtures import browser, law, lived_url, now, platform, world_url

__all__ = ["browser", "law", "lived_url", "now", "platform", "world_url"]
