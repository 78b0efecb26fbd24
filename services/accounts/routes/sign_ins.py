"""Routes of sign-in and of one's own account."""

from dataclasses import dataclass

from services.accounts.domain import passwords as rules
from services.accounts.domain import second_step
from services.accounts.domain.accounts import Account
from services.accounts.domain.sessions import ACCESS_SECONDS
from services.accounts.errors import CodeUnknown, SecondStep, SignInRefused, TooManyAttempts
from services.accounts.handlers import own, passwords, sign_ins
from services.accounts.handlers.sessions import Begun
from services.accounts.handlers.tokens import Issuer
from services.accounts.routes.roles import PEOPLE
from services.accounts.routes.sources import Sources
from services.accounts.schemas.accounts import AccountOut
from services.accounts.schemas.set_ups import SecondStepOffer
from services.accounts.schemas.sign_ins import (
    DigitsIn,
    PasswordIn,
    ProofIn,
    SessionOut,
    SessionsOut,
    SignedIn,
    SignInIn,
)
from services.accounts.schemas.values import Nothing
from shared.clock import timestamp
from shared.errors import FieldError, Invalid, NotFound
from shared.http import PUBLIC, Call, Reply, route
from shared.http.html import qr_svg


@dataclass(frozen=True)
class SignIns:
    issuer: Issuer
    sources: Sources

    @route(
        "POST",
        "/sign_ins",
        roles=PUBLIC,
        commits=False,
        status=201,
        versioned=False,
        problems=[SignInRefused, SecondStep, TooManyAttempts, CodeUnknown],
    )
    async def sign_in(self, call: Call[None, SignInIn]) -> SignedIn:
        """登录：登录名、口令和动态口令，或者一封登录信；得到访问令牌和一次性的续期令牌。"""
        body = call.body
        if body.letter is not None:
            await self.sources.count(call, "code")
            begun = await self._by_letter(call, body.letter)
            await self.sources.forget(call, "code")
            return self._signed_in(begun)
        assert body.name is not None
        assert body.password is not None
        await self.sources.count(call, body.name)
        claimed = await sign_ins.claim(call.store, body.name, body.password)
        outcome = await call.store.execute(
            town=claimed.town, actor="", run=lambda work: sign_ins.sign_in(work, claimed, body.digits)
        )
        if not isinstance(outcome, Begun):
            raise outcome
        await self.sources.forget(call, body.name)
        return self._signed_in(outcome)

    async def _by_letter(self, call: Call, code: str) -> Begun:
        invitation = await sign_ins.letter(call.work, code)
        return await call.store.execute(
            town=invitation.town, actor="", run=lambda work: sign_ins.sign_in_by_letter(work, code)
        )

    def _signed_in(self, begun: Begun) -> SignedIn:
        return SignedIn(
            access_token=self.issuer.for_account(begun.account, begun.session),
            expires_in=ACCESS_SECONDS,
            refresh_token=begun.refresh_token,
            account=AccountOut.from_account(begun.account),
        )


@dataclass(frozen=True)
class Own:
    """One's own account."""

    issuer: Issuer
    sources: Sources

    @route("GET", "/me", roles=PEOPLE, problems=[NotFound])
    async def show_own(self, call: Call) -> Reply[AccountOut]:
        """本人的账号。"""
        account = await own.own_account(call.store, call.actor)
        return Reply(AccountOut.from_account(account), version=account.version)

    @route("POST", "/me:password", roles=PEOPLE, commits=False, problems=[SignInRefused, NotFound])
    async def change_own_password(self, call: Call[None, PasswordIn]) -> AccountOut:
        """改口令，须先输入原来的；全部登录随即退出。"""
        account = await own.own_account(call.store, call.actor)
        await self.sources.count(call, account.name)
        claimed = await sign_ins.claim(call.store, account.name, call.body.password)
        if not claimed.fits or claimed.credential is None:
            raise SignInRefused("原来的口令不对")
        before = claimed.credential.password
        rules.check(call.body.new_password, account.name, account.display_name)
        phc = await passwords.hashed(call.body.new_password)
        changed = await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: own.change_password(work, account.id, before, phc),
        )
        await self.sources.forget(call, account.name)
        await self.issuer.publish(call.store, call.store.clock.now())
        return AccountOut.from_account(changed)

    @route(
        "POST",
        "/me/second_step",
        roles=PEOPLE,
        commits=False,
        problems=[SignInRefused, SecondStep, TooManyAttempts, NotFound],
    )
    async def offer_second_step(self, call: Call[None, ProofIn]) -> SecondStepOffer:
        """取得动态口令的密钥，须输入口令；用验证器上的数字确认后生效。已经在用的要换，还须输入现在的动态口令。"""
        account = await own.own_account(call.store, call.actor)
        proof = await self._proof(call, account)
        secret = await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: own.offer_second_step(work, account.id, proof),
        )
        await self.sources.forget(call, account.name)
        url = second_step.address(secret, account.name)
        return SecondStepOffer(secret=secret, url=url, qr=qr_svg(url))

    @route("POST", "/me/second_step:confirm", roles=PEOPLE, commits=False, problems=[NotFound])
    async def confirm_second_step(self, call: Call[None, DigitsIn]) -> AccountOut:
        """确认动态口令，此后登录都要输入。"""
        account = await own.own_account(call.store, call.actor)
        await self.sources.count(call, account.name)
        changed = await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: own.confirm_second_step(work, account.id, call.body.digits),
        )
        await self.sources.forget(call, account.name)
        return AccountOut.from_account(changed)

    @route(
        "POST",
        "/me/second_step:drop",
        roles=PEOPLE,
        commits=False,
        problems=[SignInRefused, SecondStep, TooManyAttempts, NotFound],
    )
    async def drop_second_step(self, call: Call[None, ProofIn]) -> AccountOut:
        """不再使用动态口令，须输入口令和现在的动态口令；县级账号必须使用。"""
        account = await own.own_account(call.store, call.actor)
        own.check_may_drop(account)
        proof = await self._proof(call, account)
        changed = await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: own.drop_second_step(work, account.id, proof),
        )
        await self.sources.forget(call, account.name)
        return AccountOut.from_account(changed)

    async def _proof(self, call: Call[None, ProofIn], account: Account) -> own.Proof:
        """Errors: Invalid, SignInRefused, TooManyAttempts."""
        if call.body.password is None:
            message = "请输入口令，以确认是本人"
            raise Invalid(message, errors=[FieldError("body.password", message)])
        await self.sources.count(call, account.name)
        claimed = await sign_ins.claim(call.store, account.name, call.body.password)
        if not claimed.fits or claimed.credential is None:
            raise SignInRefused("口令不对")
        return own.Proof(claimed.credential.password, call.body.digits)

    @route("GET", "/me/sessions", roles=PEOPLE, problems=[NotFound])
    async def list_own_sessions(self, call: Call) -> SessionsOut:
        """本人尚未退出的登录。"""
        return await self._sessions(call)

    @route("POST", "/me/sessions/{id}:end", roles=PEOPLE, commits=False)
    async def end_own_session(self, call: Call[None, Nothing]) -> SessionsOut:
        """退出本人的一次登录，例如丢失的手机。"""
        account = await own.own_account(call.store, call.actor)
        await call.store.execute(
            town=account.town,
            actor=call.actor.sub,
            run=lambda work: own.end_session(work, account.id, call.path["id"]),
        )
        await self.issuer.publish(call.store, call.store.clock.now())
        return await self._sessions(call)

    async def _sessions(self, call: Call) -> SessionsOut:
        account = await own.own_account(call.store, call.actor)
        work = call.store.reading(account.town, call.actor.sub)
        return SessionsOut(
            items=[
                SessionOut(
                    id=session.id,
                    how=session.how,
                    began_at=timestamp(session.began_at),
                    expires_at=timestamp(session.expires_at),
                )
                for session in await own.open_sessions(work, account.id)
            ]
        )
