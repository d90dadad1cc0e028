"""Search by meaning, on kiosks that ask for it: passages and questions as points in space, from a table of words.

The table (`english.table`) is distilled once by `distil.py` and comes with the code; nothing else is needed to use it.
"""
