"""Web: what portal, desk and console share: the page behind a sign-in, the look, the components, signing in."""
