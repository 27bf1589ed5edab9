"""The pages that say what came of grading."""
