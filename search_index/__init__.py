"""Search: built pages become documents, one analysis, one ranking, in Python over Whoosh and in the browser over an export."""
