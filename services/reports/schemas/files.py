"""Requests for the duty files; the models of the files are in `domain.files`."""

from typing import Annotated

from pydantic import Field

from services.reports.schemas import In


class YearQuery(In):
    year: Annotated[int, Field(ge=1, le=9999, description="年度")]
