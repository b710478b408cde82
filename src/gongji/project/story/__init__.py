"""A member's story played over HTTP, as a hospital's and a pharmacy's software would play it."""
