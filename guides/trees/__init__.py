"""Decision trees: troubleshooters and menus read from Markdown, proved, and put into other forms. Pure: no files, no clock."""
