"""How pages look and answer: template vocabulary, fragments, numbers as text, static hashing. No business words."""
