"""What people do at the returns desk: verbs taking (session, actor, …); they never commit."""
