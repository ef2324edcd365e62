"""What stands around a claim: outlet, day, speaker and status."""
