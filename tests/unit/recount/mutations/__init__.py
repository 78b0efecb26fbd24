"""Every way to change a document so that it says something else: named mutations, each of one kind."""

from tests.unit.recount.mutations import looks, numbers, parts, places, proofs, shown, typed
from tests.unit.recount.mutations.word import Mutation

MUTATIONS: dict[str, Mutation] = {
    **numbers.MUTATIONS,
    **typed.MUTATIONS,
    **places.MUTATIONS,
    **shown.MUTATIONS,
    **looks.MUTATIONS,
    **parts.MUTATIONS,
    **proofs.MUTATIONS,
}

OF_THE_CHECK = ("another number under 序号", "a note of the proof reworded")
"""Those of what the check document alone has."""
