"""Figures for Prometheus. Each application has its own registry, so that tests can make many.

With several workers each writes files into PROMETHEUS_MULTIPROC_DIR, and whichever is asked adds
them up. Source: https://prometheus.github.io/client_python/multiprocess/.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

FILES: Final = "PROMETHEUS_MULTIPROC_DIR"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_LABELS: Final = ("method", "route", "status")


class Metrics:
    """What one application counts."""

    def __init__(self) -> None:
        """Count from zero."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "feedback_http_requests", "Requests answered", _LABELS, registry=self.registry
        )
        self.seconds = Histogram(
            "feedback_http_request_duration_seconds",
            "Time from the request to the end of its answer",
            _LABELS,
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "feedback_http_requests_in_progress",
            "Requests under way",
            multiprocess_mode="livesum",
            registry=self.registry,
        )
        self.accepted = Counter(
            "feedback_reviews_accepted", "Reviews stored by the API", registry=self.registry
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(method, route, str(status)).observe(seconds)


class Present(Collector):
    """What the database says at the moment of asking."""

    def __init__(self, version: str, pending: int, deliveries: Mapping[str, int]) -> None:
        """Keep the figures."""
        self._version = version
        self._pending = pending
        self._deliveries = deliveries

    def collect(self) -> Iterable[Metric]:
        """Yield them as Prometheus wants them."""
        yield GaugeMetricFamily(
            "feedback_reviews_pending", "Reviews not scored yet", value=self._pending
        )
        told = GaugeMetricFamily(
            "feedback_webhook_deliveries", "Webhook deliveries by result", labels=["result"]
        )
        for result, count in sorted(self._deliveries.items()):
            told.add_metric([result], count)
        yield told
        build = GaugeMetricFamily("feedback_build_info", "What runs", labels=["version", "model"])
        program, _, model = self._version.partition(" ")
        build.add_metric([program, model], 1)
        yield build


def written(metrics: Metrics, present: Present) -> bytes:
    """Return all figures in the text format of Prometheus."""
    counted = metrics.registry
    if FILES in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call] # theirs
    now = CollectorRegistry(auto_describe=False)
    now.register(present)
    return generate_latest(counted) + generate_latest(now)


def forget_worker() -> None:
    """Take what this worker has under way out of the sum."""
    if FILES in os.environ:
        mark_process_dead(os.getpid())  # type: ignore[no-untyped-call] # theirs
