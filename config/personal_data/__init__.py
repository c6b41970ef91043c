"""What people may ask of us about their own data: to agree, to take it back, a copy, the end."""
