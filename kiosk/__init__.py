"""The kiosk: a window and a loopback server that show the built site in a shop, and forget every visitor."""
