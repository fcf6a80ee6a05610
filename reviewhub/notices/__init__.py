"""What is told to whom: the outbox of reminders, exactly once inside our database, honest about the rest."""
