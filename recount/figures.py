"""All figures by id, as defined in docs/figures.md."""

from collections.abc import Callable, Mapping

from recount import affairs, congress, deputies, inquiries, office, ratings, suggestions, votes
from recount.answer import Answer
from recount.books import Books

Count = Callable[[Books], Answer]

FIGURES: Mapping[str, Count] = {
    **congress.FIGURES,
    **votes.FIGURES,
    **affairs.FIGURES,
    **inquiries.FIGURES,
    **deputies.FIGURES,
    **suggestions.FIGURES,
    **ratings.FIGURES,
    **office.FIGURES,
}
