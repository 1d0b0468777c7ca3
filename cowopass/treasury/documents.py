"""The page of a month's documents: what is ready, how far the work is, what is missing."""

from __future__ import annotations

from itertools import groupby
from typing import Any, NamedTuple

from flask_babel import gettext
from sqlalchemy.orm import Session

from cowopass.documents.jobs import find_job, has_moved_since, is_running, list_documents_of
from cowopass.documents.models import Document, DocumentJob
from cowopass.language import spoken_language
from cowopass.settlement.service import show_month
from cowopass.treasury.frame import Treasury


class Folder(NamedTuple):
    """Documents of one sort, each with the words of its link."""

    title: str
    documents: list[tuple[Document, str]]


class Missing(NamedTuple):
    """Something that somebody has to give, in the language that is spoken."""

    who: str
    what: str


class DocumentsView(NamedTuple):
    """What the page shows. `job` is None before anything was asked for.

    `is_outdated`: payments were noted since, which the entries for accountants do not have.
    """

    facts: dict[str, Any]
    job: DocumentJob | None
    is_running: bool
    is_outdated: bool
    folders: list[Folder]
    missing: list[Missing]

    @property
    def is_given_up(self) -> bool:
        """Whether the work began several times and never came to an end."""
        return self.job is not None and self.job.finished_at is None and not self.is_running


def view_documents(session: Session, treasury: Treasury, month: str) -> DocumentsView:
    """Return what the page of a month's documents shows."""
    slug = treasury.network.slug
    job = find_job(session, slug, month)
    return DocumentsView(
        facts=show_month(session, slug, month),
        job=job,
        is_running=job is not None and is_running(job),
        is_outdated=job is not None and has_moved_since(session, job),
        folders=_folders(treasury, list_documents_of(session, slug, month)),
        missing=[_missing(treasury, lack) for lack in (job.lacks if job else [])],
    )


def _folders(treasury: Treasury, documents: list[Document]) -> list[Folder]:
    titles = {
        "month.pdf": gettext("Le mois"),
        "statements": gettext("Relevés"),
        "invoices": gettext("Factures"),
        "drafts": gettext("Brouillons de factures, à numéroter et envoyer par le lieu"),
        "payments": gettext("Virements, à déposer dans la banque du lieu"),
        "fec": gettext("Écritures pour le comptable"),
    }
    by_folder = {
        name: list(group)
        for name, group in groupby(documents, lambda one: one.path.partition("/")[0])
    }
    return [
        Folder(title, [(each, _label(treasury, each)) for each in by_folder[name]])
        for name, title in titles.items()
        if name in by_folder
    ]


def _label(treasury: Treasury, document: Document) -> str:
    """Return the name of whom a document is of, or its own name."""
    folder, _, name = document.path.partition("/")
    stem = (name or folder).rpartition(".")[0]
    if not name:
        return treasury.network.name
    party = treasury.participants.get(stem)
    return party.name if party else stem


def _missing(treasury: Treasury, lack: dict[str, str]) -> Missing:
    parties = (treasury.participants.get(slug) for slug in lack["who"].split(", "))
    names = [party.name for party in parties if party is not None]
    return Missing(", ".join(names) or lack["who"], lack[spoken_language()])
