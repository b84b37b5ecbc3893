"""The tests of the architecture look at the world that the trust tests look at."""

from tests.trust.conftest import stage

__all__ = ["stage"]
