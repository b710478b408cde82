"""Filters and components of every template."""
