"""Wrong answers that students really give, one module an assignment, each with the sentence it deserves."""

from autograder.misconceptions.catalogue import CATALOGUES, Catalogue, named
from autograder.misconceptions.misconception import Misconception, Solution, define

__all__ = ["CATALOGUES", "Catalogue", "Misconception", "Solution", "define", "named"]
