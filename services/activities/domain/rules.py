"""The part of a town's rule pack that decides whether an entry is accepted here, with its defaults."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Rules(BaseModel):
    """Source: national law, else what most provinces prescribe; a town's pack overrides it.

    reply_months            calendar months from assignment to reply (代表法 2025 Art. 51)
    reply_extension_months  further months for wide or difficult matters, once (the same article: six in all)
    next_working_day        a due date on a day off moves to the next working day (民法典 Art. 203)
    suspended_in_base       suspended deputies count in "all deputies" (the law is silent)
    presidium_quorum        more than half of the presidium must be present (province by province)
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    reply_months: Annotated[int, Field(ge=1, le=60)] = 3
    reply_extension_months: Annotated[int, Field(ge=0, le=60)] = 3
    next_working_day: bool = False
    suspended_in_base: bool = False
    presidium_quorum: bool = False

    @field_validator("*", mode="wrap")
    @classmethod
    def _garbled_means_default(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo
    ) -> Any:
        """The pack is another service's; a value that cannot be meant must not stop the town's year."""
        try:
            return handler(value)
        except ValueError:
            return cls.model_fields[str(info.field_name)].default
