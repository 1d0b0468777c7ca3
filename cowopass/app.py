"""The application: configuration, database, blueprints, commands and errors put together."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask.json.provider import DefaultJSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from cowopass import cli, language, logs, operations, web
from cowopass.accounting import api as accounting
from cowopass.acts import actor
from cowopass.bank import api as bank
from cowopass.bank.chores import REMINDER
from cowopass.chores import Worker, start_worker
from cowopass.config import Config, read_config
from cowopass.demo import pages as demo
from cowopass.desk import api as desk
from cowopass.desk import import_api as imports
from cowopass.desk import offline_api as offline
from cowopass.directory import landing_pages as landing
from cowopass.directory import open_data_pages as open_data
from cowopass.directory import pages as directory
from cowopass.directory import rules_pages as rules
from cowopass.directory import space_pages as space
from cowopass.directory import try_pages as try_rules
from cowopass.directory import verify_pages as verify
from cowopass.documents import api as documents
from cowopass.documents.background import TYPESETTER
from cowopass.host import (
    choice_pages,
    data_pages,
    day_pages,
    device_pages,
    dispute_pages,
    identity_pages,
    invoice_pages,
    legal_pages,
    log_pages,
    month_pages,
    pass_pages,
    people_pages,
    plan_pages,
    price_pages,
    sale_pages,
    space_pages,
    vote_pages,
    what_if_pages,
)
from cowopass.host import scan_pages as scan
from cowopass.invoicing import api as invoices
from cowopass.legal import api as legal
from cowopass.mail import pages as mails
from cowopass.mail.sending import POSTMAN
from cowopass.networks import api as networks
from cowopass.nomad import api as wallet_api
from cowopass.nomad import pages as wallet
from cowopass.passes import api as passes
from cowopass.people import account_pages as account
from cowopass.people import api as acts
from cowopass.people import pages as sign_in
from cowopass.people import pairing_pages as pairing
from cowopass.people import passkey_pages as passkeys
from cowopass.people import seen
from cowopass.running import equip
from cowopass.settlement import api as settlement
from cowopass.settlement import dispute_api as disputes
from cowopass.spaces import api as spaces
from cowopass.treasury import account_pages as treasury_accounts
from cowopass.treasury import act_pages as treasury_acts
from cowopass.treasury import bank_pages as treasury_bank
from cowopass.treasury import dispute_pages as treasury_disputes
from cowopass.treasury import document_pages as treasury_documents
from cowopass.treasury import invoice_pages as treasury_invoices
from cowopass.treasury import log_pages as treasury_log
from cowopass.treasury import pages as treasury
from cowopass.treasury import people_pages as treasury_people
from cowopass.treasury import vote_pages as treasury_votes
from cowopass.treasury import what_if_pages as treasury_what_if
from cowopass.voting import api as proposals
from cowopass.voting.clerk import CLERK

API = (
    acts,
    networks,
    spaces,
    passes,
    desk,
    imports,
    offline,
    settlement,
    disputes,
    bank,
    proposals,
    invoices,
    legal,
    documents,
    accounting,
    wallet_api,
)
PAGES = (
    wallet,
    mails,
    sign_in,
    account,
    passkeys,
    pairing,
    demo,
    directory,
    space,
    rules,
    try_rules,
    open_data,
    verify,
    landing,
    scan,
    space_pages,
    identity_pages,
    legal_pages,
    plan_pages,
    log_pages,
    price_pages,
    people_pages,
    device_pages,
    treasury,
    treasury_accounts,
    treasury_acts,
    treasury_bank,
    treasury_disputes,
    treasury_documents,
    treasury_log,
    treasury_invoices,
    treasury_people,
    treasury_what_if,
    treasury_votes,
    vote_pages,
    choice_pages,
    sale_pages,
    pass_pages,
    data_pages,
    day_pages,
    invoice_pages,
    month_pages,
    dispute_pages,
    what_if_pages,
)

CHORES = (POSTMAN, CLERK, TYPESETTER, REMINDER)


class Service(Flask):
    """A Flask that logs what nobody foresaw under the reference that the answer tells."""

    def log_exception(self, exc_info: Any) -> None:  # noqa: ANN401 (as Flask has it)
        """Write the failure to the structured log."""
        logs.log_failure(exc_info)


def create_app(config: Config | None = None) -> Flask:
    """Return a WSGI application. Without a configuration it reads the environment.

    Raises ConfigurationInvalid or BaseUrlTooLong, with what to do.
    """
    config = config or read_config()
    app = Service("cowopass")
    app.json = DefaultJSONProvider(app)
    app.json.sort_keys = False  # fields come in the order of their schemas
    app.config["SECRET_KEY"] = config.secret_key
    equip(app, config)
    if config.proxies:
        # Ours alone: what a caller wrote into the header before them does not count.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0)  # type: ignore[method-assign]
    logs.register(app, as_json=config.is_production)
    operations.register(app)
    language.register(app)
    actor.register(app)
    seen.register(app)
    api = web.register(app)
    for feature in API:
        api.register_blueprint(feature.blueprint)
    for feature in PAGES:
        app.register_blueprint(feature.blueprint)
    cli.register(app)
    return app


def start_chores(app: Flask) -> list[Worker]:
    """Let this process send mails, count votes and make documents beside what it serves."""
    return [start_worker(app, chore) for chore in CHORES]
