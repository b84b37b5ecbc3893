"""Which claims may have been seen before: a bit a claim, so that most of a load needs no look at what is known."""

import numpy as np
import polars as pl

# 64 MiB. At ten million claims two in a hundred are taken for seen that are not, and are looked up for nothing.
BITS = 1 << 29


class Seen:
    """Never says no of a claim it was asked about before; may say yes of one that it was not."""

    def __init__(self) -> None:
        self.bits = np.zeros(BITS // 8, np.uint8)

    def before(self, claims: pl.Series) -> pl.Series:
        """Whether each was perhaps asked about in an earlier call; remembers them all."""
        place = (claims.hash(seed=1).to_numpy() & np.uint64(BITS - 1)).astype(np.int64)
        byte, bit = place >> 3, (1 << (place & 7)).astype(np.uint8)
        known = (self.bits[byte] & bit) != 0
        np.bitwise_or.at(self.bits, byte, bit)
        return pl.Series(known)
