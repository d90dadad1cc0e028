"""The content model: guides, products and shops as writers type them, and the rules they keep."""
