"""How much graphics memory a model needs, what that rests on, and what fits on a card. Pure, but for `local_cards`."""
