"""What the kiosk says aloud: a voice makes sound of text, a player plays it, a speaker sees that one thing is said at a time."""
