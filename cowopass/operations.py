"""For those who run the service: is it up, is it ready, how busy is it."""

from __future__ import annotations

import os
from typing import Any

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.multiprocess import MultiProcessCollector
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import ServiceUnavailable

from cowopass import logs
from cowopass.migration import is_current
from cowopass.running import current_engine

blueprint = Blueprint("operations", __name__)


class Metrics:
    """Counts of the requests of one application, by route; nothing in them tells a person."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter(
            "cowopass_requests", "Requests answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "cowopass_request_seconds", "Time to answer.", ("route",), registry=self.registry
        )

    def count(self, answer: Response) -> Response:
        """Count the present request, which got this answer."""
        route = logs.route_name()
        self.requests.labels(request.method, route, answer.status_code).inc()
        self.seconds.labels(route).observe(logs.elapsed_seconds())
        return answer

    def collected(self) -> CollectorRegistry:
        """Return what to show: of all worker processes, where the server runs several."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return self.registry
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return registry


def register(app: Flask) -> None:
    """Answer the questions of operations, and count every request."""
    metrics = Metrics()
    app.extensions["cowopass.metrics"] = metrics
    app.after_request(metrics.count)
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
def show_health() -> dict[str, Any]:
    """Say that the process answers."""
    return {"status": "up"}


@blueprint.get("/readyz")
def show_readiness() -> dict[str, Any]:
    """Say that the database answers and has the tables of this version; 503 otherwise."""
    try:
        ready = is_current(current_engine())
    except SQLAlchemyError as error:
        raise ServiceUnavailable from error
    if not ready:
        raise ServiceUnavailable
    return {"status": "ready"}


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """Show the counts, in the text format of Prometheus."""
    metrics: Metrics = current_app.extensions["cowopass.metrics"]
    return Response(generate_latest(metrics.collected()), mimetype=CONTENT_TYPE_PLAIN_0_0_4)
