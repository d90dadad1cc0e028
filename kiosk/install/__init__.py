"""What `kiosk --install` writes for systemd: pure texts, and the one place that puts them on the disk."""
