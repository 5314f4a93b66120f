"""What people do at bag check: verbs taking (session, actor, …); they never commit."""
