"""The rules of content, grouped by subject. Each is pure: it looks at what was read and yields problems."""
