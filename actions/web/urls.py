"""Addresses of these pages."""

urlpatterns = []
