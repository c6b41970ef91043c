"""The second factor: allauth keeps and checks it, our rules say who shows it and when."""
