"""RxNorm's release files: RXNCONSO (concepts), RXNREL (relations) and RXNSAT (attributes, among them NDCs).

An NDC is an attribute of a drug (SCD, SBD) or pack (GPCK, BPCK); relations lead from there to its ingredients. The files
are read once each and only what is needed is staged, so that memory does not grow with them.
Columns: https://www.nlm.nih.gov/research/umls/rxnorm/docs/techdoc.html
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.db import transaction

from claims.directory import keeping
from claims.directory.codes import eleven_digits
from claims.directory.keeping import RXNORM, Kept
from claims.directory.reading import rows_of
from claims.ingest.staging import copy_rows
from mtm.lib import sql

FILES = ("RXNCONSO.RRF", "RXNREL.RRF", "RXNSAT.RRF")
NAME = "rxnorm"
KINDS = {"IN", "PIN", "SCDC", "SCD", "SBD", "GPCK", "BPCK", "DF"}
RELATIONS = {"has_ingredient", "consists_of", "contains", "tradename_of", "form_of", "has_dose_form"}
ATTRIBUTES = {"NDC", "RXN_AVAILABLE_STRENGTH"}


@transaction.atomic
def load_rxnorm(folder: Path, as_of: date) -> Kept:
    """Add or refresh the products of a release: its folder, or the folder that holds its `rrf` folder."""
    where = folder / "rrf" if (folder / "rrf").is_dir() else folder
    paths = [where / name for name in FILES]
    keeping.prepare()
    sql.run("claims", "stage_rxnorm")
    copy_rows("stage_rx_concept", ("rxcui", "kind", "name", "suppressed"), concepts(paths[0]))
    copy_rows("stage_rx_relation", ("subject", "relation", "object"), relations(paths[1]))
    copy_rows("stage_rx_attribute", ("rxcui", "name", "value"), attributes(paths[2]))
    sql.run("claims", "resolve_rxnorm")
    kept = keeping.keep(RXNORM, as_of)
    sql.run("claims", "keep_ingredient_names", source=RXNORM)
    keeping.remember(NAME, paths, kept.products)
    return kept


def concepts(path: Path) -> Iterator[tuple[str, str, str, str]]:
    """Concepts of RxNorm itself. Obsolete ones are kept: their NDCs stand in old claims."""
    for _, row in rows_of(path, width=18):
        rxcui, source, kind, name, suppressed = row[0], row[11], row[12], row[14], row[16]
        if source == "RXNORM" and kind in KINDS:
            yield rxcui, kind, name, suppressed


def relations(path: Path) -> Iterator[tuple[str, str, str]]:
    """Each row says what its second concept is to its first: RXCUI2 has_ingredient RXCUI1."""
    for _, row in rows_of(path, width=16):
        first, second, relation, source = row[0], row[4], row[7], row[10]
        if relation in RELATIONS and source == "RXNORM" and first and second:
            yield second, relation, first


def attributes(path: Path) -> Iterator[tuple[str, str, str]]:
    for _, row in rows_of(path, width=13):
        rxcui, name, source, value = row[0], row[8], row[9], row[10]
        if name in ATTRIBUTES and source == "RXNORM":
            yield rxcui, name, (eleven_digits(value) or value) if name == "NDC" else value
