"""Runs rules over a model: selection, suppression, fingerprints, verification of fixes."""
