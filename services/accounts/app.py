"""Composition of the accounts service: routes, subscription, collections, published events, background tasks."""

from pathlib import Path
from typing import Final

from services.accounts.consumers import SUBSCRIPTION
from services.accounts.driver import chores
from services.accounts.events_out import PUBLISHED
from services.accounts.handlers.tokens import Issuer
from services.accounts.integrity import CHECKS, READ_MODEL
from services.accounts.repository import ALL
from services.accounts.routes import audit
from services.accounts.routes.accounts import Accounts
from services.accounts.routes.clients import Clients
from services.accounts.routes.oauth import OAuth
from services.accounts.routes.recovery import Recovery
from services.accounts.routes.refusals import Refusals
from services.accounts.routes.set_up_page import SetUpPage
from services.accounts.routes.set_ups import SetUps
from services.accounts.routes.sign_ins import Own, SignIns
from services.accounts.routes.signing import Signing
from services.accounts.routes.sources import Sources
from services.accounts.settings import Settings
from shared.endpoints import add_common_endpoints
from shared.http import Api
from shared.process.service import Service

DESCRIPTIONS: Final = Path(__file__).parents[1] / "descriptions.toml"


def build(settings: Settings) -> Service:
    return Service(
        name="accounts",
        api=_api(settings),
        settings=settings,
        collections=ALL,
        published=PUBLISHED,
        subscription=SUBSCRIPTION,
        tasks=(chores,),
        read_model=READ_MODEL,
        issues_tokens=True,
    )


def _api(settings: Settings) -> Api:
    api = Api("accounts", title="账号", descriptions=DESCRIPTIONS)
    issuer, sources = Issuer(settings), Sources(settings)
    accounts = Accounts(issuer)
    api.add(accounts.add_account, accounts.list_accounts, accounts.get_account, accounts.change_account)
    api.add(accounts.reset_account, accounts.disable_account, accounts.enable_account, accounts.give_letter)
    set_ups = SetUps(sources)
    api.add(set_ups.open_set_up, set_ups.set_up, SignIns(issuer, sources).sign_in)
    refusals = Refusals()
    clients, oauth = Clients(issuer), OAuth(issuer, refusals)
    api.add(clients.add_client, clients.list_clients, clients.get_client)
    api.add(clients.rotate_client, clients.disable_client)
    api.add(oauth.issue_token, oauth.revoke_token, oauth.describe_issuer)
    api.add(Signing(issuer, refusals).check_signature)
    api.add(Recovery(issuer).recover, audit.read_audit, audit.read_retention)
    page = SetUpPage(sources)
    api.add(page.show_set_up, page.fill_in_set_up)
    own = Own(issuer, sources)
    api.add(own.show_own, own.change_own_password, own.list_own_sessions, own.end_own_session)
    api.add(own.offer_second_step, own.confirm_second_step, own.drop_second_step)
    add_common_endpoints(api, checks=CHECKS, model=READ_MODEL)
    return api
