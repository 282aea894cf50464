"""Which facts the model in use does not use, though it might: what the public pages say of each fact."""

from models.artifact import ArtifactRefused
from service.database import reading
from service.web.current import runtime
from service.workflow.model_in_use import admission


def not_used(area: str) -> frozenset[str]:
    """The names of the learned facts that the model in use leaves out; none where no model can be opened."""
    with reading(runtime().engine) as session:
        active = admission.active_model(session, area)
    if active is None:
        return frozenset()
    try:
        found = runtime().shelf.suggester(active.version, active.manifest_hash).artifact
    except ArtifactRefused:
        return frozenset()
    return frozenset(question.name for question in found.codebook.left_out)
