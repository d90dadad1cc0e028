"""Every figure that README or docs claim, each beside its peer in one run."""
