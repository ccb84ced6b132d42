"""How people hear: wording, letters, delivery and official papers."""
