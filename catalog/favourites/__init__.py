"""What people put aside to find it again."""
