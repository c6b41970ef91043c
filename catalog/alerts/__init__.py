"""What people want to hear of as soon as it is there, or cheaper."""
