"""Pages and API of the drugs that nobody knows: the list, mapping one, withdrawing a mapping."""
