"""Accounts of the portal: who may log in, which roles they hold where and when, and their sessions."""
