"""notify 通知回访: messages, follow-ups and public notices."""
