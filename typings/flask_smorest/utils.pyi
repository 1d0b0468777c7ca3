"""The types of what we use of flask-smorest, which has none of its own."""

from apispec import APISpec

def prepare_response(
    response: dict[str, object], spec: APISpec, default_response_content_type: str
) -> None: ...
