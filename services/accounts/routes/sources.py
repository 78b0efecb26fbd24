"""Where a request comes from, as far as needed to slow down guessing. Kept as a fingerprint only."""

from dataclasses import dataclass
from functools import partial

from services.accounts.domain import rights
from services.accounts.handlers import sign_ins
from services.accounts.settings import Settings
from shared.http import Call
from shared.http.networks import network_from


@dataclass(frozen=True)
class Sources:
    settings: Settings

    def source(self, call: Call) -> str:
        said = (
            call.request.headers.get(self.settings.source_header, "") if self.settings.source_header else ""
        )
        return said or network_from(call.request, self.settings.proxies)

    async def count(self, call: Call, name: str) -> None:
        """Errors: TooManyAttempts."""
        run = partial(sign_ins.count_attempt, source=self.source(call), name=name)
        await call.store.execute(town=rights.INSTALLATION, actor="", run=run)

    async def forget(self, call: Call, name: str) -> None:
        run = partial(sign_ins.forget_attempts, source=self.source(call), name=name)
        await call.store.execute(town=rights.INSTALLATION, actor="", run=run)
