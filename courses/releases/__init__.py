"""Releasing a course as a whole: which drafts, when, and the work in the background."""
