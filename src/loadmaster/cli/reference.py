"""Which model and variant a person means by `t2v-A14B`, `t2v-A14B@2.2.0` or `t2v-A14B@2.2.0#fp16`."""

from __future__ import annotations

from loadmaster.cli.common import CannotRun, meant_model
from loadmaster.document.document import Document


def meant_variant(document: Document, reference: str, variant: str | None = None) -> tuple[str, str | None]:
    """The id and the variant that a reference means; an explicit `variant` beats the one after `#`.

    Raises CannotRun with what there is.
    """
    name, _, inside = reference.partition("#")
    model_id = meant_model(document, name)
    wanted = variant or inside or None
    known = document.model_data(model_id).get("variants")
    if wanted is not None and isinstance(known, list) and wanted not in known:
        raise CannotRun(f"{model_id} has no variant {wanted}; there are {', '.join(map(str, known)) or 'none'}")
    return model_id, wanted
