from tests.web.fixtures import browser, law, now, platform, world_url

__all__ = ["browser", "law", "now", "platform", "world_url"]
