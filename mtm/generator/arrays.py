"""Small steps over arrays of groups that stand one after the other."""

import numpy as np

from mtm.generator.days import Floats, Ints


def counted(sizes: Ints) -> Ints:
    """0, 1, 2 ... within each group."""
    total = int(sizes.sum())
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    counts: Ints = np.arange(total) - first
    return counts


def running(steps: Floats, sizes: Ints) -> Floats:
    """Sums within each group up to and with each step; every group has at least one."""
    sums = np.cumsum(steps)
    before = (sums - steps)[np.cumsum(sizes) - sizes]
    within: Floats = sums - np.repeat(before, sizes)
    return within


def ranked(keys: Ints) -> Ints:
    """0, 1, 2 ... among equal keys, in the order they stand."""
    order = np.argsort(keys, kind="stable")
    ranks = np.empty(len(keys), np.int64)
    ranks[order] = counted(np.bincount(keys)) if len(keys) else ranks
    return ranks


def replaced(rng: np.random.Generator, values: Ints, share: float, below: int) -> Ints:
    """A share of the values replaced by others from 0 to `below`."""
    return np.where(rng.random(len(values)) < share, rng.integers(0, below, len(values)), values)
