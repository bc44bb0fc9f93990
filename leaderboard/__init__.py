"""Bundles become a static site."""
