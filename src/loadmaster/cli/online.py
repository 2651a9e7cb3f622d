"""What the sources of a manifest say of it: the part of `check --online` that goes out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from loadmaster.checks.at_source import source_findings, source_troubles
from loadmaster.checks.config import CheckConfig
from loadmaster.checks.diagnostic import Diagnostic
from loadmaster.checks.engine import locate
from loadmaster.checks.observed import counted
from loadmaster.cli.progress import Progress
from loadmaster.document.document import Document
from loadmaster.weights.ask_sources import Asking, ask_sources
from loadmaster.weights.partial_spec import comparable_spec


@dataclass(slots=True)
class Online:
    """Asks the sources of one manifest after another; `troubles` tells in sentences which could not be asked."""

    progress: Progress
    offline: bool = False
    troubles: list[str] = field(default_factory=list)
    fixes: int = 0
    """How many of the faults could be mended by taking what the source says."""

    def diagnostics(self, document: Document, config: CheckConfig) -> list[Diagnostic]:
        """LM901–LM904 of the models that `config` takes."""
        specs = [
            comparable_spec(model_id, document.model_data(model_id))[0]
            for model_id in document.model_ids
            if config.takes_model(model_id)
        ]
        asked = list(ask_sources(specs, Asking(offline=self.offline), on_asked=self._tell))
        self.troubles += [one for one in source_troubles(asked) if one not in self.troubles]
        found = [locate(document, one) for one in counted(document, source_findings(document, asked), config)]
        self.fixes += sum(one.fix is not None for one in found)
        # `loadmaster fix` asks no source, so what could be done is not offered as its own.
        return [replace(one, fix=None) for one in found]

    def _tell(self, done: int, total: int) -> None:
        self.progress.tell(f"asked {done} of {total} sources", at_once=True)
