"""The HTTP API's ground floor: tokens, answers that repeat, problems, pages of lists. The doors stand in each app."""
