"""Probes and metrics."""

from django.urls import path

from aro.watch import http

urlpatterns = [
    path("health", http.process_health, name="health"),
    path("ready", http.ready, name="ready"),
    path("api/v1/health", http.full_health, name="full-health"),
    path("health/database", http.database_health, name="database-health"),
    path("health/redis", http.redis_health, name="redis-health"),
    path("health/providers", http.providers_health, name="providers-health"),
    path("metrics", http.metrics_page, name="metrics"),
]
