"""The build engine: the only part of Helpstand that imports MkDocs."""
