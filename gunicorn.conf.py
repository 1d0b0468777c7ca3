"""How gunicorn serves Cowopass: `PORT`, `HOST` and `WEB_CONCURRENCY` say where and how much.

`COWOPASS_TLS` names a folder with `server.crt` and `server.key`: then it is served over HTTPS, as
`make run LAN=1` does for the phones of a room. In production a reverse proxy does that.
"""

import gc
import os
import shutil
import tempfile

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 8
preload_app = True  # read once, before the workers are forked
control_socket_disable = True
timeout = 120  # an import of 16 MiB takes its time

if folder := os.environ.get("COWOPASS_TLS"):
    certfile, keyfile = f"{folder}/server.crt", f"{folder}/server.key"

# The workers add up what /metrics shows in files of a folder that they share.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="cowopass-metrics-")


def when_ready(_server):
    """Let no collection of garbage look again at what was read before the workers are forked.

    It stays for ever, and is half of the objects that a large month's page would wait for.
    """
    gc.collect()
    gc.freeze()


def post_worker_init(worker):
    """Let each worker do the service's chores; no thread survives a fork."""
    from cowopass.app import start_chores

    start_chores(worker.wsgi)


def child_exit(_server, worker):
    """Forget what a worker that ended was just doing; what it counted stays."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Remove the shared folder."""
    shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
