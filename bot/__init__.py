"""The rules of service improvement plans: no Slack, no SQL, no clock reads."""
