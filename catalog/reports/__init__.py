"""What people report to the administrators about products."""
