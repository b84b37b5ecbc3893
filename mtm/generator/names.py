"""Made-up names and addresses, obviously so; some long, some with letters that old systems lose."""

from mtm.generator.text import words

FIRST = {
    "F": words(
        "Adele Beatriz Carmen Dolores Edith Fern Gloria Hazel Inez June Kiko Leona Maude Nell Opal Pearl Ruth Sylvia Tomasa Vera"
        " Zoë Renée Ángela Siân Brünhilde Mary-Margaret"
    ),
    "M": words(
        "Abel Bruno Cyrus Dewey Ellis Floyd Gus Homer Ivan Jules Kermit Lloyd Milton Norris Otis Percy Rufus Silas Tito Virgil"
        " Óscar Søren Émile Jürgen Bartholomew-James"
    ),
}
ROOTS = words(
    "Alder Birch Cedar Dogwood Elm Fern Gorse Hawthorn Ivy Juniper Kestrel Linden Maple Nettle Oak Poplar Quince Rowan Sorrel"
    " Thistle Umber Vetch Willow Yarrow Zinnia Ash Bramble Clover Heather Lark Moss Plover Robin Starling Teasel Wren"
)
ENDS = ("-Sample", "-Pattern", "-Specimen", "wick-Sample", "ford-Model", "by-Pattern", "ley-Specimen", "worth-Example")
# Every so many members one of these, in turn.
UNUSUAL = (
    "Ñandú-Muestra",
    "Łąkowska-Öberg-Przykład",
    "O'Thistle-Sample",
    "d'Églantine-Spécimen",
    "Featherstonehaugh-Willowbrook-Cholmondeley-Sample",
    "Şahinğöz-Örnek",
    "Nguyễn-Mẫu",
    "Ash",
)
UNUSUAL_EVERY = 37

STREETS = ("Sample Street", "Example Avenue", "Specimen Road", "Pattern Lane", "Model Court")
TOWNS = (
    ("Springfield", "MA", "01101"),
    ("Riverton", "MA", "02101"),
    ("Lakeside", "MI", "48201"),
    ("Milltown", "MI", "48911"),
    ("Greenfield", "OH", "43004"),
    ("Fairview", "CO", "80019"),
)


def surname(number: int) -> str:
    if number % UNUSUAL_EVERY == 0:
        return UNUSUAL[number // UNUSUAL_EVERY % len(UNUSUAL)]
    return ROOTS[number % len(ROOTS)] + ENDS[number // len(ROOTS) % len(ENDS)]


def given_name(number: int, man: bool) -> str:
    names = FIRST["M" if man else "F"]
    return names[number // 3 % len(names)]


def medicare_number(number: int, version: int) -> str:
    """Eleven characters in the pattern of an MBI, with letters (S, L, Z) that no MBI has."""
    digits = f"{number:07}"
    second = "SL"[version]
    return f"{1 + int(digits[0]) % 9}{second}{digits[1]}{digits[2]}{second}{digits[3]}{digits[4]}ZZ{digits[5:7]}"
