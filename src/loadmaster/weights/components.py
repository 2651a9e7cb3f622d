"""Which component a file belongs to, told by its path, its neighbours and the words that the model uses."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# The first pattern that matches a part of the path wins; folders are asked before the file's own name. Image encoders
# come before text encoders: both are called encoders, and a CLIP folder holds a tokenizer of its own.
_WORDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (component, re.compile(pattern, re.IGNORECASE))
    for component, pattern in (
        ("lora", r"\blora|_lora"),
        ("image_encoder", r"image_encoder|image_processor|feature_extractor|(?:\b|_)clip|xlm-roberta|(?:\b|_)vision"),
        ("text_encoder", r"text_encoder|tokenizer|(?:\b|_)u?m?t5\b|t5[-_]|text_model|spiece\.model"),
        ("vae", r"(?:\b|_)vae(?:\b|_|\d)|autoencoder"),
        ("scheduler", r"\Ascheduler"),
        ("unet", r"unet|transformer|\bdit\b|noise_model|diffusion_pytorch_model|diffusion_model"),
    )
)
_CONFIG_NAMES = {"config.json", "configuration.json", "model_index.json", "config.yaml", "config.yml"}

# Words for one thing: where the model's lists know one of them, that one is used.
_SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("unet", "transformer", "dit", "diffusion_model"),
    ("text_encoder", "text_encoders", "tokenizer"),
    ("image_encoder", "clip", "vision_encoder"),
    ("scheduler", "config"),
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a model already says: the component of each listed path, and the components its lists name."""

    by_path: Mapping[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def component_of(path: str, vocabulary: Vocabulary = Vocabulary()) -> str | None:
    """The likely component, or None where nothing tells it.

    Neighbours in the same folder count first when they agree, then the words of the path, then, for a configuration
    at the top, its name.
    """
    folder, _, name = path.rpartition("/")
    if folder and (shared := _of_neighbours(folder, vocabulary.by_path)):
        return shared
    for part in (*folder.split("/"), name) if folder else (name,):
        for component, pattern in _WORDS:
            if pattern.search(part):
                return _in_words_of(component, vocabulary)
    return _in_words_of("config", vocabulary) if name.lower() in _CONFIG_NAMES else None


def vocabulary_of(files: Iterable[tuple[str, str | None]], lists: Sequence[Sequence[str]] = ()) -> Vocabulary:
    """The vocabulary of a model from its files' paths and components and its lists of components."""
    by_path = {path: component for path, component in files if component}
    return Vocabulary(by_path, frozenset(name for names in lists for name in names) | frozenset(by_path.values()))


def _of_neighbours(folder: str, by_path: Mapping[str, str]) -> str | None:
    votes = Counter(component for path, component in by_path.items() if path.rpartition("/")[0] == folder)
    return next(iter(votes)) if len(votes) == 1 else None


def _in_words_of(component: str, vocabulary: Vocabulary) -> str:
    if not vocabulary.names or component in vocabulary.names:
        return component
    for synonyms in _SYNONYMS:
        if component in synonyms:
            return next((word for word in synonyms if word in vocabulary.names), component)
    return component
