"""What a WSGI server runs: `gunicorn wsgi:app`."""

from cowopass.app import create_app

app = create_app()
