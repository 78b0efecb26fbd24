"""What the service takes and gives over HTTP. Required is only what identifies a record and dates it."""

from services.activities.schemas.activities import ActivityIn
from services.activities.schemas.codes import CodeOut, CodePage, CodesQuery, Left, PosterQuery
from services.activities.schemas.meetings import (
    Absences,
    AbsencesQuery,
    DeputyAbsences,
    PresidiumMeetingIn,
    SessionIn,
)
from services.activities.schemas.opinions import (
    ContactIn,
    ContactOut,
    OpinionAnswerIn,
    OpinionCloseIn,
    OpinionConvertIn,
    OpinionForwardIn,
    OpinionIn,
    OpinionOut,
)
from services.activities.schemas.plans import AsOf, ItemDoneIn, ItemPostponedIn, PlanIn, PlanItemIn
from services.activities.schemas.suggestions import (
    AnswerIn,
    AssignIn,
    ExtendIn,
    ForwardIn,
    RateIn,
    RejectIn,
    ReplyIn,
    ReturnIn,
    SuggestionIn,
)
from services.activities.schemas.values import Nothing, OnIn, ReasonIn

__all__ = [
    "Absences",
    "AbsencesQuery",
    "ActivityIn",
    "AnswerIn",
    "AsOf",
    "AssignIn",
    "CodeOut",
    "CodePage",
    "CodesQuery",
    "ContactIn",
    "ContactOut",
    "DeputyAbsences",
    "ExtendIn",
    "ForwardIn",
    "ItemDoneIn",
    "ItemPostponedIn",
    "Left",
    "Nothing",
    "OnIn",
    "OpinionAnswerIn",
    "OpinionCloseIn",
    "OpinionConvertIn",
    "OpinionForwardIn",
    "OpinionIn",
    "OpinionOut",
    "PlanIn",
    "PlanItemIn",
    "PosterQuery",
    "PresidiumMeetingIn",
    "RateIn",
    "ReasonIn",
    "RejectIn",
    "ReplyIn",
    "ReturnIn",
    "SessionIn",
    "SuggestionIn",
]
