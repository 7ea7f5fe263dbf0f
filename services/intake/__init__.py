"""intake 诉求受理: appeals, hazards, the people who raise them, and who answers for which place."""
