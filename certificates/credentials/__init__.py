"""Certificates as Open Badges 3.0 credentials: built from frozen facts, signed, and checked without us."""
