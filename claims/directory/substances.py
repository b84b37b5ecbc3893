"""Names of ingredients as labels write them, with their salts, to the names under which we know them."""

import re
from collections.abc import Iterable

from claims.models import Ingredient, IngredientName

# What may follow the name of a substance without making it another one.
SALT_WORDS = (
    "acetate acetonide alafenamide anhydrous aspartate axetil benzoate besilate besylate bisulfate bitartrate "
    "bromide calcium camsylate carbonate chloride cilexetil citrate decanoate dihydrate dihydrochloride "
    "dimesylate dipotassium dipropionate disodium disoproxil edisylate erbumine esylate etabonate etexilate "
    "fumarate furoate gluconate hbr hcl hemifumarate hemihydrate hyclate hydrate hydrobromide hydrochloride "
    "hydroxide lactate macrocrystals magnesium malate maleate mandelate medoxomil meglumine mesilate mesylate "
    "monohydrate mucate napsylate nitrate oxalate palmitate pamoate pentahydrate phosphate pivoxil polacrilex "
    "polistirex potassium propionate proxetil saccharate sesquihydrate sodium stearate succinate sulfate tartrate "
    "tosylate trihydrate trometamol tromethamine valerate xinafoate zinc"
)
SALTS = frozenset(SALT_WORDS.split())
# Of these the salt is the substance: potassium chloride is not potassium citrate.
CATION_WORDS = "aluminum ammonium calcium ferric ferrous lithium magnesium potassium sodium zinc"
CATIONS = frozenset(CATION_WORDS.split())
# How our table tells apart what one substance does in different places.
PLACE = re.compile(r" (ophthalmic|nasal|inhaled|topical|oral|systemic)$")
BETWEEN = re.compile(r"\s*(?:[,;/&]|\band\b|\bwith\b)\s*", re.IGNORECASE)


class Substances:
    """The names that are known when it is made."""

    def __init__(self) -> None:
        names = list(Ingredient.objects.values_list("name", flat=True))
        self.known = {in_words(name): name for name in names} | {name: name for name in map(without_place, names)}
        self.known |= {name: name for name in names}
        self.known |= dict(IngredientName.objects.values_list("name", "ingredient__name"))

    def named(self, text: str) -> str | None:
        """The ingredient that a label's name of one substance means, if it is known."""
        return next((self.known[name] for name in shorter_and_shorter(text) if name in self.known), None)

    def named_or_new(self, text: str) -> str:
        """The same, or the name without its salt where nothing of the kind is known."""
        return self.named(text) or shorter_and_shorter(text)[-1][:120]

    def listed(self, text: str) -> list[str]:
        """The ingredients of a list in words, such as 'a, b and c'; nothing if any of them is not known."""
        whole = self.named(text)
        found = [whole] if whole else [self.named(part) for part in BETWEEN.split(text) if part]
        return distinct(name for name in found if name) if all(found) else []


def without_place(name: str) -> str:
    """Timolol ophthalmic is timolol, as labels have it."""
    return PLACE.sub("", name)


def in_words(text: str) -> str:
    """Without brackets, commas and the mark of the pharmacopeia: sennosides, USP are sennosides."""
    words = re.sub(r"\s*\([^)]*\)", "", text).lower().replace(",", " ").split()
    return " ".join(word for word in words if word != "usp")


def shorter_and_shorter(text: str) -> list[str]:
    """The name as it is, then without its last word as long as that is a salt."""
    names = [text.lower().strip(), in_words(text)]
    words = names[-1].split()
    while len(words) > 1 and words[-1] in SALTS and words[0] not in CATIONS:
        words.pop()
        names.append(" ".join(words))
    return [name for name in names if name] or [""]


def distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
